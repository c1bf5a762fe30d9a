import { describe, expect, test } from 'vitest';
import { judgeRoom, type Room, sizeOf } from '../../../src/doctor/disk.js';
import { CACHED, CHANGED, COLD } from './work-cases.js';

const MIB = 2 ** 20;
const room = (id: Room['id'], mib: number): Room => ({ id, what: 'the cache', path: '/cache', free: mib * MIB });
const cache = (mib: number, work = COLD, bytes = 0, flag = '') =>
	judgeRoom([room('disk.cache', mib)], work, { bytes, flag })[0];

describe('the disk of the cache', () => {
	test('that has room for several builds is fine', () => {
		expect(cache(1024)).toEqual({ id: 'disk.cache', state: 'ok', found: '1.0 GiB free for the cache' });
		expect(cache(128, CHANGED)).toEqual({ id: 'disk.cache', state: 'ok', found: '128 MiB free for the cache' });
	});

	test('that is nearly full is a warning', () => {
		expect(cache(1023)).toEqual({
			id: 'disk.cache',
			state: 'warning',
			found: 'only 1023 MiB free for the cache, in /cache',
			means: 'a build may need 256 MiB there',
		});
	});

	test('without room for a build is an error', () => {
		expect(cache(255)).toEqual({
			id: 'disk.cache',
			state: 'error',
			found: 'only 255 MiB free for the cache, in /cache',
			means: 'a build may need 256 MiB there',
		});
		expect(cache(31, CHANGED)).toMatchObject({ state: 'error', means: 'a build may need 32 MiB there' });
		expect(cache(32, CHANGED)).toMatchObject({ state: 'warning' });
	});

	test('is no matter when nothing has to be made', () => {
		expect(cache(0, CACHED)).toEqual({ id: 'disk.cache', state: 'ok', found: '0 MiB free for the cache' });
	});

	test('gets room when the cache has enough to give', () => {
		expect(cache(200, COLD, 55 * MIB)).not.toHaveProperty('repair');
		expect(cache(200, COLD, 56 * MIB)).toMatchObject({ repair: 'cpybuild cache gc --max-size 0KiB' });
		expect(cache(200, COLD, 56 * MIB, ' --cache-dir /c')).toMatchObject({
			repair: 'cpybuild cache gc --max-size 0KiB --cache-dir /c',
		});
		expect(cache(300)).not.toHaveProperty('repair');
	});
});

test('temporary files and outputs need less, and the cache can give them nothing', () => {
	const rooms = [room('disk.temporary', 15), room('disk.output', 64)];
	expect(judgeRoom(rooms, COLD, { bytes: 2 ** 40, flag: '' })).toEqual([
		{
			id: 'disk.temporary',
			state: 'error',
			found: 'only 15 MiB free for the cache, in /cache',
			means: 'a build may need 16 MiB there',
		},
		{
			id: 'disk.output',
			state: 'warning',
			found: 'only 64 MiB free for the cache, in /cache',
			means: 'a build may need 64 MiB there',
		},
	]);
});

test.each([
	[0, '0 MiB'],
	[MIB - 1, '0 MiB'],
	[1023.9 * MIB, '1023 MiB'],
	[1536 * MIB, '1.5 GiB'],
])('%d bytes are shown as %s', (bytes, shown) => {
	expect(sizeOf(bytes)).toBe(shown);
});
