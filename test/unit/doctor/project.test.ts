import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { judgeLock, judgeManifest, readProject } from '../../../src/doctor/project.js';
import { shellCommand } from '../../../src/doctor/shell-word.js';
import { settleOptions } from '../../../src/settle.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32) -> s32" }
`;

let folder = '';

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true }));
});

/** Judges the project in the folder, which is shown as FOLDER. */
async function judge(files: Readonly<Record<string, string>>, options: { readonly frozen?: boolean } = {}) {
	for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
	const settled = settleOptions({ manifest: join(folder, 'app.yaml'), ...options }, {});
	const project = await readProject(settled);
	const shown = JSON.stringify([judgeManifest(project), judgeLock(project)]).replaceAll(folder, 'FOLDER');
	const [manifest, lock] = JSON.parse(shown);
	return { manifest, lock };
}

const READ = { id: 'manifest.file', state: 'ok', found: '"FOLDER/app.yaml" asks for CPython 3.13.5' };

describe('a manifest', () => {
	test('that is right, without a lock', async () => {
		expect(await judge({ 'app.yaml': MANIFEST })).toEqual({
			manifest: [READ],
			lock: [{ id: 'lock.file', state: 'ok', found: 'none yet: the first build writes it' }],
		});
	});

	test('that was named and does not exist', async () => {
		expect(await judge({})).toEqual({
			manifest: [
				{
					id: 'manifest.file',
					state: 'error',
					found: 'there is no file "FOLDER/app.yaml"',
					means: 'a build starts from a manifest',
				},
			],
			lock: [],
		});
	});

	test('that nobody named need not exist', async () => {
		const project = await readProject({ ...settleOptions({}, {}), manifest: join(folder, 'project.yaml') });
		expect(judgeManifest(project)).toEqual([
			{
				id: 'manifest.file',
				state: 'note',
				found: 'there is no "project.yaml" here',
				means: 'only the machine is examined, for a build with the defaults',
				repair: 'cpybuild init',
			},
		]);
	});

	test('with mistakes', async () => {
		const means = 'nothing is built before all of it is right; the command below shows each in its place';
		const one = MANIFEST.replace('s32) -> s32', 'int) -> s32');
		expect((await judge({ 'app.yaml': one })).manifest).toEqual([
			{
				id: 'manifest.file',
				state: 'error',
				found: '"FOLDER/app.yaml" has a mistake',
				means,
				repair: 'cpybuild check FOLDER/app.yaml',
				details: ['app.yaml:5:34: unknown type "int"'],
			},
		]);
		const two = `${one}build: { optimise: none }\n`;
		expect((await judge({ 'app.yaml': two })).manifest).toMatchObject([
			{
				found: '"FOLDER/app.yaml" has 2 mistakes',
				details: ['app.yaml:5:34: unknown type "int"', 'app.yaml:6:10: unknown key "optimise" in "build"'],
			},
		]);
	});

	test('that asks for a release which nobody pinned', async () => {
		const [read, python, ...others] = (await judge({ 'app.yaml': MANIFEST.replace('3.13.5', '3.13.99') })).manifest;
		expect(others).toEqual([]);
		expect(read).toEqual({ ...READ, found: '"FOLDER/app.yaml" asks for CPython 3.13.99' });
		expect(python).toMatchObject({
			id: 'manifest.python',
			state: 'error',
			found: 'no source of CPython 3.13.99 is pinned',
			means: expect.stringMatching(/^this CPython cannot be built: give it: python: \{ version: "3\.13\.99", source: /),
		});
	});

	test('that asks for a minor version which the tests do not build', async () => {
		const source = `{ url: "https://python.example/Python.tar.xz", sha256: "${'ab'.repeat(32)}" }`;
		const manifest = MANIFEST.replace('"3.13.5"', `{ version: "3.14.0", source: ${source} }`);
		expect((await judge({ 'app.yaml': manifest })).manifest).toEqual([
			{ ...READ, found: '"FOLDER/app.yaml" asks for CPython 3.14.0' },
			{
				id: 'manifest.python',
				state: 'warning',
				found: 'cpybuild has a recipe for CPython 3.14.0, but its tests do not build 3.14',
				means: 'it may fail, or give an interpreter in which something does not work',
			},
		]);
	});
});

describe('a lock', () => {
	const hash = 'ab'.repeat(32);
	const identity = { target: 'wasm32-wasip1', compiler: 'clang 19', programs: {}, libraries: {}, sysroot: hash };
	const lock = (choice: string) =>
		JSON.stringify({
			version: 1,
			manifests: {},
			toolchains: {
				[`${process.platform}-${process.arch}`]: { [choice]: { name: 'clang 19', identity } },
			},
		});

	test('that records a toolchain', async () => {
		expect((await judge({ 'app.yaml': MANIFEST, 'cpybuild.lock': lock('auto') })).lock).toEqual([
			{ id: 'lock.file', state: 'ok', found: 'records "clang 19"' },
		]);
	});

	test('that records none for this build', async () => {
		expect((await judge({ 'app.yaml': MANIFEST, 'cpybuild.lock': lock('debian') })).lock).toEqual([
			{ id: 'lock.file', state: 'ok', found: 'records no toolchain for this platform yet' },
		]);
	});

	test('that cannot be read', async () => {
		expect((await judge({ 'app.yaml': MANIFEST, 'cpybuild.lock': 'version: [' })).lock).toEqual([
			{
				id: 'lock.file',
				state: 'error',
				found: '"FOLDER/cpybuild.lock" cannot be read: it is not valid JSON',
				means: 'restore it from version control, or remove it: the next build writes a new one',
			},
		]);
	});

	test('that --frozen asks for and is not there', async () => {
		expect((await judge({ 'app.yaml': MANIFEST }, { frozen: true })).lock).toEqual([
			{
				id: 'lock.file',
				state: 'error',
				found: 'there is no "FOLDER/cpybuild.lock", which --frozen asks for',
				means: 'build once without --frozen, and commit the file',
			},
		]);
	});

	test('that --frozen asks for and says something else', async () => {
		expect((await judge({ 'app.yaml': MANIFEST, 'cpybuild.lock': lock('auto') }, { frozen: true })).lock).toMatchObject(
			[{ id: 'lock.file', state: 'error', found: '"FOLDER/cpybuild.lock" does not record what this build would use' }],
		);
	});
});

test('commands can be pasted into a shell', () => {
	expect(shellCommand(['npm', 'install', '--prefix', "/my project's", 'a@1'])).toBe(
		`npm install --prefix '/my project'\\''s' a@1`,
	);
});
