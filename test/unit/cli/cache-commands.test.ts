import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keyOf, sha256 } from '../../../src/cache/key.js';
import { type EntryName, layoutOf } from '../../../src/cache/layout.js';
import { withLock } from '../../../src/cache/lock.js';
import { openStore } from '../../../src/cache/store.js';
import { touch } from '../../../src/cache/trees.js';
import { registerUser } from '../../../src/cache/users.js';
import { formatBytes } from '../../../src/cli/format.js';
import { runCommandLine } from '../../../src/cli/run-command-line.js';
import { fakeTerminal } from './fake-terminal.js';

let root = '';

beforeEach(async () => {
	vi.stubEnv('TZ', 'UTC');
	vi.stubEnv('CPYBUILD_CACHE_LIMIT', undefined);
	root = await mkdtemp(join(tmpdir(), 'cpybuild-cache-'));
});

afterEach(async () => {
	vi.unstubAllEnvs();
	await rm(root, { recursive: true });
});

/** Runs `cpybuild cache`; the cache folder is shown as CACHE. */
async function cache(...argv: string[]) {
	const fake = fakeTerminal();
	const [command = '', ...others] = argv;
	const code = await runCommandLine(['cache', command, '--cache-dir', root, ...others], fake.terminal);
	return { code, stdout: fake.stdout().replaceAll(root, 'CACHE'), stderr: fake.stderr().replaceAll(root, 'CACHE') };
}

/** Puts an entry with one file into the cache, which was used at noon of that day. */
async function addEntry(kind: string, name: string, bytes: number, usedOn: string, shared = false): Promise<EntryName> {
	const entry = { kind, key: keyOf(kind, name, {}) };
	const store = await openStore(root);
	const fill = (folder: string) => writeFile(join(folder, 'file'), Buffer.alloc(bytes));
	await store.ensure(entry.kind, entry.key, { shared, fill });
	await store.close();
	await use(layoutOf(root).list(entry), usedOn);
	return entry;
}

async function addDownload(content: string, usedOn: string): Promise<string> {
	const folder = join(root, 'downloads', sha256(content));
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'Python.tar.xz'), content);
	await use(join(folder, 'Python.tar.xz'), usedOn);
	return sha256(content);
}

async function use(file: string, day: string): Promise<void> {
	await utimes(file, new Date(`${day}T12:00:00Z`), new Date(`${day}T12:00:00Z`));
}

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);

describe('cache path', () => {
	test('names the folder', async () => {
		expect(await cache('path')).toEqual({ code: 0, stdout: 'CACHE\n', stderr: '' });
		const { stdout } = await cache('path', '--json');
		expect(JSON.parse(stdout)).toEqual({ type: 'cache-path', path: 'CACHE', limit: 10 * 2 ** 30 });
		vi.stubEnv('CPYBUILD_CACHE_LIMIT', '3MiB');
		expect(JSON.parse((await cache('path', '--json')).stdout).limit).toBe(3 * 2 ** 20);
	});

	test.each([
		['20 MB', 'did you mean "20MiB"?'],
		['20', 'for example 10GiB'],
		['much', 'for example 10GiB'],
	])('a limit of "%s" is refused', async (limit, hint) => {
		vi.stubEnv('CPYBUILD_CACHE_LIMIT', limit);
		expect(await cache('path')).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[usage/bad-value]: CPYBUILD_CACHE_LIMIT takes a size in KiB, MiB or GiB, got "${limit}"\n   = hint: ${hint}\n`,
		});
	});
});

describe('cache list', () => {
	test('of an empty cache says so', async () => {
		expect(await cache('list')).toEqual({ code: 0, stdout: 'CACHE holds 0 B of at most 10.0 GiB\n', stderr: '' });
	});

	test('adds up entries by kind', async () => {
		await addEntry('link', 'a', 1000, '2026-01-03');
		await addEntry('link', 'b', 2072, '2026-01-02');
		await addEntry('base', 'a', 100, '2026-01-01');
		await addDownload('sources', '2026-01-05');
		const unnamed = 'ab'.repeat(32);
		await mkdir(join(root, 'cas'));
		await writeFile(join(root, 'cas', unnamed), 'blob');
		await use(join(root, 'cas', unnamed), '2026-01-04');
		expect((await cache('list')).stdout).toBe(
			[
				'CACHE holds 3.1 KiB of at most 10.0 GiB',
				'',
				'kind               number  unpacked  packed  last use',
				'base               1       100 B     -       2026-01-01 12:00',
				'link               2       3.0 KiB   -       2026-01-03 12:00',
				'blobs of no entry  1       -         4 B     2026-01-04 12:00',
				'downloads          1       -         7 B     2026-01-05 12:00',
				'',
			].join('\n'),
		);
	});

	test('gives programs every entry, what was not used for the longest time first', async () => {
		const young = await addEntry('link', 'young', 1000, '2026-01-03');
		const old = await addEntry('base', 'old', 100, '2026-01-01', true);
		const [blob = ''] = await readdir(join(root, 'cas'));
		await use(join(root, 'cas', blob), '2026-01-01');
		const packed = (await stat(join(root, 'cas', blob))).size;
		expect(JSON.parse((await cache('list', '--json')).stdout)).toEqual({
			type: 'cache',
			path: 'CACHE',
			limit: 10 * 2 ** 30,
			entries: [
				{ ...old, treeBytes: 100, isListed: true, blob, lastUse: at('2026-01-01') },
				{ ...young, treeBytes: 1000, isListed: true, lastUse: at('2026-01-03') },
			],
			blobs: [{ sha256: blob, bytes: packed, lastUse: at('2026-01-01') }],
			downloads: [],
			bytes: 1100 + packed,
		});
		expect((await cache('list')).stdout).toContain(
			`\nbase  1       100 B     ${formatBytes(packed)}   2026-01-01 12:00\n`,
		);
	});
});

describe('cache gc', () => {
	test('removes nothing from a cache within its limit', async () => {
		await addEntry('link', 'a', 1000, '2026-01-03');
		expect(await cache('gc')).toEqual({
			code: 0,
			stdout: 'CACHE holds 1000 B of at most 10.0 GiB, nothing was removed\n',
			stderr: '',
		});
	});

	test('says what it removed', async () => {
		const old = await addEntry('link', 'old', 1000, '2026-01-01');
		await addEntry('link', 'young', 1000, '2026-01-02');
		const sources = await addDownload('sources', '2025-12-31');
		expect(await cache('gc', '--max-size', '1KiB')).toEqual({
			code: 0,
			stdout: [
				`removed "download" ${sources.slice(0, 12)}, 7 B`,
				`removed "link" ${old.key.slice(0, 12)}, 1000 B`,
				'CACHE holds 1000 B of at most 1.0 KiB, 1007 B less than before',
				'',
			].join('\n'),
			stderr: '',
		});
	});

	test('tells programs what it removed, by the limit of the environment', async () => {
		vi.stubEnv('CPYBUILD_CACHE_LIMIT', '1KiB');
		const old = await addEntry('link', 'old', 1000, '2026-01-01');
		await addEntry('link', 'young', 1000, '2026-01-02');
		expect(JSON.parse((await cache('gc', '--json')).stdout)).toEqual({
			type: 'cache-shrunk',
			path: 'CACHE',
			limit: 1024,
			removed: [{ ...old, bytes: 1000, lastUse: at('2026-01-01') }],
			before: 2000,
			after: 1000,
		});
	});

	test('leaves what a running build may use', async () => {
		const entry = await addEntry('link', 'a', 1000, '2026-01-01');
		const endUse = registerUser(join(root, 'users'));
		touch(layoutOf(root).list(entry));
		expect((await cache('gc', '--max-size', '0KiB')).stdout).toBe(
			'CACHE holds 1000 B of at most 0 B, nothing was removed\nwhat running builds use stays\n',
		);
		endUse();
	});

	test('waits for another process that does the same', async () => {
		let running = Promise.resolve({ code: 1, stdout: '', stderr: '' });
		await withLock(join(root, 'locks'), 'evict', 'test', async () => {
			const fake = fakeTerminal();
			const command = runCommandLine(['cache', 'gc', '--cache-dir', root], fake.terminal);
			running = command.then((code) => ({ code, stdout: fake.stdout(), stderr: fake.stderr() }));
			await vi.waitUntil(() => fake.stderr() !== '');
		});
		expect((await running).stderr).toBe(`waiting for process ${process.pid} (test)\n`);
		expect((await running).code).toBe(0);
	});

	test('refuses a size without a unit', async () => {
		expect(await cache('gc', '--max-size', '20g')).toEqual({
			code: 2,
			stdout: '',
			stderr:
				'error[usage/bad-value]: option "--max-size" takes a size in KiB, MiB or GiB, got "20g"\n   = hint: did you mean "20GiB"?\n',
		});
	});
});

describe('cache verify', () => {
	test('finds nothing in a cache that nobody touched', async () => {
		await addEntry('link', 'a', 1000, '2026-01-01', true);
		await addEntry('base', 'a', 1000, '2026-01-01');
		await addDownload('sources', '2026-01-01');
		expect(await cache('verify')).toEqual({
			code: 0,
			stdout: 'CACHE: 2 entries and 1 download read, nothing is damaged\n',
			stderr: '',
		});
	});

	test('finds every kind of damage, and removes what is damaged', async () => {
		const layout = layoutOf(root);
		const tree = await addEntry('a-tree', '', 1000, '2026-01-01');
		const list = await addEntry('b-list', '', 1000, '2026-01-01');
		const record = await addEntry('c-record', '', 1000, '2026-01-01', true);
		const [blobOfRecord = ''] = await readdir(layout.blobs);
		const blob = await addEntry('d-blob', '', 1000, '2026-01-01', true);
		const [blobOfBlob = ''] = (await readdir(layout.blobs)).filter((name) => name !== blobOfRecord);
		const sources = await addDownload('sources', '2026-01-01');
		const unnamed = 'ab'.repeat(32);
		await writeFile(layout.blob(unnamed), 'blob');
		// The size of a file stays as it was.
		await writeFile(join(layout.tree(tree), 'file'), Buffer.alloc(1000, 1));
		await appendFile(layout.list(list), ' ');
		await appendFile(layout.action(record), 'x');
		const content = await readFile(layout.blob(blobOfBlob));
		content.writeUInt8(content.readUInt8(100) ^ 1, 100);
		await writeFile(layout.blob(blobOfBlob), content);
		await writeFile(join(layout.downloads, sources, 'Python.tar.xz'), 'Sources');

		const findings = [
			['a-tree', tree.key, 'the content of "file" has changed'],
			['b-list', list.key, 'the list of its files cannot be read'],
			['c-record', record.key, 'its record has changed'],
			['d-blob', blob.key, 'the packed files have changed'],
			['blob', unnamed, 'its content has changed'],
			['download', sources, 'its content has changed'],
		] as const;
		const lines = (word: string) =>
			findings.map(([kind, key, what]) => `${word}: "${kind}" ${key.slice(0, 12)}: ${what}\n`).sort();
		const kept = await cache('verify', '--keep');
		expect(kept.code).toBe(1);
		expect(kept.stdout.split(/(?<=\n)/).sort()).toEqual(
			[...lines('damaged'), 'CACHE: 4 entries and 1 download read, 6 damaged\n'].sort(),
		);
		const { stdout, code } = await cache('verify', '--json');
		const report = JSON.parse(stdout);
		expect(code).toBe(1);
		expect(report).toEqual({
			type: 'cache-verified',
			path: 'CACHE',
			entries: 4,
			downloads: 1,
			damaged: expect.arrayContaining(findings.map(([kind, key, what]) => ({ kind, key, what }))),
			removed: true,
		});
		expect(report.damaged).toHaveLength(6);
		expect([tree, list].some((name) => existsSync(layout.tree(name)))).toBe(false);
		expect([record, blob].some((name) => existsSync(layout.action(name)))).toBe(false);
		expect([record, blob].every((name) => existsSync(layout.tree(name)))).toBe(true);
		expect(await readdir(join(layout.downloads, sources))).toEqual([]);
		expect(await cache('verify')).toMatchObject({
			code: 0,
			stdout: 'CACHE: 2 entries and 0 downloads read, nothing is damaged\n',
		});
	});
});
