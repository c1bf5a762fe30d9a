import { expect, test } from 'vitest';
import { memoryMount } from '../../../runtime/index.js';
import { makeGuest } from './guest.js';

const library = () => memoryMount({ lib: { 'os.py': 'pass' } }, { writable: false });

test('mounts are seen at their places, also where the root has no such directory', () => {
	const guest = makeGuest({
		mounts: [
			{ guest: '/', mount: library() },
			{ guest: '/data', mount: memoryMount({ a: 'A' }) },
			{ guest: '/srv/deep/er', mount: memoryMount({ b: 'B' }) },
		],
	});
	expect([guest.readFile('data/a'), guest.readFile('/srv/deep/er/b'), guest.readFile('lib/os.py')]).toEqual([
		'A',
		'B',
		'pass',
	]);
	expect(guest.readDirectory('/')).toEqual(['.', '..', 'lib', 'data', 'srv']);
	expect(guest.readDirectory('/srv')).toEqual(['.', '..', 'deep']);
	expect(guest.readDirectory('/data/../srv/deep')).toEqual(['.', '..', 'er']);
});

test('a mount inside of another hides what is there', () => {
	const outer = memoryMount({ inner: { hidden: '' }, seen: '' });
	const guest = makeGuest({
		mounts: [
			{ guest: '/d', mount: outer },
			{ guest: '/d/inner', mount: memoryMount({ shown: '' }) },
		],
	});
	expect(guest.readDirectory('/d')).toEqual(['.', '..', 'seen', 'inner']);
	expect(guest.readDirectory('/d/inner')).toEqual(['.', '..', 'shown']);
});

test('the root is above itself', () => {
	const guest = makeGuest({ mounts: [{ guest: '/', mount: library() }] });
	expect(guest.readFile('../../lib/../../lib/os.py')).toBe('pass');
});

test('a mount that is not writable refuses every change', () => {
	const guest = makeGuest({ mounts: [{ guest: '/', mount: library() }] });
	const fd = Number(guest.open('lib/os.py'));
	expect({
		make: guest.at('path_create_directory', 'x'),
		write: guest.writeFile('lib/os.py', ''),
		create: guest.writeFile('lib/new.py', ''),
		unlink: guest.at('path_unlink_file', 'lib/os.py'),
		remove: guest.at('path_remove_directory', 'lib'),
		rename: guest.rename('lib/os.py', 'lib/so.py'),
		link: guest.link('lib/os.py', 'lib/so.py'),
		symlink: guest.symlink('os.py', 'lib/so.py'),
		times: guest.call('path_filestat_set_times', 3, 0, ...guest.put('lib/os.py'), 0n, 0n, 5),
		fdTimes: guest.call('fd_filestat_set_times', fd, 0n, 0n, 5),
		directoryTimes: guest.call('fd_filestat_set_times', 3, 0n, 0n, 5),
		size: guest.call('fd_filestat_set_size', fd, 0n),
	}).toEqual({
		make: 'ROFS',
		write: 'ROFS',
		create: 'ROFS',
		unlink: 'ROFS',
		remove: 'ROFS',
		rename: 'ROFS',
		link: 'ROFS',
		symlink: 'ROFS',
		times: 'ROFS',
		fdTimes: 'ROFS',
		directoryTimes: 'ROFS',
		size: 'BADF',
	});
	expect(guest.readFile('lib/os.py')).toBe('pass');
});

test('a mount’s place and what is above it stay', () => {
	const guest = makeGuest({
		mounts: [
			{ guest: '/', mount: memoryMount({ a: { b: {} } }) },
			{ guest: '/a/b', mount: memoryMount({}) },
		],
	});
	expect([guest.at('path_remove_directory', 'a/b'), guest.rename('a', 'c'), guest.rename('a/b', 'c')]).toEqual([
		'BUSY',
		'BUSY',
		'BUSY',
	]);
});

test('nothing is renamed or linked from one mount to another', () => {
	const guest = makeGuest({
		mounts: [
			{ guest: '/a', mount: memoryMount({ file: '' }) },
			{ guest: '/b', mount: memoryMount({}) },
		],
	});
	expect([guest.rename('a/file', 'b/file'), guest.link('a/file', 'b/file')]).toEqual(['XDEV', 'XDEV']);
});

test('links lead on within their mount only', () => {
	const guest = makeGuest({
		mounts: [
			{ guest: '/', mount: memoryMount({ secret: 'S' }) },
			{ guest: '/data', mount: memoryMount({ file: 'F', sub: {} }) },
		],
	});
	for (const [target, path] of [
		['../file', '/data/sub/up'],
		['../../data/file', '/data/sub/around'],
		['../../secret', '/data/sub/out'],
		['/data/file', '/data/absolute'],
		['/secret', '/data/absolute-out'],
		['/data/file', '/into-data'],
		['..', '/data/parent'],
	] as const) {
		expect(guest.symlink(target, path)).toBe('SUCCESS');
	}
	expect({
		up: guest.readFile('/data/sub/up'),
		around: guest.readFile('/data/sub/around'),
		out: guest.readFile('/data/sub/out'),
		absolute: guest.readFile('/data/absolute'),
		absoluteOut: guest.readFile('/data/absolute-out'),
		intoData: guest.readFile('/into-data'),
		parent: guest.readFile('/data/parent/secret'),
		typed: guest.readFile('/data/sub/../../secret'),
	}).toEqual({
		up: 'F',
		around: 'NOTCAPABLE',
		out: 'NOTCAPABLE',
		absolute: 'F',
		absoluteOut: 'NOTCAPABLE',
		intoData: 'NOTCAPABLE',
		parent: 'NOTCAPABLE',
		typed: 'S',
	});
});

test('files of two mounts in memory are never the same', () => {
	const guest = makeGuest({
		mounts: [
			{ guest: '/a', mount: memoryMount({ file: '' }) },
			{ guest: '/b', mount: memoryMount({ file: '' }) },
		],
	});
	expect(guest.stat('a/file')).not.toEqual(guest.stat('b/file'));
});

test('a mount’s place is an absolute path', () => {
	const mounts = (guest: string) => ({ mounts: [{ guest, mount: memoryMount({}) }] });
	expect(() => makeGuest(mounts('data'))).toThrow(new TypeError('not an absolute guest path: "data"'));
	expect(() => makeGuest(mounts('/a/../b'))).toThrow(new TypeError('not an absolute guest path: "/a/../b"'));
});
