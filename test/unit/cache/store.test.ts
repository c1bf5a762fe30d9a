import { spawnSync } from 'node:child_process';
import {
	existsSync,
	lstatSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Digest, decodeActionResult, encodeActionResult } from '../../../src/cache/action-result.js';
import { evict } from '../../../src/cache/evict.js';
import { type Key, keyOf, sha256 } from '../../../src/cache/key.js';
import { layoutOf } from '../../../src/cache/layout.js';
import { processSpace } from '../../../src/cache/process-alive.js';
import type { RemoteCache } from '../../../src/cache/remote.js';
import { openStore } from '../../../src/cache/store.js';

import { dieAt } from '../../helpers/crash.js';
import {
	describeTree,
	NAME,
	OTHER_KEY,
	openThings,
	storedThing,
	temporaryFolder,
} from '../../helpers/store-fixture.js';

const key = keyOf('thing', { a: 1 }, {});

/** The number of a process that has ended: the largest that Linux gives. */
const ENDED = 4_194_304;

test('an entry is made once, and is there whole or not at all', async () => {
	const root = await temporaryFolder();
	const store = await openStore(root);
	let made = 0;
	const fill = async (folder: string) => {
		made++;
		await writeFile(join(folder, 'file'), 'content');
		expect(store.has('thing', key)).toBe(false);
	};
	const { path: entry } = await store.ensure('thing', key, { fill, shared: false });
	expect(await store.ensure('thing', key, { fill, shared: false })).toEqual({ path: entry, origin: 'local' });
	expect(made).toBe(1);
	expect(entry).toBe(join(root, 'trees/thing', key));
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('what is made quickly is packed when it is used again, unless everything is to be packed', async () => {
	const root = await temporaryFolder();
	const action = layoutOf(root).action(NAME);
	const build = async (packs: 'everything' | 'costly') => {
		const { store, ensure } = await openThings(root, { packs });
		await ensure();
		await store.close();
		return existsSync(action);
	};
	expect(await build('costly')).toBe(false);
	expect(await build('costly')).toBe(true);
	rmSync(root, { recursive: true });
	expect(await build('everything')).toBe(true);
});

test('a remote cache that can be written to gets what is made quickly, too', async () => {
	const sent: Key[] = [];
	const remote: RemoteCache = {
		writable: true,
		find: async () => undefined,
		download: async () => false,
		upload: async (sentKey) => {
			sent.push(sentKey);
		},
	};
	const { store, ensure } = await openThings(await temporaryFolder(), { packs: 'costly', remote });
	await ensure();
	await store.close();
	expect(sent).toEqual([NAME.key]);
});

test('an entry whose making fails leaves nothing', async () => {
	const root = await temporaryFolder();
	const store = await openStore(root);
	const fill = async (folder: string) => {
		await writeFile(join(folder, 'half'), '');
		throw new Error('no more');
	};
	const failing = store.ensure('thing', key, { fill, shared: false });
	await expect(failing).rejects.toThrow('no more');
	expect(store.has('thing', key)).toBe(false);
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('two that make the same entry at once both get it', async () => {
	const root = await temporaryFolder();
	const [one, two] = [await openStore(root), await openStore(root)];
	const making = { fill: (folder: string) => writeFile(join(folder, 'file'), 'same'), shared: false };
	const entries = await Promise.all([one.ensure('thing', key, making), two.ensure('thing', key, making)]);
	expect(entries[0].path).toBe(entries[1].path);
	expect(await readFile(join(entries[0].path, 'file'), 'utf8')).toBe('same');
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('opening removes what ended processes of this host left, and nothing else', async () => {
	const root = await temporaryFolder();
	const stays = [
		`${processSpace()}-${process.pid}-abc123`,
		// Other hosts that share the folder: their names may begin or end as this one's.
		`${processSpace()}-${ENDED}-9-${ENDED}-abc123`,
		`x${processSpace()}-${ENDED}-abc123`,
		`${processSpace()}-2-${ENDED}-abc123`,
		'something-else',
	];
	const goes = `${processSpace()}-${ENDED}-abc123`;
	for (const name of [...stays, goes]) await mkdir(join(root, 'tmp', name, 'entry'), { recursive: true });
	await openStore(root);
	expect((await readdir(join(root, 'tmp'))).sort()).toEqual([...stays].sort());
});

test('an entry without its tree is unpacked, also by a store that is only asked', async () => {
	const { root, tree, list } = await storedThing();
	const wanted = await describeTree(tree);
	const listed = readFileSync(list);
	rmSync(tree, { recursive: true });
	const { store, find, warnings } = await openThings(root);
	expect(store.has(NAME.kind, NAME.key)).toBe(true);
	expect(await find()).toEqual({ path: tree, origin: 'local' });
	expect(await describeTree(tree)).toEqual(wanted);
	expect(JSON.parse(readFileSync(list, 'utf8')).bytes).toEqual(JSON.parse(listed.toString()).bytes);
	expect(warnings).toEqual([]);
});

test('what is not shared is not packed', async () => {
	const { root, action } = await storedThing(false);
	expect([existsSync(action), existsSync(join(root, 'cas'))]).toEqual([false, false]);
	const { find, store } = await openThings(root);
	expect((await find())?.origin).toBe('local');
	await store.close();
	expect(existsSync(action)).toBe(false);
});

test('an entry that lost its packed form is packed again, to the same bytes', async () => {
	const { root, action, layout } = await storedThing();
	const [record, blobs] = [readFileSync(action), readdirSync(layout.blobs)];
	rmSync(action);
	rmSync(layout.blobs, { recursive: true });
	const { find, store, warnings } = await openThings(root);
	await find();
	await store.close();
	expect(readFileSync(action)).toEqual(record);
	expect(readdirSync(layout.blobs)).toEqual(blobs);
	expect(warnings).toEqual([]);
});

test('an entry that cannot be packed is used, and one warning says so', async () => {
	const root = await temporaryFolder();
	const { store, warnings } = await openThings(root);
	const fill = async (folder: string) => symlinkSync('/usr/include', join(folder, 'include'));
	for (const one of [key, keyOf('thing', { a: 3 }, {})]) {
		const { path } = await store.ensure('thing', one, { fill, shared: true });
		expect(lstatSync(join(path, 'include')).isSymbolicLink()).toBe(true);
	}
	await store.close();
	expect(warnings).toEqual([
		{
			code: 'cache/not-kept',
			severity: 'warning',
			message: `the entry of "thing" ${key.slice(0, 12)} cannot be packed: the link "include" leads out of it, to "/usr/include"`,
			hint: 'this build is not affected; other machines do not find the entry in the cache',
		},
	]);
	expect(readdirSync(join(root, 'tmp'))).toEqual([]);
});

test('an entry of a newer version is made again, and one warning says so', async () => {
	const { root, tree, action, layout } = await storedThing();
	const bytes = Buffer.from([3, 1, 2, 3]);
	rmSync(tree, { recursive: true });
	writeFileSync(layout.blob(sha256(bytes)), bytes);
	writeFileSync(action, encodeActionResult({ sha256: sha256(bytes), bytes: bytes.length }));
	const { find, ensure, warnings } = await openThings(root);
	expect(await find()).toBe(undefined);
	expect((await ensure()).origin).toBe('made');
	expect(warnings.map(({ code, message }) => [code, message])).toEqual([
		['cache/newer-format', `the cache entry of "thing" ${NAME.key.slice(0, 12)} was made by a newer cpybuild`],
	]);
});

test('use is noted in the list and in the record', async () => {
	const { root, list, action } = await storedThing();
	const long = new Date('2020-01-01');
	for (const file of [list, action]) utimesSync(file, long, long);
	const { find } = await openThings(root);
	await find();
	expect([list, action].map((file) => lstatSync(file).mtime > long)).toEqual([true, true]);
});

test('trees without a list, which were half removed, are no entries, and evicting removes them', async () => {
	const { root, tree, list } = await storedThing();
	rmSync(list);
	await evict(layoutOf(root), Number.POSITIVE_INFINITY);
	expect(existsSync(tree)).toBe(false);
	const { find, warnings } = await openThings(root);
	expect((await find())?.origin).toBe('local');
	expect(warnings).toEqual([]);
});

test('a cache that may only be read is used, and what is missing in it cannot be made', async () => {
	const { root, tree } = await storedThing();
	const refuse = () => {
		throw Object.assign(new Error('EROFS'), { code: 'EROFS', path: join(root, 'tmp') });
	};
	const end = dieAt(() => true, refuse);
	try {
		const { store, find, warnings } = await openThings(root);
		expect(await find()).toEqual({ path: tree, origin: 'local' });
		const fill = () => Promise.resolve();
		const ensuring = store.ensure('thing', OTHER_KEY, { fill, shared: true });
		await expect(ensuring).rejects.toMatchObject({ diagnostics: [{ code: 'cache/unwritable' }] });
		await store.close();
		expect(warnings).toEqual([]);
	} finally {
		end();
	}
});

/** A remote cache in memory, or one that gives this blob for everything. */
function remoteOf(given?: { readonly digest: Digest; readonly file: string }) {
	const asked: string[] = [];
	const sent: (Digest & { readonly key: Key })[] = [];
	const remote: RemoteCache = {
		writable: true,
		find: async (one) => {
			asked.push(one);
			return given?.digest ?? sent.find(({ key }) => key === one);
		},
		download: async (_, to) => {
			if (given) await copyFile(given.file, to);
			return given !== undefined;
		},
		upload: async (one, digest) => {
			sent.push({ key: one, ...digest });
		},
	};
	return { remote, asked, sent };
}

async function packedThing() {
	const { action, layout } = await storedThing();
	const digest = decodeActionResult(readFileSync(action)) ?? { sha256: '', bytes: 0 };
	return { digest, file: layout.blob(digest.sha256) };
}

test('an entry of the remote cache is unpacked here, and nothing is made or sent', async () => {
	const given = await packedThing();
	const { remote, asked, sent } = remoteOf(given);
	const root = await temporaryFolder();
	const { store, find, ensure, warnings, made } = await openThings(root, { remote });
	expect((await find())?.origin).toBe('remote');
	expect((await ensure()).origin).toBe('local');
	await store.close();
	const [copy] = readdirSync(join(root, 'cas'));
	expect(copy).toBe(given.digest.sha256);
	expect(readFileSync(join(root, 'cas', copy ?? ''))).toEqual(readFileSync(given.file));
	expect({ warnings, made: made(), asked, sent }).toEqual({ warnings: [], made: 0, asked: [NAME.key], sent: [] });
});

test('what the remote cache does not have is asked for once, made, and sent', async () => {
	const { remote, asked, sent } = remoteOf();
	const { store, find, ensure } = await openThings(await temporaryFolder(), { remote });
	expect(await find()).toBe(undefined);
	expect((await ensure()).origin).toBe('made');
	await store.close();
	expect(asked).toEqual([NAME.key]);
	expect(sent).toEqual([{ key: NAME.key, ...(await packedThing()).digest }]);
});

test('what was made before there was a remote cache is sent by the next build that uses it, and then no more', async () => {
	const { root } = await storedThing();
	const { remote, sent } = remoteOf();
	for (let build = 0; build < 2; build++) {
		const { store, find } = await openThings(root, { remote });
		expect((await find())?.origin).toBe('local');
		await store.close();
	}
	expect(sent.map(({ key }) => key)).toEqual([NAME.key]);
});

test('an entry that the remote cache gives for another one is not used', async () => {
	const { remote } = remoteOf(await packedThing());
	const root = await temporaryFolder();
	const { store, warnings } = await openThings(root, { remote });
	const fill = (folder: string) => writeFile(join(folder, 'file'), 'right');
	const { path, origin } = await store.ensure('thing', OTHER_KEY, { fill, shared: true });
	expect([origin, readdirSync(path)]).toEqual(['made', ['file']]);
	expect(warnings.map(({ code }) => code)).toEqual(['cache/damaged']);
});

/** Uses the entry of the tests in a process of its own, on a disk of so many bytes; says what the process said. */
function useOnDiskOf(size: string, root: string) {
	const script = new URL('../../helpers/use-store.ts', import.meta.url).pathname;
	const command = `mount -t tmpfs -o size=${size} none "$0" && "$1" --import jiti/register "$2" "$0"; find "$0" -type f -printf '\n%P'`;
	const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', command, root, process.execPath, script]);
	return {
		said: stderr.toString(),
		out: stdout
			.toString()
			.replaceAll(/[0-9a-f]{64}/g, 'KEY')
			.split('\n')
			.sort(),
	};
}

// Where a process may not make a namespace of its own (some containers), there is no small disk.
const canMount = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /tmp']).status === 0;

test.runIf(canMount)('a full disk while an entry is packed is a warning, and leaves nothing half-written', async () => {
	const root = await temporaryFolder();
	expect(useOnDiskOf('12k', root)).toEqual({
		said: `warning: the disk of the cache folder "${root}" is full: the output of "thing" is not packed for other machines\n`,
		out: ['made', 'trees/thing/KEY.json', 'trees/thing/KEY/a file'],
	});
});

test.runIf(canMount)('a full disk while an entry is made is an error, and leaves nothing half-written', async () => {
	const root = await temporaryFolder();
	expect(useOnDiskOf('4k', root)).toEqual({
		said: `error: the disk of the cache folder "${root}" is full: there is no room for the output of "thing"\n`,
		out: [''],
	});
});
