import { canonical, type Json, sha256 } from './key.js';
import type { EntryName } from './layout.js';

/** A file of a tree. */
export interface ListedFile {
	readonly type: 'file';
	readonly size: number;
	readonly sha256: string;
	readonly executable: boolean;
	/** Size, times and inode when it had this hash; only where a later change would show in them. */
	readonly stamp?: string | undefined;
}

/** A symbolic link of a tree. */
export interface ListedLink {
	readonly type: 'link';
	readonly target: string;
}

/** A folder of a tree that has nothing in it; others follow from the files. */
export interface ListedFolder {
	readonly type: 'folder';
}

/** What is in a tree. */
export type Listed = ListedFile | ListedLink | ListedFolder;

/** What belongs to an entry: by path with forward slashes, sorted. */
export interface TreeList {
	/** Whether the entry is packed, and given to a remote cache. */
	readonly shared: boolean;
	readonly files: ReadonlyMap<string, Listed>;
}

/** How many bytes the files of a list have. */
export function bytesOf(list: TreeList): number {
	let bytes = 0;
	for (const file of list.files.values()) if (file.type === 'file') bytes += file.size;
	return bytes;
}

/** A list that makes whoever compares a tree with it read every file. */
export function withoutStamps(list: TreeList): TreeList {
	const strip = (listed: Listed): Listed => (listed.type === 'file' ? { ...listed, stamp: undefined } : listed);
	return { ...list, files: new Map([...list.files].map(([path, listed]) => [path, strip(listed)])) };
}

/**
 * A list as it is stored: JSON that begins with the tree's size, for whoever cleans up, and a hash of all the rest, so
 * that a damaged list is noticed however little of it is damaged.
 */
export function encodeList(name: EntryName, list: TreeList): string {
	const bytes = bytesOf(list);
	const rest = canonical({ ...name, shared: list.shared, files: [...list.files] as unknown as Json }).slice(1);
	return `{"bytes":${bytes},"sha256":"${hashOf(bytes, rest)}",${rest}`;
}

const HEAD = /^\{"bytes":(?<bytes>\d+),"sha256":"(?<hash>[0-9a-f]{64})",/;

/** Reads a stored list; nothing when it is damaged, or another entry's. */
export function decodeList(name: EntryName, stored: Buffer): TreeList | undefined {
	// One character for each byte: UTF-8 would read different damaged bytes as the same character.
	const head = HEAD.exec(stored.toString('latin1', 0, 128));
	if (!head?.groups) return undefined;
	const rest = stored.subarray(head[0].length);
	if (hashOf(Number(head.groups.bytes), rest) !== head.groups.hash) return undefined;
	const { kind, key, shared, files } = JSON.parse(`{${rest.toString()}`);
	return kind === name.kind && key === name.key ? { shared, files: new Map(files) } : undefined;
}

function hashOf(bytes: number, rest: string | Uint8Array): string {
	return sha256(Buffer.concat([Buffer.from(`${bytes},`), Buffer.from(rest)]));
}
