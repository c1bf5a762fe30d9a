import { CpybuildError, type Diagnostic } from '../diagnostics/diagnostic.js';
import { openEngine } from '../engine/engine.js';
import { machineFiles } from '../engine/environment.js';
import { findImage } from '../engine/images.js';
import { resolveEndpoint } from '../engine/resolve-endpoint.js';
import { chosenImage } from '../machine-settings.js';
import { DEFAULT_BASE, type ImageChoice } from '../manifest/image-name.js';
import type { Manifest } from '../manifest/manifest.js';
import type { SettledOptions } from '../settle.js';
import type { Finding } from './finding.js';
import { findProgram, type Installer, installCommand } from './packages.js';
import type { Work } from './work.js';

/** The container engine that a build would use, and whether it would. */
export interface ContainerFacts {
	/** Whether the build compiles in a container. */
	readonly isWanted: boolean;
	/** Whether the network may not be used. */
	readonly isOffline: boolean;
	/** Undefined when it cannot be asked. */
	readonly engine?: EngineFacts;
	/** The image, where a container is wanted and the engine answers. */
	readonly image?: { readonly name: string; readonly isHere: boolean };
	/** Why the engine cannot be asked. */
	readonly problems: readonly Diagnostic[];
	/** What starts services here. */
	readonly starter: 'systemctl' | 'open' | undefined;
}

/** A container engine that answers. */
export interface EngineFacts {
	/** `Docker 28.1.1`. */
	readonly name: string;
	readonly url: string;
	readonly apiVersion: string;
	readonly isRootless: boolean;
}

/** The image in whose container a build compiles; none for a build on this machine. */
export function imageOf(options: SettledOptions, manifest: Manifest | undefined): ImageChoice | undefined {
	if (manifest) return chosenImage(options, manifest);
	return options.machine === 'container' ? (options.container ?? { kind: 'base', name: DEFAULT_BASE }) : undefined;
}

/** How long an engine may take to say what it is. */
const PATIENCE_MS = 5000;

/** Asks the container engine what it is, and whether it has the image. */
export async function examineEngine(
	options: SettledOptions,
	manifest: Manifest | undefined,
	signal: AbortSignal,
): Promise<ContainerFacts> {
	const choice = imageOf(options, manifest);
	const about = { isWanted: choice !== undefined, isOffline: options.offline, starter: findStarter(options.path) };
	try {
		const endpoint = resolveEndpoint(options.environment, machineFiles());
		const engine = await openEngine(endpoint, signal, PATIENCE_MS);
		try {
			const { kind, version, apiVersion, isRootless } = engine;
			const name = `${kind === 'podman' ? 'Podman' : 'Docker'} ${version}`;
			const seen = { ...about, problems: [], engine: { name, url: endpoint.url, apiVersion, isRootless } };
			if (!choice) return seen;
			const isHere = (await findImage(engine, choice.name, signal)) !== undefined;
			return { ...seen, image: { name: choice.name, isHere } };
		} finally {
			engine.close();
		}
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return { ...about, problems: error.diagnostics };
	}
}

function findStarter(path: string): ContainerFacts['starter'] {
	if (process.platform === 'darwin') return 'open';
	return findProgram('systemctl', path) === undefined ? undefined : 'systemctl';
}

/** Whether a build that wants a container gets one. */
export function judgeContainer(facts: ContainerFacts, installer: Installer, work: Work): readonly Finding[] {
	const isNeeded = work.makes || work.needsToolchain;
	const { isWanted, engine, problems } = facts;
	if (engine) return [judgeEngine(engine), ...judgeImage(facts)];
	if (!isWanted && problems.some(({ code }) => code === 'toolchain/engine-missing')) {
		return [{ id: 'container.engine', state: 'ok', found: 'no engine, and none is asked for' }];
	}
	return problems.map(({ code, message, hint, details }): Finding => {
		const repair = repairOf(code, facts, installer);
		return {
			id: 'container.engine',
			state: !isWanted ? 'note' : isNeeded ? 'error' : 'warning',
			found: message,
			means: !isWanted
				? 'this build does not need it: it compiles on the machine itself'
				: isNeeded
					? `the build is to compile in a container${hint === undefined ? '' : `: ${hint}`}`
					: 'this build works, since all that it needs is in the cache; one that compiles does not',
			...(repair !== undefined && { repair }),
			...(details && { details }),
		};
	});
}

function judgeEngine({ name, url, apiVersion, isRootless }: EngineFacts): Finding {
	const rights = isRootless ? ', without rights of root' : '';
	return { id: 'container.engine', state: 'ok', found: `${name}${rights}, API ${apiVersion}, at ${url}` };
}

function judgeImage({ image, isOffline }: ContainerFacts): readonly Finding[] {
	const id = 'container.image';
	if (!image) return [];
	const { name, isHere } = image;
	if (isHere) return [{ id, state: 'ok', found: name }];
	const found = `the image "${name}" is not here`;
	// What is not in the cache might not need it; a record in the lock may mean another image of the name.
	if (isOffline) {
		return [
			{ id, state: 'warning', found, means: '--offline forbids pulling it, so a build that compiles would fail' },
		];
	}
	return [{ id, state: 'note', found, means: 'the next build that compiles pulls it, which can take minutes' }];
}

/** The command that brings an engine to life. */
function repairOf(
	code: Diagnostic['code'],
	{ problems, starter }: ContainerFacts,
	installer: Installer,
): string | undefined {
	if (code === 'toolchain/engine-missing') return installCommand('engine', installer);
	if (code === 'toolchain/engine-permission' && starter === 'systemctl') {
		return 'sudo usermod -aG docker "$USER" && newgrp docker';
	}
	if (code !== 'toolchain/engine-unreachable') return undefined;
	// Whatever else is named, nobody knows what should listen there.
	const socket = problems.map(({ message }) => /"unix:\/\/.*\/(docker|podman)\.sock"/.exec(message)?.[1]).find(Boolean);
	if (starter === undefined || socket === undefined) return undefined;
	if (socket === 'podman') return starter === 'open' ? 'podman machine start' : 'systemctl --user start podman.socket';
	return starter === 'open' ? 'open -a Docker' : 'sudo systemctl start docker';
}
