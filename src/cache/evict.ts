import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CacheContents, type CachedEntry, listContents } from './contents.js';
import { type Layout, lockName } from './layout.js';
import { type LockOptions, sweepLocks, withFreeLock, withLock } from './lock.js';
import { withScratch } from './scratch.js';
import { sweepTrees } from './sweep.js';
import { oldestUse } from './users.js';

/** What an eviction did. */
export interface Evicted {
	/** In the order of their last use. */
	readonly removed: readonly Evictable[];
	/** How many bytes the cache held before, and holds now. */
	readonly before: number;
	readonly after: number;
}

/** Something that is evicted as a whole. */
export interface Evictable {
	/** The kind of an entry; `blob` for one that no entry names, `download` for a source. */
	readonly kind: string;
	/** The key of an entry, else the hash of the content. */
	readonly key: string;
	/** What its removal gives back. */
	readonly bytes: number;
	/** In milliseconds since 1970. */
	readonly lastUse: number;
}

/** How an eviction waits for another one, and how careful it is. */
export interface EvictOptions extends LockOptions {
	/**
	 * How far the clocks of all who use the cache may be apart, file servers and the coarse clocks of file systems
	 * among them.
	 */
	readonly clocksMs?: number;
}

const CLOCKS_MS = 2000;

/** The lock under which one process at a time evicts. */
const LOCK = ['evict', 'removing what was not used for a long time'] as const;

/**
 * Removes what has not been used for the longest time, until the cache holds at most `limit` bytes.
 *
 * What a running build has looked at stays: (1) an open store is registered before it looks at anything, and touches
 * what it finds. (2) Here times of use are read first and users afterwards, so the user behind every time that is read
 * is known, and what was used since the oldest of them began is left alone. (3) What is touched after its time was read
 * gets its place back: its time is looked at again when it is out of its place. (4) A store that finds nothing to touch
 * takes the entry as missing.
 */
export function evict(layout: Layout, limit: number, options: EvictOptions = {}): Promise<Evicted> {
	const { clocksMs = CLOCKS_MS } = options;
	const end = Number.POSITIVE_INFINITY;
	return withLock(layout.locks, ...LOCK, () => evictAlone(layout, { limit, end, clocksMs }), options);
}

/** How often a store that has grown looks for what to evict, and how much time it takes for it. */
const PERIOD_MS = 5 * 60_000;
const BUDGET_MS = 2000;

/** Evicts once in a while, for a short time, and unless another process does; a failure is no reason to fail a build. */
export async function evictNowAndThen(layout: Layout, limit: number): Promise<void> {
	try {
		const last = statSync(layout.evicted, { throwIfNoEntry: false })?.mtimeMs ?? 0;
		if (Date.now() - last < PERIOD_MS) return;
		writeFileSync(layout.evicted, '');
		const end = performance.now() + BUDGET_MS;
		await withFreeLock(layout.locks, ...LOCK, () => evictAlone(layout, { limit, end, clocksMs: CLOCKS_MS }));
	} catch {
		// What is too much is removed another time.
	}
}

/** Two touches within this time may leave the same time of use. */
const TOUCH_MS = 20;

async function evictAlone(
	layout: Layout,
	{ limit, end, clocksMs }: { readonly limit: number; readonly end: number; readonly clocksMs: number },
): Promise<Evicted> {
	const now = Date.now();
	await sweepTrees(layout);
	const contents = listContents(layout);
	const inUse = Math.min(now - TOUCH_MS, oldestUse(layout.users) - clocksMs);
	const removed: Evictable[] = [];
	let after = contents.bytes;
	await withScratch(layout.tmp, async (scratch) => {
		for (const { remove, ...evictable } of candidates(layout, contents, scratch)) {
			if (after <= limit || evictable.lastUse >= inUse || performance.now() > end) break;
			if (!(await remove())) continue;
			after -= evictable.bytes;
			removed.push(evictable);
		}
	});
	sweepLocks(layout.locks);
	return { removed, before: contents.bytes, after };
}

/** Removes a thing, unless it was used since it was looked at; says whether it did. */
interface Candidate extends Evictable {
	readonly remove: () => boolean | Promise<boolean>;
}

/** All that can be evicted, least recently used first. What a removal gives back depends on those before it. */
function* candidates(layout: Layout, contents: CacheContents, scratch: string): Iterable<Candidate> {
	const blobs = new Map(contents.blobs.map((blob) => [blob.sha256, blob]));
	const uses = new Map<string, number>();
	for (const { blob } of contents.entries) if (blob) uses.set(blob, (uses.get(blob) ?? 0) + 1);

	const entryCandidate = (entry: CachedEntry): Candidate => {
		const { kind, key, treeBytes, lastUse } = entry;
		const blob = entry.blob && uses.get(entry.blob) === 1 ? blobs.get(entry.blob) : undefined;
		const remove = async () => {
			const isRemoved = await removeEntry(layout, entry, blob && layout.blob(blob.sha256), scratch);
			if (isRemoved && entry.blob) uses.set(entry.blob, (uses.get(entry.blob) ?? 0) - 1);
			return isRemoved;
		};
		return { kind, key, bytes: treeBytes + (blob?.bytes ?? 0), lastUse, remove };
	};
	const fileCandidate = (kind: string, file: string, found: { sha256: string; bytes: number; lastUse: number }) => {
		const { sha256: key, bytes, lastUse } = found;
		return { kind, key, bytes, lastUse, remove: () => takeAway(file, lastUse, scratch) };
	};
	const found = [
		...contents.entries.map((entry) => ({ entry, lastUse: entry.lastUse })),
		...contents.blobs
			.filter(({ sha256 }) => !uses.has(sha256))
			.map((blob) => fileCandidate('blob', layout.blob(blob.sha256), blob)),
		...contents.downloads.map((source) =>
			fileCandidate('download', join(layout.downloads, source.sha256, source.name), source),
		),
	];
	for (const one of found.sort((a, b) => a.lastUse - b.lastUse)) yield 'entry' in one ? entryCandidate(one.entry) : one;
}

/** Nobody unpacks or makes the entry meanwhile: those who do hold its lock. */
async function removeEntry(layout: Layout, entry: CachedEntry, blob: string | undefined, scratch: string) {
	const [tree, list, action] = [layout.tree(entry), layout.list(entry), layout.action(entry)];
	const dropped = join(scratch, 'tree');
	const isRemoved = await withFreeLock(layout.locks, lockName(entry), `removing ${entry.kind}`, async () => {
		if (!entry.isListed && existsSync(list)) return false;
		if (!takeAway(entry.isListed ? list : action, entry.lastUse, scratch)) return false;
		if (existsSync(tree)) renameSync(tree, dropped);
		// A blob never goes before the record that names it.
		for (const file of [action, blob]) if (file !== undefined) rmSync(file, { force: true });
		return true;
	});
	await rm(dropped, { recursive: true, force: true, maxRetries: 3 });
	return isRemoved ?? false;
}

/** Removes a file, unless it has been touched since `lastUse`; then it is back in its place. */
function takeAway(file: string, lastUse: number, scratch: string): boolean {
	const taken = join(scratch, 'taken');
	try {
		renameSync(file, taken);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
	const isUsed = statSync(taken).mtimeMs !== lastUse;
	if (isUsed) renameSync(taken, file);
	else rmSync(taken);
	return !isUsed;
}
