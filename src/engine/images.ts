import type { Readable } from 'node:stream';
import type { Engine } from './engine.js';
import { ask, refusalOf } from './failure.js';

/** An image that an engine has. */
export interface Image {
	/** The hash of its configuration: what is in it, under whatever name. */
	readonly id: string;
	/** `name@sha256:…` for each registry that it came from or went to; empty for one that was only made here. */
	readonly digests: readonly string[];
	readonly os: string;
	readonly architecture: string;
}

/** How far an image has been pulled. */
export interface PullProgress {
	/** Layers that are complete, of those that are known by now. */
	readonly done: number;
	readonly layers: number;
	/** Bytes that have arrived, of those that are known by now. */
	readonly bytes: number;
	readonly totalBytes: number;
}

/** The image of a name or id; `undefined` when the engine does not have it. */
export async function findImage(engine: Engine, name: string, signal?: AbortSignal): Promise<Image | undefined> {
	return ask(engine.endpoint, signal, async () => {
		try {
			const found = await engine.api.getImage(name).inspect();
			return {
				id: found.Id,
				digests: found.RepoDigests ?? [],
				os: found.Os,
				architecture: found.Architecture,
			};
		} catch (error) {
			if (refusalOf(error)?.status === 404) return undefined;
			throw error;
		}
	});
}

/** Gets an image from its registry. */
export async function pullImage(
	engine: Engine,
	name: string,
	options: { readonly onProgress?: (progress: PullProgress) => void; readonly signal?: AbortSignal | undefined } = {},
): Promise<Image> {
	void [engine, name, options];
	throw new Error('not yet');
}

/** What an image is built with. */
export interface ImageBuild {
	/** A tar stream of the files that the Dockerfile can use, and the Dockerfile. */
	readonly context: Readable;
	/** The Dockerfile's place in the context. */
	readonly dockerfile: string;
	/** The name that the image gets. */
	readonly tag: string;
	readonly args: Readonly<Record<string, string>>;
	readonly labels?: Readonly<Record<string, string>>;
	/** Whether its commands get no network (`networkmode: none`). */
	readonly offline?: boolean;
}

/** Builds an image; tells what the engine tells. */
export async function buildImage(
	engine: Engine,
	build: ImageBuild,
	options: { readonly onLine?: (line: string) => void; readonly signal?: AbortSignal | undefined } = {},
): Promise<Image> {
	void [engine, build, options];
	throw new Error('not yet');
}
