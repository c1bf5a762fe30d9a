import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The sha256 of everything that can change an output, in hexadecimal. */
export type Key = string & { readonly __key: never };

/** What a key is made of: plain data. Contents of files enter by their sha256. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json | undefined };

/**
 * Changes when cpybuild itself makes different outputs from the same inputs.
 * Raise it with every such change; it takes the place of cpybuild's version, which would throw away good entries.
 */
const EPOCH = 2;

/** The key of a step: its inputs and the keys of the steps that it needs, as canonical JSON. */
export function keyOf(id: string, inputs: Json, needs: Readonly<Record<string, Key>>): Key {
	return sha256(canonical({ epoch: EPOCH, id, inputs, needs })) as Key;
}

/** JSON with sorted names and without spaces: equal data gives equal text. */
export function canonical(value: Json | undefined): string {
	if (value === undefined) return 'null';
	if (value === null || typeof value !== 'object') return JSON.stringify(value);
	if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
	const members = Object.entries(value)
		.filter(([, member]) => member !== undefined)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
	return `{${members.join(',')}}`;
}

/** The sha256 of a text (as UTF-8) or of bytes, in hexadecimal. */
export function sha256(content: string | Uint8Array): string {
	return createHash('sha256').update(content).digest('hex');
}

/** How much of a file is in memory at once: collecting several megabytes of garbage takes as long as hashing them. */
const PIECE_BYTES = 512 * 1024;

/** The sha256 of a file's content. */
export function sha256OfFile(path: string): string {
	const file = openSync(path, 'r');
	try {
		if (fstatSync(file).size <= PIECE_BYTES) return sha256(readFileSync(file));
		const hash = createHash('sha256');
		const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
		for (let bytes = 1; bytes > 0; ) {
			bytes = readSync(file, piece);
			hash.update(piece.subarray(0, bytes));
		}
		return hash.digest('hex');
	} finally {
		closeSync(file);
	}
}

/** The sha256 of a large file's content, read as a stream. */
export async function sha256OfLargeFile(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path), hash);
	return hash.digest('hex');
}
