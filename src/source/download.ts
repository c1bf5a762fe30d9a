import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, statSync, type WriteStream } from 'node:fs';
import { finished, pipeline } from 'node:stream/promises';
import { type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { isContinued, validatorOf } from './resume.js';

/** Where a file came from and what it should have been. */
export interface HashExpectation {
	readonly url: string;
	readonly sha256: string;
	readonly span?: Diagnostic['span'];
}

/** How a download goes on. */
export interface Downloading {
	readonly signal?: AbortSignal | undefined;
	/** Told of every transfer that broke and goes on. */
	readonly log?: (line: string) => void;
	/** How long the server may stay silent. */
	readonly silenceMs?: number;
}

/** A server that cannot be reached or does not have the file; another source may. */
export class Unavailable extends Error {}

/** A server that stays silent for so long counts as unreachable; a whole download may take longer. */
const SILENCE_MS = 30_000;

/** How much may wait to be written. What waits to be read is lost when the connection breaks. */
const BUFFER = 4 * 1024 * 1024;

/** How often a transfer may break; one that brought nothing new is not taken up again. */
const TRANSFERS = 10;

/** How often the server may fall silent: each time somebody waited for long. */
const SILENCES = 3;

/**
 * Downloads a file and checks it. A transfer that breaks goes on where it ended if the server can do that, else from
 * the start.
 * @throws Unavailable when the server cannot be reached or answers with an error.
 * @throws CpybuildError `toolchain/source-hash-mismatch` when the content is not what was pinned; the file is left for the caller to remove.
 */
export async function download(expected: HashExpectation, to: string, how: Downloading = {}): Promise<void> {
	const hasContinued = await transferAll(expected.url, to, how);
	const actual = await hashOf(to);
	if (actual === expected.sha256) return;
	// A server that goes on with another file than it began with spoils both; the file itself may be right.
	if (!hasContinued) failMismatch(expected, actual);
	how.log?.(`${expected.url}: the parts do not make up the file, trying it in one piece`);
	await transferAll(expected.url, to, how, 1);
	const whole = await hashOf(to);
	if (whole !== expected.sha256) failMismatch(expected, whole);
}

/** Gets all of a file; says whether any part of it continued an earlier one. */
async function transferAll(url: string, to: string, how: Downloading, transfers = TRANSFERS): Promise<boolean> {
	let part: Part = { bytes: 0, validator: undefined };
	let hasContinued = false;
	let silences = 0;
	for (let transfer = 1; ; transfer++) {
		const before = part.bytes;
		const outcome = await transferPart(url, to, part, how);
		hasContinued ||= outcome.continued;
		if (outcome.silent) silences++;
		if (outcome.error === undefined) return hasContinued;
		const bytes = existsSync(to) ? statSync(to).size : 0;
		const brought = outcome.continued ? bytes - before : bytes;
		if (transfer >= transfers || silences === SILENCES || brought === 0) throw outcome.error;
		how.log?.(`${outcome.error.message}; going on after ${bytes} bytes`);
		part = { bytes, validator: outcome.validator };
	}
}

/** What of a file is here already. */
interface Part {
	readonly bytes: number;
	/** By what the server knows the version of the file; without one the transfer starts anew. */
	readonly validator: string | undefined;
}

/** What came of one transfer. */
interface Transferred {
	/** Whether it went on behind the part. */
	readonly continued: boolean;
	readonly validator: string | undefined;
	/** Why it ended too early. */
	readonly error: Unavailable | undefined;
	/** Whether nothing came for too long. */
	readonly silent: boolean;
}

async function transferPart(
	url: string,
	to: string,
	part: Part,
	{ signal, silenceMs = SILENCE_MS }: Downloading,
): Promise<Transferred> {
	const watchdog = new AbortController();
	let timer = setTimeout(() => watchdog.abort(), silenceMs);
	const alive = () => {
		clearTimeout(timer);
		timer = setTimeout(() => watchdog.abort(), silenceMs);
	};
	let continued = false;
	let validator: string | undefined;
	try {
		const response = await fetch(url, {
			signal: AbortSignal.any([watchdog.signal, ...(signal ? [signal] : [])]),
			redirect: 'follow',
			headers: headersFor(part),
		});
		if (!response.ok || !response.body) throw new Unavailable(`${url}: HTTP ${response.status}`);
		continued = isContinued(response, part.bytes);
		if (response.status === 206 && !continued) throw new Unavailable(`${url}: sent another part than was asked for`);
		validator = validatorOf(response);
		await writeAll(
			response.body,
			createWriteStream(to, { flags: continued ? 'a' : 'w', highWaterMark: BUFFER }),
			alive,
		);
		return { continued, validator, error: undefined, silent: false };
	} catch (error) {
		throwIfInterrupted(signal);
		if (error instanceof WriteError) throw error.cause;
		const silent = watchdog.signal.aborted;
		const reason = silent ? `no data for ${silenceMs / 1000} seconds` : reasonOf(error);
		const unavailable = error instanceof Unavailable ? error : new Unavailable(`${url}: ${reason}`, { cause: error });
		return { continued, validator, error: unavailable, silent };
	} finally {
		clearTimeout(timer);
	}
}

/** The disk refused what arrived, which no other server can mend. */
class WriteError extends Error {}

/** Writes what arrives until it ends, well or not; whatever arrived is in the file then. */
async function writeAll(body: AsyncIterable<Uint8Array>, file: WriteStream, alive: () => void): Promise<void> {
	const written = finished(file).catch((cause: unknown) => {
		throw new WriteError('', { cause });
	});
	// Whoever waits for it comes later.
	written.catch(() => {});
	try {
		for await (const chunk of body) {
			alive();
			if (!file.write(chunk)) await Promise.race([once(file, 'drain'), written]);
		}
	} finally {
		file.end();
		await written;
	}
}

/** A file that is compressed on the way has other positions than the one that is wanted, so it is asked for as it is. */
function headersFor({ bytes, validator }: Part): Record<string, string> {
	const plain = { 'accept-encoding': 'identity' };
	if (bytes === 0 || validator === undefined) return plain;
	return { ...plain, range: `bytes=${bytes}-`, 'if-range': validator };
}

async function hashOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path), hash);
	return hash.digest('hex');
}

/** @throws CpybuildError `toolchain/source-hash-mismatch`, which shows both hashes. */
function failMismatch(expected: HashExpectation, actual: string): never {
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
