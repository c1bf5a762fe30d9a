import { lstatSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { keyOf, sha256 } from '../../../src/cache/key.js';
import { listTree, verifyTree } from '../../../src/cache/tree.js';
import { bytesOf, decodeList, encodeList } from '../../../src/cache/tree-list.js';
import { fillThing, NAME, OTHER_KEY, temporaryFolder } from '../../helpers/store-fixture.js';

async function thing(): Promise<string> {
	const folder = await temporaryFolder();
	await fillThing(folder);
	return folder;
}

/** Lists a tree as if it had been there for long. */
function listOld(folder: string) {
	const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3000);
	try {
		return listTree(folder, true);
	} finally {
		now.mockRestore();
	}
}

test('a tree is listed by path, with what its files are', async () => {
	const folder = await temporaryFolder();
	await mkdir(join(folder, 'b/empty'), { recursive: true });
	await writeFile(join(folder, 'b/x'), 'x');
	await writeFile(join(folder, 'a'), 'aa');
	await chmod(join(folder, 'a'), 0o700);
	await symlink('a', join(folder, 'c'));
	const list = listTree(folder, false);
	expect(list.shared).toBe(false);
	expect([...list.files]).toEqual([
		['a', { type: 'file', size: 2, sha256: sha256('aa'), executable: true, stamp: undefined }],
		['b/empty', { type: 'folder' }],
		['b/x', { type: 'file', size: 1, sha256: sha256('x'), executable: false, stamp: undefined }],
		['c', { type: 'link', target: 'a' }],
	]);
	expect(bytesOf(list)).toBe(3);
	expect(verifyTree(folder, list)).toEqual({ intact: true, list });
});

test('files get stamps once a change would show in them, and are not read again', async () => {
	const folder = await thing();
	const young = listTree(folder, true);
	const old = listOld(folder);
	const stampsOf = (list: typeof young) =>
		[...list.files.values()].flatMap((file) => (file.type === 'file' ? [file.stamp] : []));
	expect(new Set(stampsOf(young))).toEqual(new Set([undefined]));
	expect(stampsOf(old)).not.toContain(undefined);
	expect(verifyTree(folder, young)).toEqual({ intact: true, list: young });
	// The list says another content, and nobody looks.
	const wrong = new Map(
		[...old.files].map(([path, file]) => [path, file.type === 'file' ? { ...file, sha256: '0' } : file]),
	);
	expect(verifyTree(folder, { ...old, files: wrong })).toEqual({ intact: true, list: { ...old, files: wrong } });
	const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3000);
	expect(verifyTree(folder, young)).toEqual({ intact: true, list: old });
	now.mockRestore();
});

const changes: readonly [string, (folder: string) => Promise<void>, string][] = [
	[
		'a changed content',
		(folder) => writeFile(join(folder, 'a file'), 'kontent\n'),
		'the content of "a file" has changed',
	],
	[
		'a changed content with the old times',
		async (folder) => {
			const { atime, mtime } = lstatSync(join(folder, 'a file'));
			await writeFile(join(folder, 'a file'), 'kontent\n');
			await utimes(join(folder, 'a file'), atime, mtime);
		},
		'the content of "a file" has changed',
	],
	['a longer file', (folder) => writeFile(join(folder, 'empty'), 'x'), '"empty" has 1 bytes instead of 0'],
	['a missing file', (folder) => rm(join(folder, 'tool')), '"tool" is missing'],
	['a new file', (folder) => writeFile(join(folder, 'deep/new'), ''), '"deep/new" does not belong there'],
	['a new empty folder', (folder) => mkdir(join(folder, 'new')), '"new" does not belong there'],
	[
		'a file that may not be run any more',
		(folder) => chmod(join(folder, 'tool'), 0o644),
		'the permissions of "tool" have changed',
	],
	[
		'a file that may be run now',
		(folder) => chmod(join(folder, 'empty'), 0o755),
		'the permissions of "empty" have changed',
	],
	[
		'a link that leads elsewhere',
		async (folder) => {
			await rm(join(folder, 'deep/link'));
			await symlink('../empty', join(folder, 'deep/link'));
		},
		'the link "deep/link" has changed',
	],
	[
		'a file in the place of a link',
		async (folder) => {
			await rm(join(folder, 'deep/link'));
			await writeFile(join(folder, 'deep/link'), '../a file');
		},
		'the link "deep/link" has changed',
	],
	[
		'a link in the place of a file',
		async (folder) => {
			await rename(join(folder, 'tool'), join(folder, '../tool'));
			await symlink('../../tool', join(folder, 'tool'));
		},
		'"tool" is no file any more',
	],
	[
		'a missing empty folder',
		(folder) => rm(join(folder, 'nothing'), { recursive: true }),
		'"nothing/inside" is missing',
	],
	[
		'a file in an empty folder',
		(folder) => writeFile(join(folder, 'nothing/inside/x'), ''),
		'"nothing/inside/x" does not belong there',
	],
];

test.each(changes)('%s is noticed, with stamps and without', async (_, change, what) => {
	const folder = join(await temporaryFolder(), 'tree');
	await mkdir(folder);
	await fillThing(folder);
	const [young, old] = [listTree(folder, true), listOld(folder)];
	await change(folder);
	expect(verifyTree(folder, young)).toEqual({ intact: false, what });
	expect(verifyTree(folder, old)).toEqual({ intact: false, what });
});

test('a file that is the same and has other times is still the same', async () => {
	const folder = await thing();
	const old = listOld(folder);
	await writeFile(join(folder, 'a file'), await readFile(join(folder, 'a file')));
	expect(verifyTree(folder, old).intact).toBe(true);
});

test('a list is stored and read', async () => {
	const list = listOld(await thing());
	const stored = encodeList(NAME, list);
	expect(stored.startsWith(`{"bytes":${bytesOf(list)},"sha256":"`)).toBe(true);
	expect(JSON.parse(stored)).toMatchObject(NAME);
	expect(decodeList(NAME, Buffer.from(stored))).toEqual(list);
	expect(decodeList({ ...NAME, key: OTHER_KEY }, Buffer.from(stored))).toBe(undefined);
	expect(decodeList({ ...NAME, kind: 'another' }, Buffer.from(stored))).toBe(undefined);
});

test('every bit of a list counts, and every byte', async () => {
	const folder = await temporaryFolder();
	await writeFile(join(folder, 'ü\uFFFD'), 'x');
	const stored = Buffer.from(encodeList({ kind: 'thing', key: keyOf('x', {}, {}) }, listTree(folder, true)));
	const read = (bytes: Buffer) => decodeList({ kind: 'thing', key: keyOf('x', {}, {}) }, bytes);
	expect(read(stored)).toBeDefined();
	for (let at = 0; at < stored.length; at++) {
		for (let bit = 0; bit < 8; bit++) {
			const damaged = Buffer.from(stored);
			damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
			expect(read(damaged), `bit ${bit} of byte ${at}`).toBe(undefined);
		}
		expect(read(stored.subarray(0, at)), `cut at ${at}`).toBe(undefined);
	}
	expect(read(Buffer.concat([stored, Buffer.from(' ')]))).toBe(undefined);
});
