import type { Engine } from './engine.js';
import { ask, refusalOf } from './failure.js';

/** An image that an engine has. */
export interface Image {
	/** The hash of its configuration: what is in it, under whatever name. */
	readonly id: string;
	/** `name@sha256:…` for each registry that it came from or went to; empty for one that was only made here. */
	readonly digests: readonly string[];
	/** In Go's words: `linux`, `amd64`. */
	readonly os: string;
	readonly architecture: string;
}

/** The image of a name or id; `undefined` when the engine does not have it. */
export async function findImage(engine: Engine, name: string, signal?: AbortSignal): Promise<Image | undefined> {
	return ask(engine.endpoint, signal, async () => {
		try {
			const { Id, RepoDigests, Os, Architecture } = await engine.api.getImage(name).inspect();
			return { id: Id, digests: RepoDigests ?? [], os: Os, architecture: Architecture };
		} catch (error) {
			if (refusalOf(error)?.status === 404) return undefined;
			throw error;
		}
	});
}
