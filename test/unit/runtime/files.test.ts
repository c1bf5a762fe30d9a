import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Mount, memoryMount } from '../../../runtime/index.js';
import { checkedAnchors, makeAnchors } from '../../../runtime/node/anchors.js';
import { anchoredMount } from '../../../runtime/node/node-mount.js';
import { makeGuest, ROOT } from './guest.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
	for (const clean of cleanups.splice(0)) clean();
});

const folder = (): string => {
	const path = mkdtempSync(join(tmpdir(), 'cpybuild-files-'));
	cleanups.push(() => rmSync(path, { recursive: true, force: true }));
	return path;
};
const closing = (mount: Mount): Mount => {
	cleanups.push(() => mount.close());
	return mount;
};
const options = { writable: true, symlinks: true };

const mounts: Record<string, () => Mount> = {
	memory: () => memoryMount({}),
	'the host, by the best way': () => closing(anchoredMount(makeAnchors(folder()), options)),
	'the host, by any platform’s way': () => anchoredMount(checkedAnchors(folder()), options),
};

describe.each(Object.entries(mounts))('files in %s', (_name, makeMount) => {
	const guestWith = () => makeGuest({ mounts: [{ guest: '/', mount: makeMount() }] });

	test('are written and read', () => {
		const guest = guestWith();
		expect(guest.writeFile('é.txt', 'grüß dich')).toBe(11);
		expect(guest.readFile('é.txt')).toBe('grüß dich');
		expect(guest.writeFile('é.txt', 'kurz')).toBe(4);
		expect(guest.readFile('./é.txt')).toBe('kurz');
	});

	test('keep the times that they are given', () => {
		const guest = guestWith();
		guest.writeFile('a', '');
		const set = (accessed: bigint, modified: bigint, flags: number) =>
			guest.call('path_filestat_set_times', ROOT, 0, ...guest.put('a'), accessed, modified, flags);
		expect(set(1_000_000_000n, 2_000_000_000n, 1 | 4)).toBe('SUCCESS');
		expect(guest.stat('a')).toMatchObject({ accessed: 1_000_000_000n, modified: 2_000_000_000n });
		expect(set(7_000_000_000n, 9n, 1)).toBe('SUCCESS');
		expect(guest.stat('a')).toMatchObject({ accessed: 7_000_000_000n, modified: 2_000_000_000n });
		expect(set(0n, 0n, 1 | 2)).toBe('INVAL');
	});

	test('are renamed, also over others and with their directories', () => {
		const guest = guestWith();
		guest.at('path_create_directory', 'd');
		guest.writeFile('d/a', 'A');
		guest.writeFile('b', 'B');
		expect([guest.rename('d/a', 'b'), guest.readFile('b'), guest.stat('d/a')]).toEqual(['SUCCESS', 'A', 'NOENT']);
		guest.rename('b', 'd/b');
		expect([guest.rename('d', 'e'), guest.readFile('e/b'), guest.stat('d')]).toEqual(['SUCCESS', 'A', 'NOENT']);
		expect(guest.rename('e', 'e/inside')).toBe('INVAL');
		expect(guest.rename('nothing', 'x')).toBe('NOENT');
	});

	test('and directories do not replace each other', () => {
		const guest = guestWith();
		for (const name of ['full', 'empty', 'other']) guest.at('path_create_directory', name);
		guest.writeFile('full/a', '');
		guest.writeFile('file', '');
		expect(guest.rename('file', 'empty')).toBe('ISDIR');
		expect(guest.rename('empty', 'file')).toBe('NOTDIR');
		expect(guest.rename('other', 'full')).toBe('NOTEMPTY');
		expect(guest.rename('full', 'empty')).toBe('SUCCESS');
		expect(guest.readDirectory('.')).toEqual(expect.arrayContaining(['empty', 'file', 'other']));
	});

	test('are removed each by its own call', () => {
		const guest = guestWith();
		guest.at('path_create_directory', 'd');
		guest.writeFile('d/a', '');
		expect(guest.at('path_remove_directory', 'd')).toBe('NOTEMPTY');
		expect(guest.at('path_unlink_file', 'd')).toBe('ISDIR');
		expect(guest.at('path_remove_directory', 'd/a')).toBe('NOTDIR');
		expect(guest.at('path_unlink_file', 'd/a')).toBe('SUCCESS');
		expect(guest.at('path_unlink_file', 'd/a')).toBe('NOENT');
		expect(guest.at('path_remove_directory', 'd/')).toBe('SUCCESS');
		expect(guest.stat('d')).toBe('NOENT');
	});

	test('have several names by hard links', () => {
		const guest = guestWith();
		guest.writeFile('a', 'one');
		expect(guest.link('a', 'b')).toBe('SUCCESS');
		guest.writeFile('b', 'two');
		expect([guest.readFile('a'), guest.link('a', 'b')]).toEqual(['two', 'EXIST']);
		expect(guest.stat('a')).toEqual(guest.stat('b'));
		expect(guest.stat('a')).toMatchObject({ links: 2n });
	});

	test('are reached through symbolic links, which are removed without them', () => {
		const guest = guestWith();
		guest.at('path_create_directory', 'd');
		guest.writeFile('d/a', 'A');
		expect(guest.symlink('d', 'to-d')).toBe('SUCCESS');
		expect(guest.symlink('to-d/a', 'to-a')).toBe('SUCCESS');
		expect([guest.readFile('to-a'), guest.readFile('to-d/../to-d/./a')]).toEqual(['A', 'A']);
		expect(guest.stat('to-a', false)).toMatchObject({ type: 7n });
		expect(guest.stat('to-a')).toMatchObject({ type: 4n, size: 1n });
		expect(guest.open('to-a', { follow: false })).toBe('LOOP');
		expect(guest.at('path_unlink_file', 'to-d')).toBe('SUCCESS');
		expect([guest.readFile('to-a'), guest.readFile('d/a')]).toEqual(['NOENT', 'A']);
	});

	test('are made at the end of a link that leads nowhere yet', () => {
		const guest = guestWith();
		guest.symlink('later', 'now');
		expect([guest.writeFile('now', 'x'), guest.readFile('later')]).toEqual([1, 'x']);
	});

	test('are not found by links in a circle', () => {
		const guest = guestWith();
		guest.symlink('b', 'a');
		guest.symlink('a', 'b');
		expect(guest.readFile('a')).toBe('LOOP');
	});

	test('tell what a path lacks', () => {
		const guest = guestWith();
		guest.writeFile('a', '');
		expect([guest.stat('a/b'), guest.stat('a/'), guest.stat('x/y'), guest.stat('')]).toEqual([
			'NOTDIR',
			'NOTDIR',
			'NOENT',
			'NOENT',
		]);
		expect(guest.at('path_create_directory', 'x/y')).toBe('NOENT');
		expect(guest.at('path_create_directory', 'a')).toBe('EXIST');
		expect(guest.stat('n'.repeat(256))).toBe('NAMETOOLONG');
		expect(guest.stat('a\0b')).toBe('ILSEQ');
	});

	test('in a directory of a thousand are listed once each', () => {
		const guest = guestWith();
		guest.at('path_create_directory', 'd');
		const names = Array.from({ length: 1000 }, (_, index) => `file-${index}`);
		for (const name of names) guest.writeFile(`d/${name}`, '');
		const listed = guest.readDirectory('d', 1000);
		expect([...listed].sort()).toEqual(['.', '..', ...names].sort());
	});

	test('that come and go do not disturb a listing that has begun', () => {
		const guest = guestWith();
		for (const name of ['a', 'b', 'c', 'd']) guest.writeFile(name, '');
		const fd = Number(guest.open('.'));
		const first = guest.readEntries(fd, 0n, 100).map((entry) => entry.name);
		for (const name of ['a', 'b', 'c', 'd']) guest.at('path_unlink_file', name);
		const others = guest.readEntries(fd, BigInt(first.length), 4096).map((entry) => entry.name);
		expect([...first, ...others].sort()).toEqual(['.', '..', 'a', 'b', 'c', 'd']);
		expect(guest.readEntries(fd, 0n, 4096).map((entry) => entry.name)).toEqual(['.', '..']);
	});

	test('are listed with the inode numbers that their stats have', () => {
		const guest = guestWith();
		guest.writeFile('a', '');
		const stat = guest.stat('a');
		const entry = guest.readEntries(Number(guest.open('.')), 0n, 4096).find(({ name }) => name === 'a');
		expect(stat).toMatchObject({ inode: entry?.inode });
	});

	test('grow with zeros and shrink', () => {
		const guest = guestWith();
		guest.writeFile('a', 'abc');
		const fd = Number(guest.open('a', { rights: 0x42n }));
		expect(guest.call('fd_filestat_set_size', fd, 2n)).toBe('SUCCESS');
		expect(guest.call('fd_allocate', fd, 0n, 4n)).toBe('SUCCESS');
		expect(guest.readFile('a')).toBe('ab\0\0');
		expect([guest.call('fd_seek', fd, 6n, 0, 8), guest.write(fd, 'z')]).toEqual(['SUCCESS', 1]);
		expect(guest.readFile('a')).toBe('ab\0\0\0\0z');
	});
});

test('a memory mount takes no more bytes than it may, and has them back when files go', () => {
	const guest = makeGuest({ mounts: [{ guest: '/', mount: memoryMount({}, { limit: 3000 }) }] });
	expect(guest.writeFile('a', 'x'.repeat(2000))).toBe(2000);
	expect(guest.writeFile('b', 'x'.repeat(2000))).toBe('NOSPC');
	guest.at('path_unlink_file', 'a');
	expect(guest.writeFile('b', 'x'.repeat(2000))).toBe(2000);
});

test('a host reads what a guest wrote to a memory mount', () => {
	const mount = memoryMount({ out: {} });
	makeGuest({ mounts: [{ guest: '/', mount }] }).writeFile('out/a', 'done');
	expect([mount.readFile('/out/a'), mount.readFile('/out')]).toEqual([new TextEncoder().encode('done'), undefined]);
});
