import type { Readable } from 'node:stream';
import { type DiagnosticInit, fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Engine } from './engine.js';
import { ask, refusalOf } from './failure.js';
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
	{ context, dockerfile, tag, args, offline = false }: ImageBuild,
	{ onLine, signal }: BuildImageOptions = {},
): Promise<Image> {
	throwIfInterrupted(signal);
	const tail: string[] = [];
	const tell = (line: string) => {
		tail.push(line);
		if (tail.length > TAIL_LINES) tail.shift();
		onLine?.(line);
	};
	try {
		await ask(engine.endpoint, signal, async () => {
			try {
				const stream = await engine.api.buildImage(context, {
					t: tag,
					dockerfile,
					buildargs: { ...args },
					// Of what fails or is left in the middle nothing stays but finished steps.
					rm: true,
					forcerm: true,
					...(offline && { networkmode: 'none' }),
					...(signal && { abortSignal: signal }),
				});
				await follow(stream as AsyncIterable<Uint8Array>, tell, tag, tail);
			} catch (error) {
				const words = refusalOf(error)?.message;
				if (words !== undefined) fail(buildProblem(words, tag, tail));
				throw error;
			}
		});
	} finally {
		context.destroy();
	}
	return (await findImage(engine, tag, signal)) ?? fail(buildProblem('the engine does not have it', tag, tail));
}

async function follow(
	stream: AsyncIterable<Uint8Array>,
	tell: (line: string) => void,
	tag: string,
	tail: readonly string[],
): Promise<void> {
	let rest = '';
	for await (const event of readEvents(stream)) {
		const words = errorOf(event);
		if (words !== undefined) fail(buildProblem(words, tag, tail));
		const lines = (rest + (event.stream ?? '')).split(/\r?\n/);
		rest = lines.pop() ?? '';
		for (const line of lines) if (line !== '') tell(line);
	}
	if (rest !== '') tell(rest);
}

function buildProblem(words: string, tag: string, tail: readonly string[]): DiagnosticInit {
	if (/no space left on device/i.test(words)) {
		return {
			code: 'toolchain/container-full',
			message: `there is no room for the image "${tag}" on the disk of the container engine`,
			details: [...tail, words],
			hint: 'make room where the engine keeps its images: "docker system df" shows what is there',
		};
	}
	return {
		code: 'toolchain/image-build-failed',
		message: `the image "${tag}" cannot be built`,
		details: [...tail, words],
		hint: 'the network of the engine counts, which may be on another machine; the Dockerfile is in "devcontainer"',
	};
}
