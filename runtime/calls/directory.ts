import type { DirectoryDescriptor } from '../descriptors.js';
import { Errno } from '../errno.js';
import type { DirectoryEntry } from '../mount.js';
import { parentOf } from '../path.js';
import { fileTypeOf } from './stat.js';
import type { Calls, System } from './system.js';

const HEADER_SIZE = 24;

/** Reading directories. A cookie is the number of entries that came before. */
export function directoryCalls({ memory, descriptors, namespace }: System): Calls {
	const encoder = new TextEncoder();

	const inodeOf = (guest: string): bigint => namespace.stat(namespace.locate(guest))?.inode ?? 0n;

	const readListing = ({ guest }: DirectoryDescriptor): readonly DirectoryEntry[] => [
		{ name: '.', kind: 'directory', inode: inodeOf(guest) },
		{ name: '..', kind: 'directory', inode: inodeOf(parentOf(guest)) },
		...namespace.list(guest),
	];

	return {
		fd_readdir(fd: number, buffer: number, size: number, cookie: bigint, result: number) {
			const directory = descriptors.directory(fd);
			const listing = (directory.listing =
				cookie === 0n ? readListing(directory) : (directory.listing ?? readListing(directory)));
			const target = memory.slice(buffer, size);
			let used = 0;
			for (let index = Number(cookie); index < listing.length && used < target.length; index++) {
				const entry = listing[index];
				if (entry === undefined) break;
				const bytes = encodeEntry(entry, index + 1, encoder.encode(entry.name));
				// A full buffer, the last entry cut off, tells libc that there is more.
				const part = bytes.subarray(0, target.length - used);
				target.set(part, used);
				used += part.length;
			}
			memory.writeU32(result, used);
			return Errno.SUCCESS;
		},
	};
}

function encodeEntry(entry: DirectoryEntry, next: number, name: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(HEADER_SIZE + name.length);
	const view = new DataView(bytes.buffer);
	view.setBigUint64(0, BigInt(next), true);
	view.setBigUint64(8, entry.inode, true);
	view.setUint32(16, name.length, true);
	view.setUint8(20, fileTypeOf(entry.kind));
	bytes.set(name, HEADER_SIZE);
	return bytes;
}
