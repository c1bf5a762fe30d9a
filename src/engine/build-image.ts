import type { Readable } from 'node:stream';
import { type DiagnosticInit, fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Engine } from './engine.js';
import { ask, fullProblem, received, refusalOf, saysFull } from './failure.js';
import { findImage, type Image } from './image.js';
import { errorOf, readEvents } from './json-lines.js';

/** What an image is built with. */
export interface ImageBuild {
	/** A tar stream of the files that the Dockerfile can use, and the Dockerfile. */
	readonly context: Readable;
	/** The Dockerfile's place in the context. */
	readonly dockerfile: string;
	/** The name that the image gets. */
	readonly tag: string;
	readonly args: Readonly<Record<string, string>>;
	/** Whether its commands have no network. */
	readonly offline?: boolean;
}

/** What a caller wants to follow or to stop. */
export interface BuildImageOptions {
	/** Receives what the engine tells, line by line. */
	readonly onLine?: ((line: string) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** How much of the output a failure shows. */
const TAIL_LINES = 20;

/**
 * Builds an image with the engine's own builder, which takes its base from the engine, or fetches it without a login.
 * @throws CpybuildError `toolchain/image-build-failed`
 */
export async function buildImage(
	engine: Engine,
	build: ImageBuild,
	{ onLine, signal }: BuildImageOptions = {},
): Promise<Image> {
	throwIfInterrupted(signal);
	const { context, tag } = build;
	const tail: string[] = [];
	const tell = (line: string) => {
		tail.push(line);
		if (tail.length > TAIL_LINES) tail.shift();
		onLine?.(line);
	};
	try {
		const stream = await ask(engine.endpoint, signal, () => begin(engine, build, signal));
		let rest = '';
		for await (const event of readEvents(received(engine.endpoint, signal, stream))) {
			const words = errorOf(event);
			if (words !== undefined) fail(buildProblem(words, tag, tail));
			const lines = (rest + (event.stream ?? '')).split(/\r?\n/);
			rest = lines.pop() ?? '';
			for (const line of lines) if (line !== '') tell(line);
		}
		if (rest !== '') tell(rest);
	} finally {
		context.destroy();
	}
	return (await findImage(engine, tag, signal)) ?? fail(buildProblem('the engine does not have it', tag, tail));
}

async function begin({ api }: Engine, build: ImageBuild, abortSignal: AbortSignal | undefined) {
	const { context, dockerfile, tag, args, offline = false } = build;
	const options = {
		t: tag,
		dockerfile,
		buildargs: { ...args },
		// Of what fails or is left in the middle nothing stays but finished steps.
		rm: true,
		forcerm: true,
		...(offline && { networkmode: 'none' }),
		...(abortSignal && { abortSignal }),
	};
	try {
		return (await api.buildImage(context, options)) as AsyncIterable<Uint8Array>;
	} catch (error) {
		const words = refusalOf(error)?.message;
		if (words !== undefined) fail(buildProblem(words, tag, []));
		throw error;
	}
}

function buildProblem(words: string, tag: string, tail: readonly string[]): DiagnosticInit {
	if (saysFull(words)) {
		return fullProblem(`there is no room for the image "${tag}" on the disk of the container engine`, [...tail, words]);
	}
	return {
		code: 'toolchain/image-build-failed',
		message: `the image "${tag}" cannot be built`,
		details: [...tail, words],
		hint: 'the network of the engine counts, which may be on another machine; the Dockerfile is in "devcontainer"',
	};
}
