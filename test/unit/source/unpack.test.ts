import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TarEntry } from 'modern-tar';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unpackTarball } from '../../../src/source/unpack.js';
import { makeTarball, tarFile } from './tarballs.js';

/** A folder with a tarball in it; `inside` is where it is unpacked, `outside` what hostile entries aim at. */
async function arrange(content: Uint8Array | string, name = 'Python.tgz') {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-unpack-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const inside = join(folder, 'a/b/inside');
	const outside = join(folder, 'outside');
	await mkdir(inside, { recursive: true });
	await mkdir(outside);
	await writeFile(join(outside, 'kept'), 'as it was');
	const tarball = join(folder, name);
	await writeFile(tarball, content);
	return { folder, inside, outside, tarball };
}

const all = () => true;

describe('a release tarball', () => {
	const entries = [tarFile('configure', '#!/bin/sh\n'), tarFile('Lib/os.py', 'pass\n'), tarFile('Doc/a.rst', 'a\n')];

	test.each(['Python.tgz', 'v3.13.5', 'Python.tar.xz'])(
		'is known by its first bytes, not by its name %s',
		async (name) => {
			const { inside, tarball } = await arrange(await makeTarball(entries), name);
			await unpackTarball(tarball, inside, (path) => !path.startsWith('Doc/'));
			expect((await readdir(inside, { recursive: true })).sort()).toEqual(['Lib', 'Lib/os.py', 'configure']);
			expect(await readFile(join(inside, 'Lib/os.py'), 'utf8')).toBe('pass\n');
		},
	);

	test('stops when the build is interrupted', async () => {
		const { inside, tarball } = await arrange(await makeTarball(entries));
		const unpacked = unpackTarball(tarball, inside, all, { signal: AbortSignal.abort() });
		await expect(unpacked).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
	});
});

describe('what is no tarball', () => {
	test.each([
		['text', 'this is no tarball at all\n'.repeat(100)],
		['a damaged gzip', Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(600, 1)])],
		['a damaged xz', Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(600, 1)])],
	])('is refused with its name: %s', async (_, content) => {
		const { inside, tarball } = await arrange(content, 'Python.tar.xz');
		const unpacked = unpackTarball(tarball, inside, all);
		await expect(unpacked).rejects.toMatchObject({
			diagnostics: [
				{
					code: 'toolchain/source-not-cpython',
					message: expect.stringMatching(/^"Python\.tar\.xz" cannot be unpacked: .+/),
					hint: 'name a release tarball (.tar.xz or .tgz), or an unpacked tree of one',
				},
			],
		});
		expect(await readdir(inside)).toEqual([]);
	});
});

describe('a hostile tarball writes nothing outside', () => {
	const link = (name: string, linkname: string, type: 'symlink' | 'link'): TarEntry => ({
		header: { name: `Python-3.13.5/${name}`, size: 0, type, linkname, mode: 0o777 },
	});
	const file = (name: string): TarEntry => ({
		header: { name, size: 4, type: 'file', mode: 0o644 },
		body: 'evil',
	});
	const cases: readonly (readonly [string, (outside: string) => TarEntry[]])[] = [
		['an absolute path', (outside) => [file(`${outside}/evil`)]],
		['an absolute path after the first folder', (outside) => [file(`Python-3.13.5/${outside}/evil`)]],
		['parents', () => [file('Python-3.13.5/../../../../outside/evil')]],
		['parents at the start', () => [file('../../../../outside/evil')]],
		['parents in the middle', () => [file('Python-3.13.5/Lib/../../../../../outside/evil')]],
		['an absolute link', (outside) => [link('Lib', outside, 'symlink'), file('Python-3.13.5/Lib/evil')]],
		['a relative link', () => [link('Lib', '../../../outside', 'symlink'), file('Python-3.13.5/Lib/evil')]],
		[
			'a link through a link',
			() => [link('up', '..', 'symlink'), link('Lib', 'up/../../outside', 'symlink'), file('Python-3.13.5/Lib/evil')],
		],
		[
			'a link to a file that is then written',
			(outside) => [link('configure', `${outside}/kept`, 'symlink'), file('Python-3.13.5/configure')],
		],
		[
			'a hard link to a file that is then written',
			(outside) => [link('configure', `${outside}/kept`, 'link'), file('Python-3.13.5/configure')],
		],
	];

	test.each(cases)('%s', async (_, entries) => {
		const { folder, inside, outside, tarball } = await arrange('');
		await writeFile(tarball, await makeTarball(entries(outside)));
		await unpackTarball(tarball, inside, all).catch(() => {});
		expect((await readdir(folder)).sort()).toEqual(['Python.tgz', 'a', 'outside']);
		expect(await readdir(outside)).toEqual(['kept']);
		expect(await readFile(join(outside, 'kept'), 'utf8')).toBe('as it was');
		expect(existsSync(join(folder, 'a/evil'))).toBe(false);
		expect(await readdir(join(folder, 'a/b'))).toEqual(['inside']);
	});
});
