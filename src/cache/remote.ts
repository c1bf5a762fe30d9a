import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { type Digest, decodeActionResult, encodeActionResult } from './action-result.js';
import type { Key } from './key.js';
import { attempt, Unreachable } from './remote-attempts.js';
import { BrokenOff, type RemoteAnswer, type RemoteBody, type RemoteRequest } from './remote-exchange.js';
import { REMOTE_LIMITS, type RemoteLimits } from './remote-limits.js';
import { readShort, receive } from './remote-receive.js';
import type { RemoteSettings } from './remote-settings.js';
import { openWarnings } from './remote-warnings.js';

/** A cache on another machine. Whatever goes wrong there costs time only: nothing rejects but for an abort. */
export interface RemoteCache {
	/** Whether new entries are to be sent; no longer so when the server has refused one, or is gone. */
	readonly writable: boolean;
	/** Asks which blob holds an entry. */
	find(key: Key, signal?: AbortSignal): Promise<Digest | undefined>;
	/** Writes a blob to a file; says whether the file now has exactly these bytes, and leaves none when it has not. */
	download(blob: Digest, to: string, signal?: AbortSignal): Promise<boolean>;
	/** Sends a blob, then says that it holds the entry. */
	upload(key: Key, blob: Digest, file: string, signal?: AbortSignal): Promise<void>;
}

/** An `ActionResult` of ours has some 100 bytes; servers add a little. */
const ACTION_RESULT_BYTES = 65_536;

/** Refusals that concern what was sent; all others concern whatever this build could send. */
const PARTICULAR: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * Opens the remote cache that the settings name. It speaks the HTTP cache protocol of Bazel: `ac/<key>` says which
 * blob holds an entry, `cas/<sha256>` is the blob. The server is asked for the first time when an entry is looked for.
 */
export function openRemote(
	settings: RemoteSettings,
	warn: (warning: Diagnostic) => void,
	limits: RemoteLimits = REMOTE_LIMITS,
): RemoteCache {
	const warnings = openWarnings(settings, warn);
	/** What the server has, but damaged: it is not to be asked whether it has it. */
	const damaged = new Set<string>();
	const reportDamage = (path: string, remark: string) => {
		damaged.add(path);
		warnings.damaged(path, remark);
	};
	let readable = true;
	let writable = settings.mode === 'read-write';

	/** A server that cannot be reached is not asked again: each time would cost the same wait. */
	const ask = async <T>(
		request: Pick<RemoteRequest, 'method' | 'signal' | 'body'> & { readonly path: string },
		use: (answer: RemoteAnswer) => Promise<T>,
	): Promise<T | undefined> => {
		const { path, ...rest } = request;
		const url = new URL(path, settings.url);
		try {
			return await attempt({ ...rest, url, authorization: settings.authorization }, limits, use);
		} catch (error) {
			if (!(error instanceof Unreachable)) throw error;
			// Some servers notice damage while they send.
			if (error.cause instanceof BrokenOff) {
				reportDamage(path, error.message);
				return undefined;
			}
			readable = false;
			writable = false;
			warnings.unreachable(error.message);
			return undefined;
		}
	};

	/** Whether an answer brings what was asked for. */
	const brings = ({ status }: RemoteAnswer): boolean => {
		if (status === 200) return true;
		if (status === 404 || status === 410) return false;
		readable = false;
		warnings.refused('read', status);
		return false;
	};

	const find: RemoteCache['find'] = async (key, signal) => {
		throwIfInterrupted(signal);
		if (!readable) return undefined;
		const path = `ac/${key}`;
		return ask({ method: 'GET', path, signal }, async (answer) => {
			if (!brings(answer)) return undefined;
			const bytes = await readShort(answer, ACTION_RESULT_BYTES);
			const blob = bytes && decodeActionResult(bytes);
			if (!blob) reportDamage(path, 'not an ActionResult that cpybuild wrote');
			else if (blob.bytes > limits.blobBytes) reportDamage(path, `speaks of a blob of ${blob.bytes} bytes`);
			else return blob;
			return undefined;
		});
	};

	const download: RemoteCache['download'] = async (blob, to, signal) => {
		throwIfInterrupted(signal);
		if (!readable) return false;
		const path = `cas/${blob.sha256}`;
		let complete: boolean | undefined = false;
		try {
			complete = await ask({ method: 'GET', path, signal }, async (answer) => {
				if (!brings(answer)) return false;
				const received = await receive(answer, blob, to);
				if (received.status === 'damaged') reportDamage(path, received.remark);
				return received.status === 'complete';
			});
		} finally {
			if (complete !== true) await rm(to, { force: true });
		}
		return complete ?? false;
	};

	const put = async (path: string, body: RemoteBody, signal: AbortSignal | undefined): Promise<boolean> => {
		const status = await ask({ method: 'PUT', path, body, signal }, async (answer) => answer.status);
		if (status === undefined) return false;
		if (status >= 200 && status < 300) return true;
		if (!PARTICULAR.has(status)) writable = false;
		warnings.refused('write', status);
		return false;
	};

	const has = async ({ sha256, bytes }: Digest, signal: AbortSignal | undefined): Promise<boolean> => {
		const path = `cas/${sha256}`;
		if (damaged.has(path)) return false;
		const known = await ask(
			{ method: 'HEAD', path, signal },
			async ({ status, headers }) => status === 200 && Number(headers['content-length']) === bytes,
		);
		return known ?? false;
	};

	const upload: RemoteCache['upload'] = async (key, blob, file, signal) => {
		throwIfInterrupted(signal);
		if (!writable || (await sizeOf(file)) !== blob.bytes) return;
		if (!(await has(blob, signal))) {
			const body = { bytes: blob.bytes, read: () => createReadStream(file) };
			if (!writable || !(await put(`cas/${blob.sha256}`, body, signal))) return;
		}
		const result = encodeActionResult(blob);
		await put(`ac/${key}`, { bytes: result.length, read: () => once(result) }, signal);
	};

	return {
		get writable() {
			return writable;
		},
		find,
		download,
		upload,
	};
}

/** The size of a file that may have been evicted meanwhile. */
async function sizeOf(file: string): Promise<number | undefined> {
	const found = await stat(file).catch(() => undefined);
	return found?.size;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}
