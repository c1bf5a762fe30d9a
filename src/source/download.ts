import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';

/** Where a file came from and what it should have been. */
export interface HashExpectation {
	readonly url: string;
	readonly sha256: string;
	readonly span?: Diagnostic['span'];
}

/** A server that cannot be reached or does not have the file; another source may. */
export class Unavailable extends Error {}

/** A server that stays silent for so long counts as unreachable; a whole download may take longer. */
const SILENCE_MS = 30_000;

/**
 * Downloads a file and checks it on the way.
 * @throws Unavailable when the server cannot be reached or answers with an error.
 * @throws CpybuildError `toolchain/source-hash-mismatch` when the content is not what was pinned; the file is left for the caller to remove.
 * @param silenceMs How long the server may stay silent.
 */
export async function download(
	expected: HashExpectation,
	to: string,
	signal?: AbortSignal,
	silenceMs = SILENCE_MS,
): Promise<void> {
	const watchdog = new AbortController();
	let timer = setTimeout(() => watchdog.abort(), silenceMs);
	const alive = () => {
		clearTimeout(timer);
		timer = setTimeout(() => watchdog.abort(), silenceMs);
	};
	const hash = createHash('sha256');
	try {
		const signals = signal ? [signal, watchdog.signal] : [watchdog.signal];
		const response = await fetch(expected.url, { signal: AbortSignal.any(signals), redirect: 'follow' });
		if (!response.ok || !response.body) throw new Unavailable(`${expected.url}: HTTP ${response.status}`);
		const meter = async function* (chunks: AsyncIterable<Uint8Array>) {
			for await (const chunk of chunks) {
				alive();
				hash.update(chunk);
				yield chunk;
			}
		};
		await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(to));
	} catch (error) {
		throwIfInterrupted(signal);
		if (error instanceof Unavailable) throw error;
		const reason = watchdog.signal.aborted ? `no data for ${silenceMs / 1000} seconds` : reasonOf(error);
		throw new Unavailable(`${expected.url}: ${reason}`, { cause: error });
	} finally {
		clearTimeout(timer);
	}
	requireHash(expected, hash.digest('hex'));
}

/** @throws CpybuildError `toolchain/source-hash-mismatch`, which shows both hashes, when they differ. */
function requireHash(expected: HashExpectation, actual: string): void {
	if (actual === expected.sha256) return;
	fail({
		code: 'toolchain/source-hash-mismatch',
		message: `${expected.url} is not the file that was expected`,
		...(expected.span && { span: expected.span }),
		hint: 'nothing was kept; find out who changed the file before you change the hash',
		details: [`expected sha256 ${expected.sha256}`, `received sha256 ${actual}`],
	});
}

/** Node hides the reason of a failed fetch in its cause. */
function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.cause instanceof Error ? error.cause.message : error.message;
}
