import type Dockerode from 'dockerode';
import { connect } from './connect.js';
import type { Endpoint } from './endpoint.js';
import { ask } from './failure.js';

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
 * Connects to an engine and asks what it is.
 * @throws CpybuildError `toolchain/engine-…`
 */
export async function openEngine(endpoint: Endpoint, signal?: AbortSignal): Promise<Engine> {
	const first = await connect(endpoint);
	try {
		const version = await ask(endpoint, signal, () => first.api.version());
		const info = await ask(endpoint, signal, () => first.api.info());
		const components: readonly { readonly Name: string }[] = version.Components ?? [];
		return {
			endpoint,
			api: first.api,
			kind: components.some(({ Name }) => Name === 'Podman Engine') ? 'podman' : 'docker',
			version: version.Version,
			apiVersion: version.ApiVersion,
			isRootless: (info.SecurityOptions ?? []).some((option: string) => option.includes('rootless')),
			isLocal: endpoint.way.kind === 'unix',
			os: version.Os,
			architecture: version.Arch,
			processors: info.NCPU,
			close: first.close,
		};
	} catch (error) {
		first.close();
		throw error;
	}
}
