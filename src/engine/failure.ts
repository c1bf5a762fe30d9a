import { CpybuildError, type DiagnosticInit, diagnostic } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Endpoint } from './endpoint.js';

/** What an engine answers when it does not do what it is asked for. */
export interface Refusal {
	readonly status: number;
	/** The engine's own words. */
	readonly message: string;
}

/** Reads an error of the client library as an answer of the engine; `undefined` when there was none. */
export function refusalOf(error: unknown): Refusal | undefined {
	const { statusCode, json, message } = error as {
		readonly statusCode?: unknown;
		readonly json?: { readonly message?: unknown } | null;
		readonly message?: unknown;
	};
	if (typeof statusCode !== 'number') return undefined;
	const words =
		typeof json?.message === 'string' ? json.message : String(message).replace(/^\(HTTP code.*?\) .*? - /, '');
	return { status: statusCode, message: words.trim() };
}

/**
 * Asks an engine for something. A request whose signal is aborted is not waited for.
 * @throws CpybuildError `build/interrupted` when the signal ended it, else one that says what is wrong with the engine.
 */
export async function ask<T>(
	endpoint: Endpoint,
	signal: AbortSignal | undefined,
	request: () => Promise<T>,
): Promise<T> {
	throwIfInterrupted(signal);
	try {
		return await untilAborted(request(), signal);
	} catch (error) {
		throwIfInterrupted(signal);
		if (error instanceof CpybuildError) throw error;
		throw new CpybuildError(diagnostic(engineProblem(error, endpoint)), { cause: error });
	}
}

/** Settles as a promise does, or fails when the signal is aborted first. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return promise;
	let stop = () => {};
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(signal.reason);
		signal.addEventListener('abort', stop, { once: true });
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

/** Says what is wrong when an engine cannot be asked, or refuses. */
export function engineProblem(error: unknown, { url }: Endpoint): DiagnosticInit {
	const refusal = refusalOf(error);
	if (refusal) {
		return {
			code: 'toolchain/engine-refused',
			message: `the container engine at "${url}" refuses: ${refusal.message}`,
		};
	}
	return {
		code: 'toolchain/engine-unreachable',
		message: `nothing listens at "${url}": ${(error as Error).message}`,
	};
}
