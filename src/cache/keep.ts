import { join } from 'node:path';
import { dropBlob, findBlob, placeBlob } from './blobs.js';
import { damaged, notKept } from './damage.js';
import type { EntryName } from './layout.js';
import { withLock } from './lock.js';
import { withScratch } from './scratch.js';
import type { StoreParts } from './store-parts.js';
import type { TreeList } from './tree-list.js';

/** Sees to it that an entry is packed, and that the remote cache gets what is packed here; in the background. */
export function keep(parts: StoreParts, name: EntryName, list: TreeList): void {
	const { layout, background, report } = parts;
	const task = async () => {
		const blob = findBlob(layout, name);
		if (blob.state === 'there') return;
		if (blob.state === 'damaged') {
			report(damaged(name, blob.what), name);
			dropBlob(layout, name, blob.digest);
		}
		await packAndSend(parts, name, list);
	};
	background.start(`pack ${name.kind}/${name.key}`, task, (error) => {
		if (!parts.signal?.aborted && !isReadOnly(error)) report(notKept(name, layout.root, error));
	});
}

async function packAndSend({ layout, remote, signal }: StoreParts, name: EntryName, list: TreeList): Promise<void> {
	// Not the lock of the entry: whoever wants to read the tree need not wait for this.
	const lock = `pack ${name.kind}/${name.key}`;
	const packed = await withLock(layout.locks, lock, `packing ${name.kind}`, async () => {
		if (findBlob(layout, name).state === 'there') return undefined;
		return withScratch(layout.tmp, async (scratch) => {
			const made = join(scratch, 'blob');
			const { packTree } = await import('./blob.js');
			const digest = await packTree(layout.tree(name), list, name, made);
			placeBlob(layout, name, made, digest, scratch);
			return digest;
		});
	});
	if (packed && remote?.writable) await remote.upload(name.key, packed, layout.blob(packed.sha256), signal);
}

/** Sends what was made before there was a remote cache, or by a build that was killed before it could; in the background. */
export function sendMissing({ layout, remote, signal, background }: StoreParts, name: EntryName): void {
	if (!remote?.writable) return;
	const task = async () => {
		const blob = findBlob(layout, name);
		if (blob.state !== 'there') return;
		if (await remote.find(name.key, signal)) return;
		await remote.upload(name.key, blob.digest, layout.blob(blob.digest.sha256), signal);
	};
	background.start(`send ${name.kind}/${name.key}`, task, () => {});
}

/** A cache that is only read need not have every entry packed. */
function isReadOnly(error: unknown): boolean {
	const { code } = error as NodeJS.ErrnoException;
	return code === 'EROFS' || code === 'EACCES' || code === 'EPERM';
}
