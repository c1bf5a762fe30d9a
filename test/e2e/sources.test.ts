import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/cache/store.js';
import { chooseCpython } from '../../src/cpython/choose.js';
import { renderPretty } from '../../src/diagnostics/render.js';
import { execute } from '../../src/execute.js';
import { CpybuildError } from '../../src/index.js';
import { nativeMachine } from '../../src/machine/native.js';
import type { PythonSource } from '../../src/manifest/manifest.js';
import { sourceStep } from '../../src/steps/source.js';
import { nativeToolchain } from '../../src/toolchain/native-clang.js';
import { found } from '../../src/toolchain/toolchain.js';
import { NO_TOOLCHAIN } from '../helpers/identity.js';
import { serve } from '../unit/source/server.js';
import { fakeCpython, makeTarball, sha256Of, tarFile } from '../unit/source/tarballs.js';

const text = 'python: "3.13.5"\n';
const span = { file: { path: 'project.yaml', text }, start: 8, end: 16 };

/** A store of the test's own, in which the source step can run alone. */
async function openCache(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** Runs the source step; gives its output folder, or what an error says. */
async function getSource(cache: string, version: string, source?: PythonSource, mirror?: string) {
	const minor = version.split('.').slice(0, 2).join('.');
	const machine = nativeMachine(process.env.PATH ?? '');
	const none = { clang: '', 'wasm-ld': '', 'llvm-ar': '', 'llvm-ranlib': '' };
	const lines: string[] = [];
	try {
		const step = sourceStep(chooseCpython({ version, minor, span, ...(source && { source }) }), { span, mirror });
		const { output } = await execute([step], [step], {
			store: await openStore(cache),
			machine,
			toolchain: found(
				nativeToolchain(
					machine,
					{ version: '', compiler: '', headers: '', isolation: [], programs: none },
					{ flags: [], libraries: '', start: '', builtins: '' },
					{ name: 'none', identity: NO_TOOLCHAIN },
				),
			),
			jobs: 1,
			signal: undefined,
			logs: join(cache, 'logs'),
			onEvent: (event) => event.type === 'output' && lines.push(event.line),
		});
		return { folder: output(step), lines, error: undefined };
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		expect(await readdir(join(cache, 'tmp'))).toEqual([]);
		return { folder: undefined, lines, error: renderPretty(error.diagnostics) };
	}
}

const list = async (folder: string | undefined) => (await readdir(folder ?? '', { recursive: true })).sort();

describe('a source that the manifest gives', () => {
	test('as URL and hash is fetched and unpacked, without what a build does not read', async () => {
		const tarball = await makeTarball(fakeCpython());
		const server = await serve((_, response) => response.end(tarball));
		const cache = await openCache();
		const source = { kind: 'url', url: `${server.url}/any/name`, sha256: sha256Of(tarball) } as const;
		const { folder, error } = await getSource(cache, '3.13.5', source);
		expect(error).toBeUndefined();
		expect(await list(folder)).toEqual(['Include', 'Include/patchlevel.h', 'configure']);
		expect(server.requests).toEqual(['/any/name']);
	});

	test('as the path of a tarball is unpacked', async () => {
		const cache = await openCache();
		const path = join(cache, 'mine.tgz');
		await writeFile(path, await makeTarball(fakeCpython()));
		const { folder } = await getSource(cache, '3.13.5', { kind: 'path', path });
		expect(await list(folder)).toEqual(['Include', 'Include/patchlevel.h', 'configure']);
	});

	test('as a tree is copied, and copied again when it changes', async () => {
		const cache = await openCache();
		const path = join(cache, 'tree');
		for (const folder of ['Include', 'Doc', '.git', 'Lib/test', 'Lib/json/tests'])
			await mkdir(join(path, folder), { recursive: true });
		for (const [name, content] of [
			['configure', '#!/bin/sh\n'],
			['Include/patchlevel.h', '#define PY_VERSION "3.13.5"\n'],
			['Doc/index.rst', ''],
			['.git/HEAD', ''],
			['Lib/test/a.py', ''],
			['Lib/os.py', 'one'],
		] as const)
			await writeFile(join(path, name), content);
		const expected = ['Include', 'Include/patchlevel.h', 'Lib', 'Lib/json', 'Lib/json/tests', 'Lib/os.py', 'configure'];
		const first = await getSource(cache, '3.13.5', { kind: 'path', path });
		expect(await list(first.folder)).toEqual(expected);

		await writeFile(join(path, '.git/HEAD'), 'another');
		expect((await getSource(cache, '3.13.5', { kind: 'path', path })).folder).toBe(first.folder);
		await writeFile(join(path, 'Lib/os.py'), 'two');
		const second = await getSource(cache, '3.13.5', { kind: 'path', path });
		expect(second.folder).not.toBe(first.folder);
		expect(await readFile(join(second.folder ?? '', 'Lib/os.py'), 'utf8')).toBe('two');
	});

	test('of another version is refused', async () => {
		const cache = await openCache();
		const path = join(cache, 'mine.tgz');
		await writeFile(path, await makeTarball(fakeCpython('3.13.4')));
		const { error } = await getSource(cache, '3.13.5', { kind: 'path', path });
		expect(error).toMatchInlineSnapshot(`
			"error[toolchain/source-version-mismatch]: the source is CPython 3.13.4, not 3.13.5
			  --> project.yaml:1:9
			   |
			 1 | python: "3.13.5"
			   |         ^^^^^^^^
			   = hint: write version: "3.13.4", or name the source of 3.13.5
			"
		`);
	});

	test.each([
		[
			'another program',
			[tarFile('configure', ''), tarFile('main.c', '')],
			'the source of CPython has no "Include/patchlevel.h"',
		],
		[
			'a tree in the wrong place',
			[tarFile('Python/configure', ''), tarFile('Python/Include/patchlevel.h', '')],
			'the source of CPython has no "configure"',
		],
		[
			'a header without a version',
			[tarFile('configure', ''), tarFile('Include/patchlevel.h', 'nothing\n')],
			'"Include/patchlevel.h" of the source names no version of CPython',
		],
	])('that is %s is refused', async (_, entries, message) => {
		const cache = await openCache();
		const path = join(cache, 'mine.tgz');
		await writeFile(path, await makeTarball(entries));
		const { error } = await getSource(cache, '3.13.5', { kind: 'path', path });
		expect(error).toBe(`error[toolchain/source-not-cpython]: ${message}
  --> project.yaml:1:9
   |
 1 | python: "3.13.5"
   |         ^^^^^^^^
   = hint: name a release tarball, or an unpacked tree of one
`);
	});

	test('with a wrong hash is refused, with both', async () => {
		const tarball = await makeTarball(fakeCpython());
		const server = await serve((_, response) => response.end(tarball));
		const source = { kind: 'url', url: `${server.url}/a.tgz`, sha256: '0'.repeat(64) } as const;
		const { error } = await getSource(await openCache(), '3.13.5', source);
		expect(error?.replaceAll(server.url, '<server>').replace(sha256Of(tarball), '<real>')).toMatchInlineSnapshot(`
			"error[toolchain/source-hash-mismatch]: <server>/a.tgz is not the file that was expected
			  --> project.yaml:1:9
			   |
			 1 | python: "3.13.5"
			   |         ^^^^^^^^
			    expected sha256 0000000000000000000000000000000000000000000000000000000000000000
			    received sha256 <real>
			   = hint: nothing was kept; find out who changed the file before you change the hash
			"
		`);
	});
});

test("a pinned version that its place does not have comes from Debian's mirror, with the same hash", async () => {
	const server = await serve((_, response) => response.writeHead(404).end());
	const cache = await openCache();
	const { folder, lines, error } = await getSource(cache, '3.11.2', undefined, server.url);
	expect(error).toBeUndefined();
	expect(server.requests).toEqual(['/ftp/python/3.11.2/Python-3.11.2.tgz']);
	expect(lines.filter((line) => line.startsWith('trying'))).toEqual([
		`trying ${server.url}/ftp/python/3.11.2/Python-3.11.2.tgz`,
		"trying Debian's source package python3.11",
	]);
	expect(await readFile(join(folder ?? '', 'Include/patchlevel.h'), 'utf8')).toContain('"3.11.2"');
	const parts = await readdir(folder ?? '');
	expect(parts.filter((name) => ['Doc', 'PC', 'PCbuild'].includes(name))).toEqual([]);
	const library = await readdir(join(folder ?? '', 'Lib'));
	expect(library.filter((name) => ['test', 'idlelib', 'tkinter', 'ensurepip'].includes(name))).toEqual([]);

	// The download is kept: without the store's entry it is unpacked again and nothing is fetched.
	for (const part of ['trees', 'ac', 'cas']) await rm(join(cache, part), { recursive: true, force: true });
	const again = await getSource(cache, '3.11.2', undefined, server.url);
	expect(again.folder).toBe(folder);
	expect(server.requests).toHaveLength(1);
});
