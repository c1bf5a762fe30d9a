import { expect, test } from 'vitest';
import { memoryMount } from '../../../runtime/index.js';
import { OpenFlag, Right } from '../../../runtime/preview1.js';
import { makeGuest } from './guest.js';

const tree = { 'a.txt': 'first', 'b.txt': 'second' };
const guestWith = (options = {}) => makeGuest({ mounts: [{ guest: '/', mount: memoryMount(tree, options) }] });

test('a new descriptor has the lowest number that is free', () => {
	const guest = guestWith();
	expect([guest.open('a.txt'), guest.open('b.txt'), guest.open('a.txt')]).toEqual([4, 5, 6]);
	expect(guest.call('fd_close', 5)).toBe('SUCCESS');
	expect(guest.call('fd_close', 4)).toBe('SUCCESS');
	expect([guest.open('b.txt'), guest.open('b.txt'), guest.open('b.txt')]).toEqual([4, 5, 7]);
});

test('ten thousand files are opened one after the other', () => {
	const guest = guestWith();
	const numbers = new Set<unknown>();
	for (let count = 0; count < 10_000; count++) {
		const fd = guest.open('a.txt');
		numbers.add(fd);
		guest.call('fd_close', Number(fd));
	}
	expect([...numbers]).toEqual([4]);
});

test('a guest has 1024 descriptors, and more again when it closes one', () => {
	const guest = guestWith();
	for (let count = 4; count < 1024; count++) guest.open('a.txt');
	expect(guest.open('a.txt')).toBe('MFILE');
	guest.call('fd_close', 77);
	expect(guest.open('a.txt')).toBe(77);
});

test('a closed descriptor, and one that never was, are bad', () => {
	const guest = guestWith();
	guest.call('fd_close', Number(guest.open('a.txt')));
	expect([guest.read(4), guest.call('fd_close', 4), guest.call('fd_close', -1)]).toEqual(['BADF', 'BADF', 'BADF']);
});

test('a renumbered descriptor leaves its number and takes the other', () => {
	const guest = guestWith();
	const [one, other] = [Number(guest.open('a.txt')), Number(guest.open('b.txt'))];
	expect(guest.call('fd_renumber', one, other)).toBe('SUCCESS');
	expect([guest.read(other), guest.read(one), guest.open('b.txt')]).toEqual(['first', 'BADF', one]);
});

test('a descriptor does only what it was opened for', () => {
	const guest = guestWith();
	const reader = Number(guest.open('a.txt'));
	const writer = Number(guest.open('a.txt', { rights: Right.WRITE }));
	expect([guest.write(reader, 'x'), guest.read(writer)]).toEqual(['BADF', 'BADF']);
	expect(guest.call('fd_filestat_set_size', reader, 0n)).toBe('BADF');
	expect([guest.write(writer, 'F'), guest.read(reader)]).toEqual([1, 'First']);
});

test('seeking counts from the start, the position and the end', () => {
	const guest = guestWith();
	const fd = Number(guest.open('b.txt'));
	const seek = (offset: bigint, whence: number) => guest.call('fd_seek', fd, offset, whence, 8);
	expect([seek(-2n, 2), guest.read(fd)]).toEqual(['SUCCESS', 'nd']);
	expect([seek(1n, 0), seek(1n, 1), guest.read(fd, 2)]).toEqual(['SUCCESS', 'SUCCESS', 'co']);
	expect([seek(-9n, 1), seek(0n, 7)]).toEqual(['INVAL', 'INVAL']);
	expect([guest.call('fd_tell', fd, 8), guest.view.getBigUint64(8, true)]).toEqual(['SUCCESS', 4n]);
});

test('the standard streams cannot seek', () => {
	const guest = guestWith();
	expect([guest.call('fd_seek', 1, 0n, 0, 8), guest.call('fd_tell', 0, 8)]).toEqual(['SPIPE', 'SPIPE']);
});

test('appending goes to the end, wherever the descriptor reads', () => {
	const guest = guestWith();
	const fd = Number(guest.open('a.txt', { rights: Right.READ | Right.WRITE, fdFlags: 1 }));
	expect([guest.read(fd, 2), guest.write(fd, '!'), guest.read(fd)]).toEqual(['fi', 1, '']);
	expect(guest.readFile('a.txt')).toBe('first!');
});

test('a file stays readable after its name is gone', () => {
	const guest = guestWith();
	const fd = Number(guest.open('a.txt'));
	expect(guest.at('path_unlink_file', 'a.txt')).toBe('SUCCESS');
	expect([guest.stat('a.txt'), guest.read(fd)]).toEqual(['NOENT', 'first']);
});

test('a pointer outside of the memory is a fault of the guest', () => {
	const guest = guestWith();
	expect(guest.call('fd_prestat_get', 3, -4)).toBe('FAULT');
	expect(guest.call('path_filestat_get', 3, 0, 2 ** 31, 5, 64)).toBe('FAULT');
	expect(guest.call('random_get', 0, -1)).toBe('FAULT');
});

test('sockets are refused with an error number', () => {
	const guest = guestWith();
	const fd = Number(guest.open('a.txt'));
	for (const name of ['sock_accept', 'sock_recv', 'sock_send', 'sock_shutdown']) {
		expect([guest.call(name, fd), guest.call(name, 99)]).toEqual(['NOTSOCK', 'BADF']);
	}
});

test('a file that must be new is not opened when it is there', () => {
	const guest = guestWith();
	const flags = OpenFlag.CREATE | OpenFlag.EXCLUSIVE;
	expect([guest.open('a.txt', { flags }), typeof guest.open('new.txt', { flags })]).toEqual(['EXIST', 'number']);
});

test('every function of WASI preview1 exists', () => {
	expect(Object.keys(makeGuest().wasi.imports).sort().join(' ')).toBe(
		'args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get fd_advise fd_allocate ' +
			'fd_close fd_datasync fd_fdstat_get fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get ' +
			'fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_dir_name fd_prestat_get fd_pwrite fd_read ' +
			'fd_readdir fd_renumber fd_seek fd_sync fd_tell fd_write path_create_directory path_filestat_get ' +
			'path_filestat_set_times path_link path_open path_readlink path_remove_directory path_rename path_symlink ' +
			'path_unlink_file poll_oneoff proc_exit proc_raise random_get sched_yield sock_accept sock_recv sock_send ' +
			'sock_shutdown',
	);
});
