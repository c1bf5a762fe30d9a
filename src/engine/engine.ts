import type Dockerode from 'dockerode';
import { fail } from '../diagnostics/diagnostic.js';
import { connect } from './connect.js';
import type { Endpoint } from './endpoint.js';
import { ask, strangeProblem, TimedOut } from './failure.js';

/** A container engine that answers; to be closed. */
export interface Engine {
	readonly endpoint: Endpoint;
	/** The client library, for this folder only. */
	readonly api: Dockerode;
	readonly kind: 'docker' | 'podman';
	/** The engine's own version: `20.10.24`. */
	readonly version: string;
	/** The version of the API that is spoken with it. */
	readonly apiVersion: string;
	/** Whether the engine runs without root's rights. */
	readonly isRootless: boolean;
	/** Whether it is on this machine, as far as its address tells. */
	readonly isLocal: boolean;
	/** What its containers run on, in Go's words: `linux`, `amd64`. */
	readonly os: string;
	readonly architecture: string;
	readonly processors: number;
	/** Ends all connections. */
	close(): void;
}

/**
 * The oldest version of the API that will do: that of Docker 20.10 and Podman 4, the oldest engines that the tests have.
 * What cpybuild asks for is older (working folders of `exec` came with 1.35).
 */
const OLDEST_API = '1.41';

/** How long an engine may take to say what it is; docker's own client gives connections as much (docker/cli, cli/context/docker). */
const PATIENCE_MS = 30_000;

/**
 * Connects to an engine and asks what it is.
 * @throws CpybuildError `toolchain/engine-…`
 */
export async function openEngine(endpoint: Endpoint, signal?: AbortSignal, patienceMs = PATIENCE_MS): Promise<Engine> {
	const { api, close } = await ask(endpoint, signal, () => connect(endpoint));
	try {
		const [version, info] = await ask(endpoint, signal, () =>
			inTime(patienceMs, () => Promise.all([api.version(), api.info()])),
		);
		const { ApiVersion, MinAPIVersion, Os, Arch, Version, Components = [] } = version;
		if (typeof ApiVersion !== 'string') fail(strangeProblem(endpoint, 'it tells no version of its API'));
		const kind = Components.some(({ Name }) => Name === 'Podman Engine') ? 'podman' : 'docker';
		if (isOlder(ApiVersion, OLDEST_API)) tooOld(endpoint, `${NAMES[kind]} ${Version}`, ApiVersion);
		if (Os !== 'linux') fail(strangeProblem(endpoint, `its containers are for ${Os}`));
		// The oldest one that both speak is the one that is tested most.
		const apiVersion = MinAPIVersion && isOlder(OLDEST_API, MinAPIVersion) ? MinAPIVersion : OLDEST_API;
		Object.assign(api.modem, { version: `v${apiVersion}` });
		return {
			endpoint,
			api,
			kind,
			version: Version,
			apiVersion,
			isRootless: isRootless(info),
			isLocal: endpoint.way.kind === 'unix',
			os: Os,
			architecture: Arch,
			processors: info.NCPU,
			close,
		};
	} catch (error) {
		close();
		throw error;
	}
}

const NAMES = { docker: 'Docker', podman: 'Podman' };

/** Docker says so among its security options, Podman in a field of its own. */
function isRootless(info: { readonly SecurityOptions?: readonly string[]; readonly Rootless?: boolean }): boolean {
	return info.Rootless === true || (info.SecurityOptions ?? []).includes('name=rootless');
}

function tooOld({ url }: Endpoint, engine: string, apiVersion: string): never {
	fail({
		code: 'toolchain/engine-version',
		message: `the container engine at "${url}", ${engine}, is too old: it speaks version ${apiVersion} of the API, not ${OLDEST_API}`,
		hint: 'use Docker 20.10 or Podman 4, or newer',
	});
}

/** Compares versions of the API, `1.9` with `1.41`. */
function isOlder(one: string, other: string): boolean {
	const [major = 0, minor = 0] = one.split('.').map(Number);
	const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
	return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

async function inTime<T>(ms: number, work: () => Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new TimedOut(`nothing came within ${ms / 1000} s`)), ms);
	});
	try {
		return await Promise.race([work(), late]);
	} finally {
		clearTimeout(timer);
	}
}
