import { join } from 'node:path';
import type { Digest } from './action-result.js';
import { dropBlob, findBlob, placeBlob } from './blobs.js';
import { damaged, newer } from './damage.js';
import type { EntryName } from './layout.js';
import type { StoreParts } from './store-parts.js';
import { listTree } from './tree.js';
import { placeTree } from './trees.js';

/** Unpacks the tree of an entry from its blob; says whether there is a tree now. To be called under the entry's lock. */
export async function recoverFromBlob(parts: StoreParts, name: EntryName, scratch: string): Promise<boolean> {
	const { layout, report } = parts;
	const blob = findBlob(layout, name);
	if (blob.state === 'absent') return false;
	const drop = (what: string) => {
		report(damaged(name, what), name);
		dropBlob(layout, name, blob.digest);
		return false;
	};
	if (blob.state === 'damaged') return drop(blob.what);
	const folder = join(scratch, 'unpacked');
	const { unpackBlob } = await import('./blob.js');
	const unpacked = await unpackBlob(layout.blob(blob.digest.sha256), blob.digest, name, folder);
	if (unpacked.state === 'damaged') return drop(unpacked.what);
	if (unpacked.state === 'newer') {
		report(newer(name), name);
		return false;
	}
	placeTree(layout, name, unpacked.tree, listTree(unpacked.tree, true), scratch);
	return true;
}

/** Fetches the blob of an entry from the remote cache and unpacks it. To be called under the entry's lock. */
export async function recoverFromRemote(
	parts: StoreParts,
	name: EntryName,
	digest: Digest,
	scratch: string,
	signal: AbortSignal | undefined,
): Promise<boolean> {
	const { layout, remote } = parts;
	const arriving = join(scratch, 'blob');
	if (!(await remote?.download(digest, arriving, signal))) return false;
	placeBlob(layout, name, arriving, digest, scratch);
	return recoverFromBlob(parts, name, scratch);
}
