import { type DiagnosticInit, fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Engine } from './engine.js';
import { ask, fullProblem, received, refusalOf, saysFull } from './failure.js';
import { findImage, type Image } from './image.js';
import { type EngineEvent, errorOf, readEvents } from './json-lines.js';
import { type Login, ownLogin } from './logins.js';

/** How far an image has been pulled. */
export interface PullProgress {
	/** Layers that are complete, of those that are known by now. */
	readonly done: number;
	readonly layers: number;
	/** Bytes that have arrived, of those that are known by now. */
	readonly bytes: number;
	readonly totalBytes: number;
}

/** What a caller wants to follow or to stop. */
export interface PullOptions {
	readonly onProgress?: ((progress: PullProgress) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
	/** Finds the login for an image; the user's own unless said. */
	readonly login?: (image: string) => Promise<Login | undefined>;
}

/**
 * Gets an image from its registry; a name without tag and digest means `latest`.
 * @throws CpybuildError `toolchain/image-missing`, `toolchain/image-pull-failed`, `toolchain/registry-login`
 */
export async function pullImage(
	engine: Engine,
	name: string,
	{ onProgress, signal, login = ownLogin }: PullOptions = {},
): Promise<Image> {
	throwIfInterrupted(signal);
	const full = /(@|:[^/]*$)/.test(name) ? name : `${name}:latest`;
	const auth = await login(full);
	const stream = await ask(engine.endpoint, signal, () => begin(engine, full, auth, signal));
	const layers = new Map<string, Layer>();
	for await (const event of readEvents(received(engine.endpoint, signal, stream))) {
		const words = errorOf(event);
		if (words !== undefined) fail(pullProblem(words, full, auth));
		if (follow(event, layers)) onProgress?.(progressOf(layers));
	}
	return (await findImage(engine, full, signal)) ?? fail(pullProblem('it is gone again', full, auth));
}

async function begin({ api }: Engine, name: string, login: Login | undefined, abortSignal: AbortSignal | undefined) {
	try {
		const options = { fromImage: name, ...(login && { authconfig: login }), ...(abortSignal && { abortSignal }) };
		return (await api.createImage(options)) as AsyncIterable<Uint8Array>;
	} catch (error) {
		const words = refusalOf(error)?.message;
		if (words !== undefined) fail(pullProblem(words, name, login));
		throw error;
	}
}

interface Layer {
	readonly done: boolean;
	readonly bytes: number;
	readonly totalBytes: number;
}

/** Takes what an event says of a layer; whether it is about one. */
function follow({ id, status = '', progressDetail = {} }: EngineEvent, layers: Map<string, Layer>): boolean {
	// The first event has the tag for an id.
	if (id === undefined || /^Pulling from /.test(status)) return false;
	const before = layers.get(id) ?? { done: false, bytes: 0, totalBytes: 0 };
	const { current = 0, total = 0 } = progressDetail;
	if (status === 'Downloading') {
		layers.set(id, { done: false, bytes: current, totalBytes: Math.max(total, current) });
	} else {
		const arrived = /^(Verifying|Download complete|Extracting|Pull complete|Already exists)/.test(status);
		const done = /^(Pull complete|Already exists)/.test(status);
		layers.set(id, { ...before, done: before.done || done, bytes: arrived ? before.totalBytes : before.bytes });
	}
	return true;
}

function progressOf(layers: ReadonlyMap<string, Layer>): PullProgress {
	const all = [...layers.values()];
	const sum = (key: 'bytes' | 'totalBytes') => all.reduce((total, layer) => total + layer[key], 0);
	return {
		done: all.filter(({ done }) => done).length,
		layers: all.length,
		bytes: sum('bytes'),
		totalBytes: sum('totalBytes'),
	};
}

/** Registries tell images that are not there and images that are not for everybody apart as little as they can. */
const MISSING =
	/not found|manifest unknown|name unknown|does not exist|no such image|access (to the resource is )?denied|unauthorized|authentication required|no basic auth credentials/i;

function pullProblem(words: string, name: string, login: Login | undefined): DiagnosticInit {
	if (saysFull(words)) {
		return fullProblem(`there is no room for the image "${name}" on the disk of the container engine`, [words]);
	}
	if (MISSING.test(words)) {
		return {
			code: 'toolchain/image-missing',
			message: `no registry gives the image "${name}"`,
			details: [words],
			hint: login
				? 'correct its name; or the login that "docker login" has kept does not allow it'
				: 'correct its name, or log in with "docker login" when it is not for everybody',
		};
	}
	return {
		code: 'toolchain/image-pull-failed',
		message: `the image "${name}" cannot be fetched`,
		details: [words],
		hint: 'the network of the engine counts, which may be on another machine; run the command again',
	};
}
