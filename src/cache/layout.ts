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
 *     downloads/<sha256>/<name>  a source as it was downloaded
 *     locks/                     who makes which entry now
 *     users/                     who uses the cache now
 *     memo.json                  what was found out about compilers; it only saves time
 *     evicted                    an empty file, as old as the last look for what to evict
 *     tmp/<processes>-<pid>-…/   what is half-made; removed when its process is gone
 */
export interface Layout {
	readonly root: string;
	readonly locks: string;
	readonly users: string;
	readonly tmp: string;
	readonly trees: string;
	readonly actions: string;
	readonly blobs: string;
	readonly downloads: string;
	readonly memo: string;
	readonly evicted: string;
	tree(name: EntryName): string;
	list(name: EntryName): string;
	action(name: EntryName): string;
	blob(sha256: string): string;
}

/** The layout of the cache in a folder. */
export function layoutOf(root: string): Layout {
	const trees = join(root, 'trees');
	const actions = join(root, 'ac');
	const blobs = join(root, 'cas');
	return {
		root,
		locks: join(root, 'locks'),
		users: join(root, 'users'),
		tmp: join(root, 'tmp'),
		trees,
		actions,
		blobs,
		downloads: join(root, 'downloads'),
		memo: join(root, 'memo.json'),
		evicted: join(root, 'evicted'),
		tree: ({ kind, key }) => join(trees, kind, key),
		list: ({ kind, key }) => join(trees, kind, `${key}.json`),
		action: ({ kind, key }) => join(actions, kind, key),
		blob: (sha256) => join(blobs, sha256),
	};
}

/** Names an entry, and the lock under which its tree comes and goes. */
export function lockName({ kind, key }: EntryName): string {
	return `${kind}/${key}`;
}
