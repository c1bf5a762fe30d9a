import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, decodeActionResult, encodeActionResult } from './action-result.js';
import type { EntryName, Layout } from './layout.js';

/** What this machine has of a packed entry; the content of the blob is not looked at. */
export type FoundBlob =
	| { readonly state: 'absent' }
	| { readonly state: 'damaged'; readonly what: string; readonly digest?: Digest }
	| { readonly state: 'there'; readonly digest: Digest };

/** Looks for an entry's blob. */
export function findBlob(layout: Layout, name: EntryName): FoundBlob {
	const action = layout.action(name);
	let stored: Buffer;
	try {
		stored = readFileSync(action);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		return code === 'ENOENT' ? { state: 'absent' } : { state: 'damaged', what: `its record cannot be read (${code})` };
	}
	const digest = decodeActionResult(stored);
	// Servers may add fields; here every byte is our own.
	if (!digest || !stored.equals(encodeActionResult(digest)))
		return { state: 'damaged', what: 'its record has changed' };
	const size = statSync(layout.blob(digest.sha256), { throwIfNoEntry: false })?.size;
	if (size === digest.bytes) return { state: 'there', digest };
	// Who removes old entries removes the record first.
	if (!existsSync(action)) return { state: 'absent' };
	if (size === undefined) return { state: 'damaged', what: 'the packed files that its record names are missing' };
	return { state: 'damaged', what: `the packed files have ${size} bytes instead of ${digest.bytes}`, digest };
}

/** Gives a blob its place, then says that it holds the entry: a record never comes before its blob. */
export function placeBlob(layout: Layout, name: EntryName, made: string, digest: Digest, scratch: string): void {
	const [blob, action] = [layout.blob(digest.sha256), layout.action(name)];
	const arriving = join(scratch, 'action');
	// What may fail on a full disk comes before the first rename.
	for (const path of [blob, action]) mkdirSync(dirname(path), { recursive: true });
	writeFileSync(arriving, encodeActionResult(digest));
	renameSync(made, blob);
	renameSync(arriving, action);
}

/** Removes the record of an entry's blob, and the blob if it is known. */
export function dropBlob(layout: Layout, name: EntryName, digest?: Digest): void {
	rmSync(layout.action(name), { force: true });
	if (digest) rmSync(layout.blob(digest.sha256), { force: true });
}
