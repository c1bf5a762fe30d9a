import { closeSync, openSync, readdirSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeActionResult } from './action-result.js';
import type { Key } from './key.js';
import type { EntryName, Layout } from './layout.js';

/** An entry of the cache: a tree, a blob, or both. */
export interface CachedEntry extends EntryName {
	/** The sum of the sizes of the tree's files; 0 without a tree. */
	readonly treeBytes: number;
	/** Whether there is a list of a tree; without one, its record tells of its use. */
	readonly isListed: boolean;
	/** The blob that its record names, whether it is there or not. */
	readonly blob: string | undefined;
	/** In milliseconds since 1970, as the two below. */
	readonly lastUse: number;
}

/** A blob of the cache. */
export interface CachedBlob {
	readonly sha256: string;
	readonly bytes: number;
	readonly lastUse: number;
}

/** A downloaded file: CPython's sources. */
export interface CachedDownload {
	readonly sha256: string;
	readonly name: string;
	readonly bytes: number;
	readonly lastUse: number;
}

/** What lies in a cache folder; what was not used for the longest time comes first. */
export interface CacheContents {
	readonly entries: readonly CachedEntry[];
	readonly blobs: readonly CachedBlob[];
	readonly downloads: readonly CachedDownload[];
	readonly bytes: number;
}

/** Looks what is in a cache. Nothing is verified, and nothing large is read. */
export function listContents(layout: Layout): CacheContents {
	const entries = entryNames(layout).flatMap((name) => lookAtEntry(layout, name) ?? []);
	const blobs = hashesIn(layout.blobs).flatMap((sha256) => {
		const stat = statIfThere(layout.blob(sha256));
		return stat ? [{ sha256, bytes: stat.size, lastUse: stat.mtimeMs }] : [];
	});
	const downloads = hashesIn(layout.downloads).flatMap((sha256) => {
		const folder = join(layout.downloads, sha256);
		return namesIn(folder).flatMap((name) => {
			const stat = statIfThere(join(folder, name));
			return stat ? [{ sha256, name, bytes: stat.size, lastUse: stat.mtimeMs }] : [];
		});
	});
	const bytes =
		entries.reduce((sum, { treeBytes }) => sum + treeBytes, 0) +
		[...blobs, ...downloads].reduce((sum, file) => sum + file.bytes, 0);
	return { entries: byUse(entries), blobs: byUse(blobs), downloads: byUse(downloads), bytes };
}

function byUse<T extends { readonly lastUse: number }>(things: T[]): readonly T[] {
	return things.sort((a, b) => a.lastUse - b.lastUse);
}

/** The names of all entries that have a tree or a record, sorted. */
export function entryNames(layout: Layout): readonly EntryName[] {
	const found = new Map<string, EntryName>();
	for (const folder of [layout.trees, layout.actions]) {
		for (const kind of namesIn(folder)) {
			for (const name of namesIn(join(folder, kind))) {
				const key = /^(?<key>[0-9a-f]{64})(\.json)?$/.exec(name)?.groups?.key;
				if (key !== undefined) found.set(`${kind}/${key}`, { kind, key: key as Key });
			}
		}
	}
	return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
}

function lookAtEntry(layout: Layout, name: EntryName): CachedEntry | undefined {
	const list = statIfThere(layout.list(name));
	const action = statIfThere(layout.action(name));
	const used = list ?? action;
	if (!used) return undefined;
	const treeBytes = list && statIfThere(layout.tree(name)) ? readTreeBytes(layout.list(name)) : 0;
	const blob = action && readBlobName(layout.action(name));
	return { ...name, treeBytes, isListed: list !== undefined, blob, lastUse: used.mtimeMs };
}

/** A list begins with the size of its tree, so that long ones need not be read. */
function readTreeBytes(list: string): number {
	const head = readHead(list, 64).toString('latin1');
	return Number(/^\{"bytes":(?<bytes>\d+),/.exec(head)?.groups?.bytes ?? 0);
}

function readHead(file: string, bytes: number): Buffer {
	try {
		const descriptor = openSync(file, 'r');
		try {
			const head = Buffer.alloc(bytes);
			return head.subarray(0, readSync(descriptor, head));
		} finally {
			closeSync(descriptor);
		}
	} catch {
		// Removed since.
		return Buffer.alloc(0);
	}
}

function readBlobName(action: string): string | undefined {
	try {
		return decodeActionResult(readFileSync(action))?.sha256;
	} catch {
		return undefined;
	}
}

function hashesIn(folder: string): readonly string[] {
	return namesIn(folder).filter((name) => /^[0-9a-f]{64}$/.test(name));
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === 'ENOENT' || code === 'ENOTDIR') return [];
		throw error;
	}
}

function statIfThere(path: string): Stats | undefined {
	return statSync(path, { throwIfNoEntry: false });
}
