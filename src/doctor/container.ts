import { CpybuildError, type Diagnostic } from '../diagnostics/diagnostic.js';
import { openEngine } from '../engine/engine.js';
import { machineFiles } from '../engine/environment.js';
import { findImage } from '../engine/images.js';
import { resolveEndpoint } from '../engine/resolve-endpoint.js';
import { DEFAULT_BASE, type ImageChoice } from '../manifest/image-name.js';
import type { Manifest } from '../manifest/manifest.js';
import type { SettledOptions } from '../settle.js';
import type { Finding } from './finding.js';
import { findProgram, type Installer, installCommand } from './packages.js';

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

/** Whether a build compiles in a container. */
export function wantsContainer({ machine }: SettledOptions, manifest: Manifest | undefined): boolean {
	return (machine ?? manifest?.build.machine) === 'container';
}

/** How long an engine may take to say what it is. */
const PATIENCE_MS = 5000;

/** Asks the container engine what it is, and whether it has the image. */
export async function examineEngine(
	options: SettledOptions,
	manifest: Manifest | undefined,
	signal: AbortSignal,
): Promise<ContainerFacts> {
	const isWanted = wantsContainer(options, manifest);
	const about = { isWanted, isOffline: options.offline, starter: findStarter(options.path) };
	try {
		const endpoint = resolveEndpoint(options.environment, machineFiles());
		const engine = await openEngine(endpoint, signal, PATIENCE_MS);
		try {
			const { kind, version, apiVersion, isRootless } = engine;
			const name = `${kind === 'podman' ? 'Podman' : 'Docker'} ${version}`;
			const seen = { ...about, problems: [], engine: { name, url: endpoint.url, apiVersion, isRootless } };
			if (!isWanted) return seen;
			const image = imageOf(options, manifest).name;
			const isHere = (await findImage(engine, image, signal)) !== undefined;
			return { ...seen, image: { name: image, isHere } };
		} finally {
			engine.close();
		}
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return { ...about, problems: error.diagnostics };
	}
}

function imageOf({ container }: SettledOptions, manifest: Manifest | undefined): ImageChoice {
	return container ?? manifest?.build.container ?? { kind: 'base', name: DEFAULT_BASE };
}

function findStarter(path: string): ContainerFacts['starter'] {
	if (process.platform === 'darwin') return 'open';
	return findProgram('systemctl', path) === undefined ? undefined : 'systemctl';
}

/** Whether a build that wants a container gets one. */
export function judgeContainer(facts: ContainerFacts, installer: Installer): readonly Finding[] {
	const { isWanted, engine, problems } = facts;
	if (engine) return [judgeEngine(engine), ...judgeImage(facts)];
	if (!isWanted && problems.some(({ code }) => code === 'toolchain/engine-missing')) {
		return [{ id: 'container.engine', state: 'ok', found: 'no engine, and none is asked for' }];
	}
	return problems.map(({ code, message, hint, details }): Finding => {
		const repair = repairOf(code, facts, installer);
		return {
			id: 'container.engine',
			state: isWanted ? 'error' : 'note',
			found: message,
			means: isWanted
				? `the build is to compile in a container${hint === undefined ? '' : `: ${hint}`}`
				: 'this build does not need it: it compiles on the machine itself',
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
	if (starter === 'open') return 'open -a Docker';
	if (starter === undefined) return undefined;
	const isPodman = problems.some(({ message }) => message.includes('podman'));
	return isPodman ? 'systemctl --user start podman.socket' : 'sudo systemctl start docker';
}
