import { join } from 'node:path';
import type { Key } from './key.js';

/** What an entry is called: the kind of step that makes it, and the key of what it is made from. */
export interface EntryName {
	readonly kind: string;
	readonly key: Key;
}

/**
 * Where everything is in a cache folder.
 *
 *     ac/<kind>/<key>            which blob holds an entry: the bytes that a remote cache gets under the same key
 *     cas/<sha256>               a blob: an entry packed; its name is the hash of its bytes
 *     trees/<kind>/<key>/        an entry unpacked, to be read from
 *     trees/<kind>/<key>.json    the list of the tree's files; a tree without a list does not count
 *     locks/                     who makes which entry now
 *     tmp/<host>-<pid>-…/        what is half-made; removed when its process is gone
 */
export interface Layout {
	readonly root: string;
	readonly locks: string;
	readonly tmp: string;
	readonly trees: string;
	tree(name: EntryName): string;
	list(name: EntryName): string;
	action(name: EntryName): string;
	blob(sha256: string): string;
}

/** The layout of the cache in a folder. */
export function layoutOf(root: string): Layout {
	const trees = join(root, 'trees');
	return {
		root,
		locks: join(root, 'locks'),
		tmp: join(root, 'tmp'),
		trees,
		tree: ({ kind, key }) => join(trees, kind, key),
		list: ({ kind, key }) => join(trees, kind, `${key}.json`),
		action: ({ kind, key }) => join(root, 'ac', kind, key),
		blob: (sha256) => join(root, 'cas', sha256),
	};
}
