import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createTarPacker, type TarHeader } from 'modern-tar';
import type { Item } from './tree.js';

/** Who owns what is sent. */
export interface User {
	readonly uid: number;
	readonly gid: number;
}

/** Something for a container, at its absolute path. */
export interface Parcel {
	readonly path: string;
	readonly item: Item;
}

/** Files up to this size are read in one piece. */
const SMALL = 1024 * 1024;

/**
 * Packs what is at paths of this machine into a tar stream with names below `/`.
 * @param ahead By how many milliseconds the container's clock is ahead of this machine's.
 */
export function pack(parcels: Iterable<Parcel>, user: User, ahead: number): Readable {
	const { readable, controller } = createTarPacker();
	const add = async ({ path, item }: Parcel) => {
		const writer = controller.add(headerOf(path, item, user, ahead)).getWriter();
		if (item.type === 'file' && item.size > SMALL) {
			for await (const chunk of createReadStream(path, { highWaterMark: SMALL })) await writer.write(chunk);
		} else if (item.type === 'file' && item.size > 0) await writer.write(await readFile(path));
		await writer.close();
	};
	const addAll = async () => {
		for (const parcel of parcels) await add(parcel);
		controller.finalize();
	};
	addAll().catch((error: unknown) => controller.error(error));
	return Readable.fromWeb(readable as ReadableStream);
}

function headerOf(path: string, item: Item, { uid, gid }: User, ahead: number): TarHeader {
	// Engines refuse times before 1970. Files of packages may say 1970, and clocks differ.
	const changed = Math.max(0, item.changed + ahead);
	return {
		name: item.type === 'folder' ? `${path.slice(1)}/` : path.slice(1),
		type: item.type === 'folder' ? 'directory' : item.type === 'link' ? 'symlink' : 'file',
		size: item.type === 'file' ? item.size : 0,
		mode: item.mode,
		uid,
		gid,
		mtime: new Date(changed),
		// Whole seconds would make a file older than what it was made of, and make would make it again.
		pax: { mtime: (changed / 1000).toFixed(6) },
		...(item.type === 'link' && { linkname: item.target }),
	};
}
