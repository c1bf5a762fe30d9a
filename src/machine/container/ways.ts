import { basename, dirname, join, resolve } from 'node:path';
import type { Parcel } from './pack.js';
import { type Item, itemAt } from './tree.js';

/** What is at a path in a container, links not followed. */
export interface There {
	readonly isFolder: boolean;
	readonly mode: number;
}

/** Asks a container what is at a path. */
export type Look = (path: string) => Promise<There | undefined>;

/** Where a path of this machine leads to in a container, and what has to be there for that. */
export interface Way {
	readonly real: string;
	readonly parcels: readonly Parcel[];
}

/** Finds ways. */
export interface Ways {
	/** To something that will be sent itself. */
	to(path: string): Promise<Way>;
	/** Into a folder that need not have anything in it. */
	into(folder: string): Promise<Way>;
}

const FOLDER: Item = { type: 'folder', mode: 0o755, stamp: '', changed: 0 };

/** Everyone may pass through. */
const PASSABLE = 0o011;

/**
 * Finds ways to paths, so that they mean the same in a container as here: the folders above, and links on the way to
 * them. What the image has at such a path stays, but is opened for everyone: `/root` is closed in most images. Each
 * folder is looked at once.
 */
export function findWays(look: Look): Ways {
	/** Folders that are there, and links with their targets. */
	const known = new Map<string, string>([['/', '/']]);
	const follow = async (path: string, parcels: Parcel[]): Promise<string> => {
		const before = known.get(path);
		if (before !== undefined) return before;
		const place = join(await follow(dirname(path), parcels), basename(path));
		const real = await settle(place, parcels);
		known.set(path, real);
		return real;
	};
	const settle = async (path: string, parcels: Parcel[]): Promise<string> => {
		const there = await look(path);
		const here = itemAt(path);
		if (!there && here?.type === 'link') {
			parcels.push({ path, item: here });
			return follow(resolve(dirname(path), here.target), parcels);
		}
		if (!there) parcels.push({ path, item: FOLDER });
		else if (there.isFolder && (there.mode & PASSABLE) !== PASSABLE) {
			parcels.push({ path, item: { ...FOLDER, mode: (there.mode & 0o777) | PASSABLE } });
		}
		return path;
	};
	const end = async (path: string, parcels: Parcel[]): Promise<string> => {
		const place = join(await follow(dirname(path), parcels), basename(path));
		const here = itemAt(place);
		if (here?.type !== 'link') return place;
		parcels.push({ path: place, item: here });
		return end(resolve(dirname(place), here.target), parcels);
	};
	return {
		to: async (path) => {
			const parcels: Parcel[] = [];
			return { real: await end(path, parcels), parcels };
		},
		into: async (folder) => {
			const parcels: Parcel[] = [];
			return { real: await follow(folder, parcels), parcels };
		},
	};
}
