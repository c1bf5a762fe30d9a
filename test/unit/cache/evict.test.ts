import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { encodeActionResult } from '../../../src/cache/action-result.js';
import { evict, evictNowAndThen } from '../../../src/cache/evict.js';
import { type Key, keyOf } from '../../../src/cache/key.js';
import { type EntryName, type Layout, layoutOf, lockName } from '../../../src/cache/layout.js';
import { withLock } from '../../../src/cache/lock.js';
import { openStore } from '../../../src/cache/store.js';
import { touch } from '../../../src/cache/trees.js';
import { registerUser } from '../../../src/cache/users.js';

const HOUR = 3600;

async function emptyCache(): Promise<Layout> {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-evict-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	return layoutOf(root);
}

/** Makes an entry with a tree of one file; one that is shared is packed too. */
async function makeEntry(
	layout: Layout,
	name: string,
	{ bytes, hoursAgo, shared = false }: { bytes: number; hoursAgo: number; shared?: boolean },
): Promise<EntryName> {
	const entry = { kind: 'thing', key: keyOf('thing', name, {}) };
	const store = await openStore(layout.root);
	await store.ensure(entry.kind, entry.key, {
		shared,
		fill: (folder) => writeFile(join(folder, 'file'), Buffer.alloc(bytes)),
	});
	await store.close();
	await age(layout.list(entry), hoursAgo);
	if (shared) await age(layout.action(entry), hoursAgo);
	return entry;
}

async function age(file: string, hours: number): Promise<number> {
	const seconds = Math.floor(Date.now() / 1000) - hours * HOUR;
	await utimes(file, seconds, seconds);
	return seconds * 1000;
}

function isThere(layout: Layout, name: EntryName): boolean {
	return existsSync(layout.list(name)) && existsSync(layout.tree(name));
}

test('what was not used for the longest time goes first, until the rest fits', async () => {
	const layout = await emptyCache();
	const middle = await makeEntry(layout, 'middle', { bytes: 300, hoursAgo: 2 });
	const old = await makeEntry(layout, 'old', { bytes: 100, hoursAgo: 3 });
	const young = await makeEntry(layout, 'young', { bytes: 500, hoursAgo: 1 });
	expect(await evict(layout, 900)).toEqual({ removed: [], before: 900, after: 900 });
	const { removed, before, after } = await evict(layout, 899);
	expect({ removed: removed.map(({ key, bytes }) => ({ key, bytes })), before, after }).toEqual({
		removed: [{ key: old.key, bytes: 100 }],
		before: 900,
		after: 800,
	});
	expect([old, middle, young].map((name) => isThere(layout, name))).toEqual([false, true, true]);
	expect((await evict(layout, 600)).removed.map(({ key }) => key)).toEqual([middle.key]);
	expect((await evict(layout, 0)).removed.map(({ key }) => key)).toEqual([young.key]);
	expect(await readdir(join(layout.trees, 'thing'))).toEqual([]);
	expect(await readdir(layout.tmp)).toEqual([]);
	expect(await readdir(layout.locks)).toEqual([]);
});

test('an entry takes its record and its blob with it', async () => {
	const layout = await emptyCache();
	const entry = await makeEntry(layout, 'packed', { bytes: 1000, hoursAgo: 1, shared: true });
	const [blob = ''] = await readdir(layout.blobs);
	const { size } = await stat(layout.blob(blob));
	const { removed, before, after } = await evict(layout, 0);
	expect({ removed: removed.map(({ kind, bytes }) => ({ kind, bytes })), before, after }).toEqual({
		removed: [{ kind: 'thing', bytes: 1000 + size }],
		before: 1000 + size,
		after: 0,
	});
	expect(existsSync(layout.action(entry))).toBe(false);
	expect(await readdir(layout.blobs)).toEqual([]);
});

test('an entry of which only the blob is there goes by the time of its record', async () => {
	const layout = await emptyCache();
	const entry = await makeEntry(layout, 'packed', { bytes: 1000, hoursAgo: 1, shared: true });
	const lastUse = await age(layout.action(entry), 5);
	await rm(layout.tree(entry), { recursive: true });
	await rm(layout.list(entry));
	const [blob = ''] = await readdir(layout.blobs);
	const { size: bytes } = await stat(layout.blob(blob));
	expect((await evict(layout, 0)).removed).toEqual([{ ...entry, bytes, lastUse }]);
	expect(await readdir(layout.blobs)).toEqual([]);
});

test('a blob goes with the last entry that names it', async () => {
	const layout = await emptyCache();
	const first = await makeEntry(layout, 'first', { bytes: 10, hoursAgo: 2, shared: true });
	const second = await makeEntry(layout, 'second', { bytes: 10, hoursAgo: 1, shared: true });
	const [blob, other] = await readdir(layout.blobs);
	await rm(layout.blob(other ?? ''));
	const { size } = await stat(layout.blob(blob ?? ''));
	for (const name of [first, second]) {
		await writeFile(layout.action(name), encodeActionResult({ sha256: blob ?? '', bytes: size }));
	}
	const one = await evict(layout, 10 + size);
	expect(one.removed.map(({ key, bytes }) => ({ key, bytes }))).toEqual([{ key: first.key, bytes: 10 }]);
	expect(await readdir(layout.blobs)).toEqual([blob]);
	const two = await evict(layout, 0);
	expect(two.removed.map(({ key, bytes }) => ({ key, bytes }))).toEqual([{ key: second.key, bytes: 10 + size }]);
	expect(await readdir(layout.blobs)).toEqual([]);
});

test('blobs that no entry names, and downloads, go by their own times', async () => {
	const layout = await emptyCache();
	const sha256 = 'ab'.repeat(32);
	await mkdir(layout.blobs);
	await mkdir(join(layout.downloads, sha256), { recursive: true });
	await writeFile(layout.blob(sha256), Buffer.alloc(7));
	await writeFile(join(layout.downloads, sha256, 'Python.tar.xz'), Buffer.alloc(5));
	const blobUse = await age(layout.blob(sha256), 1);
	const downloadUse = await age(join(layout.downloads, sha256, 'Python.tar.xz'), 2);
	expect(await evict(layout, 0)).toEqual({
		removed: [
			{ kind: 'download', key: sha256, bytes: 5, lastUse: downloadUse },
			{ kind: 'blob', key: sha256, bytes: 7, lastUse: blobUse },
		],
		before: 12,
		after: 0,
	});
	expect(await readdir(layout.blobs)).toEqual([]);
	expect(await readdir(join(layout.downloads, sha256))).toEqual([]);
});

test('what was used since the oldest running build began stays', async () => {
	const layout = await emptyCache();
	const before = await makeEntry(layout, 'before', { bytes: 100, hoursAgo: 3 });
	const since = await makeEntry(layout, 'since', { bytes: 100, hoursAgo: 1 });
	const endUse = registerUser(layout.users);
	const [user = ''] = await readdir(layout.users);
	await age(join(layout.users, user), 2);
	expect((await evict(layout, 0)).removed.map(({ key }) => key)).toEqual([before.key]);
	expect(isThere(layout, since)).toBe(true);
	endUse();
	expect((await evict(layout, 0)).removed.map(({ key }) => key)).toEqual([since.key]);
});

test('what a build looks at while others are evicted stays', async () => {
	const layout = await emptyCache();
	const entry = await makeEntry(layout, 'old', { bytes: 100, hoursAgo: 3 });
	const store = await openStore(layout.root);
	expect((await store.find(entry.kind, entry.key))?.path).toBe(layout.tree(entry));
	expect((await evict(layout, 0)).removed).toEqual([]);
	await store.close();
	expect(isThere(layout, entry)).toBe(true);
});

test('what is touched after its time was read gets its place back', async () => {
	const layout = await emptyCache();
	const old = await makeEntry(layout, 'old', { bytes: 100, hoursAgo: 3 });
	const young = await makeEntry(layout, 'young', { bytes: 100, hoursAgo: 2 });
	const evicting = evict(layout, 0);
	while (existsSync(layout.list(old))) await new Promise(setImmediate);
	expect(touch(layout.list(young))).toBe(true);
	const { removed } = await evicting;
	expect(removed.map(({ key }) => key)).toEqual([old.key]);
	expect(isThere(layout, young)).toBe(true);
});

test('an entry that is being made stays', async () => {
	const layout = await emptyCache();
	const entry = await makeEntry(layout, 'old', { bytes: 100, hoursAgo: 3 });
	await withLock(layout.locks, lockName(entry), 'thing', async () => {
		expect((await evict(layout, 0)).removed).toEqual([]);
	});
	expect(isThere(layout, entry)).toBe(true);
});

test('a store evicts when it has grown, once in a while', async () => {
	const layout = await emptyCache();
	const first = await makeEntry(layout, 'first', { bytes: 100, hoursAgo: 3 });
	const build = async (name: string) => {
		const store = await openStore(layout.root, { warn: () => {}, limit: 150 });
		const key: Key = keyOf('thing', name, {});
		await store.ensure('thing', key, {
			shared: false,
			fill: (folder) => writeFile(join(folder, 'file'), Buffer.alloc(100)),
		});
		await store.close();
	};
	await rm(layout.evicted, { force: true });
	await build('first');
	expect(existsSync(layout.evicted)).toBe(false);
	await age(layout.list(first), 3);
	await build('second');
	expect(isThere(layout, first)).toBe(false);
	const third = await makeEntry(layout, 'third', { bytes: 100, hoursAgo: 3 });
	await build('fourth');
	expect(isThere(layout, third)).toBe(true);
	await age(layout.evicted, 1);
	await build('fifth');
	expect(isThere(layout, third)).toBe(false);
});

test('a failure to evict fails nothing', async () => {
	const layout = await emptyCache();
	await writeFile(layout.locks, 'in the way');
	await expect(evictNowAndThen(layout, 0)).resolves.toBe(undefined);
});

test('in an empty folder there is nothing to evict', async () => {
	const layout = layoutOf(join((await emptyCache()).root, 'missing'));
	expect(await evict(layout, 0)).toEqual({ removed: [], before: 0, after: 0 });
});
