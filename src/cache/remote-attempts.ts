import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { exchange, Hopeless, type RemoteAnswer, type RemoteRequest } from './remote-exchange.js';
import type { RemoteLimits } from './remote-limits.js';

/** There is no answer to be had; the message says how the last attempt ended, the cause what ended it if anything did. */
export class Unreachable extends Error {}

/** Answers of servers that are overloaded, starting, or in front of one that is. */
const TRANSIENT: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/**
 * Sends a request until there is an answer that lasts, and gives what `use` makes of it. `use` reads the body, so it
 * begins again when the connection breaks meanwhile.
 * @throws Unreachable
 */
export async function attempt<T>(
	request: RemoteRequest,
	limits: RemoteLimits,
	use: (answer: RemoteAnswer) => Promise<T>,
): Promise<T> {
	for (let count = 1; ; count++) {
		const outcome = await attemptOnce(request, limits, use);
		if ('result' in outcome) return outcome.result;
		if (count >= limits.attempts || outcome.waitMs > limits.retryAfterMs) {
			throw new Unreachable(outcome.failure, { cause: outcome.cause });
		}
		await pause(Math.max(outcome.waitMs, pauseBefore(count, limits)), request.signal);
	}
}

/** What came of one attempt: `waitMs` is the least that the server asks to be left alone. */
type Outcome<T> =
	| { readonly result: T }
	| { readonly failure: string; readonly waitMs: number; readonly cause?: unknown };

async function attemptOnce<T>(
	request: RemoteRequest,
	limits: RemoteLimits,
	use: (answer: RemoteAnswer) => Promise<T>,
): Promise<Outcome<T>> {
	throwIfInterrupted(request.signal);
	try {
		const answer = await exchange(request, limits);
		try {
			if (!TRANSIENT.has(answer.status)) return { result: await use(answer) };
			return { failure: `HTTP ${answer.status}`, waitMs: readRetryAfter(answer.headers['retry-after']) };
		} finally {
			await answer.close();
		}
	} catch (error) {
		throwIfInterrupted(request.signal);
		const waitMs = error instanceof Hopeless ? Number.POSITIVE_INFINITY : 0;
		return { failure: reasonOf(error), waitMs, cause: error };
	}
}

/** Somewhere in the upper half of a span that doubles, so that many clients do not come back at once. */
function pauseBefore(count: number, limits: RemoteLimits): number {
	return limits.pauseMs * 2 ** (count - 1) * (0.5 + Math.random() / 2);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
	try {
		await sleep(ms, undefined, { ...(signal && { signal }) });
	} catch (error) {
		throwIfInterrupted(signal);
		throw error;
	}
}

/** Seconds, or a date. */
function readRetryAfter(value: string | undefined): number {
	if (value === undefined) return 0;
	const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
	return Math.max(0, ms) || 0;
}

/** Node has many words for the same, and none when it has tried all addresses of a name. */
function reasonOf(error: unknown): string {
	const { code } = error as NodeJS.ErrnoException;
	if (code === 'ECONNRESET' || code === 'EPIPE') return 'the server closed the connection';
	if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
	return error instanceof Error ? error.message : String(error);
}
