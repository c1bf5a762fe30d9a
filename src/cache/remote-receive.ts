import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { Digest } from './action-result.js';
import type { RemoteAnswer } from './remote-exchange.js';

/** What has become of a blob: `unwritable` when this machine could not take it. */
export type Received =
	| { readonly status: 'complete' | 'unwritable' }
	| { readonly status: 'damaged'; readonly remark: string };

/** Reads a body that has to be short; nothing when it is not. */
export async function readShort(answer: RemoteAnswer, mostBytes: number): Promise<Uint8Array | undefined> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of answer.read()) {
		bytes += chunk.length;
		if (bytes > mostBytes) return undefined;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}

/**
 * Writes a blob to a file as it comes, and checks it on the way.
 * @throws When the connection breaks.
 */
export async function receive(answer: RemoteAnswer, blob: Digest, to: string): Promise<Received> {
	const claimed = answer.headers['content-length'];
	if (claimed !== undefined && Number(claimed) !== blob.bytes) return wrongSize(`${claimed} bytes`, blob);
	const file = await open(to, 'w').catch(() => undefined);
	if (!file) return { status: 'unwritable' };
	try {
		return await receiveInto(file, answer, blob);
	} finally {
		await file.close();
	}
}

async function receiveInto(file: FileHandle, answer: RemoteAnswer, blob: Digest): Promise<Received> {
	const hash = createHash('sha256');
	let bytes = 0;
	for await (const chunk of answer.read()) {
		bytes += chunk.length;
		if (bytes > blob.bytes) return wrongSize('more', blob);
		hash.update(chunk);
		const written = await file.writeFile(chunk).then(
			() => true,
			() => false,
		);
		// A full disk is no fault of the server; whoever makes the entry instead will meet it and say so.
		if (!written) return { status: 'unwritable' };
	}
	if (bytes !== blob.bytes) return wrongSize(`${bytes} bytes`, blob);
	if (hash.digest('hex') !== blob.sha256) return { status: 'damaged', remark: 'other bytes than its name promises' };
	return { status: 'complete' };
}

function wrongSize(actual: string, blob: Digest): Received {
	return { status: 'damaged', remark: `${actual} instead of ${blob.bytes} bytes` };
}
