import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { files } from '../../../src/generate/files.js';
import { checkFiles, recordName, writeFiles } from '../../../src/generate/output.js';

let root = '';
let folder = '';

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'cpybuild-output-'));
	folder = join(root, 'generated');
});

afterEach(async () => {
	await rm(root, { recursive: true });
});

const two = files([
	['c/demo.c', 'int x;\n'],
	['bindings.ts', 'export {};\n'],
]);

const listing = async (): Promise<string[]> => {
	const entries = await readdir(root, { recursive: true });
	return entries.sort();
};

test('files are written with the record of them, and nothing else', async () => {
	expect(await writeFiles(two, folder)).toEqual({
		written: [recordName, 'bindings.ts', 'c/demo.c'],
		removed: [],
		unchanged: [],
	});
	expect(await listing()).toEqual([
		'generated',
		`generated/${recordName}`,
		'generated/bindings.ts',
		'generated/c',
		'generated/c/demo.c',
	]);
	expect(await readFile(join(folder, 'c/demo.c'), 'utf8')).toBe('int x;\n');
});

test('a file with the right content is not touched', async () => {
	await writeFiles(two, folder);
	await utimes(join(folder, 'bindings.ts'), 1000, 1000);
	await writeFile(join(folder, 'c/demo.c'), 'edited');
	expect(await writeFiles(two, folder)).toEqual({
		written: ['c/demo.c'],
		removed: [],
		unchanged: [recordName, 'bindings.ts'],
	});
	expect((await stat(join(folder, 'bindings.ts'))).mtimeMs).toBe(1_000_000);
});

test('what is no longer generated is removed with its empty folder, and files of others stay', async () => {
	await writeFiles(two, folder);
	await writeFile(join(folder, 'mine.ts'), '');
	const one = files([['bindings.ts', 'export {};\n']]);
	expect(await writeFiles(one, folder)).toEqual({
		written: [recordName],
		removed: ['c/demo.c'],
		unchanged: ['bindings.ts'],
	});
	expect((await readdir(folder)).sort()).toEqual([recordName, 'bindings.ts', 'mine.ts']);
});

test('a folder that holds files of others stays', async () => {
	await writeFiles(two, folder);
	await writeFile(join(folder, 'c/mine.c'), '');
	await writeFiles(files([]), folder);
	expect(await readdir(join(folder, 'c'))).toEqual(['mine.c']);
});

test('a record cannot make files outside of the folder disappear', async () => {
	await mkdir(folder);
	await writeFile(join(root, 'precious'), '');
	const outside = ['../precious', join(root, 'precious'), 'c/../../precious'];
	await writeFile(join(folder, recordName), outside.join('\n'));
	expect((await checkFiles(two, folder)).superfluous).toEqual([]);
	expect((await writeFiles(two, folder)).removed).toEqual([]);
	expect(await listing()).toContain('precious');
});

test('checking tells the difference and changes nothing', async () => {
	await writeFiles(files([...two, ['old.pyi', '']]), folder);
	await rm(join(folder, 'bindings.ts'));
	await writeFile(join(folder, 'c/demo.c'), 'edited');
	const before = await listing();
	expect(await checkFiles(two, folder)).toEqual({
		missing: ['bindings.ts'],
		stale: [recordName, 'c/demo.c'],
		superfluous: ['old.pyi'],
	});
	expect(await listing()).toEqual(before);
});

test('a folder that does not exist lacks everything', async () => {
	expect(await checkFiles(two, folder)).toEqual({
		missing: [recordName, 'bindings.ts', 'c/demo.c'],
		stale: [],
		superfluous: [],
	});
	expect(await listing()).toEqual([]);
});
