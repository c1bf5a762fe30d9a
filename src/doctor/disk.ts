import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { SettledOptions } from '../settle.js';
import type { Finding } from './finding.js';
import type { Work } from './work.js';

/** How much room there is in a folder. */
export interface Room {
	readonly id: 'disk.cache' | 'disk.temporary' | 'disk.output';
	/** What is kept there. */
	readonly what: string;
	readonly path: string;
	/** In bytes, for who is not root. */
	readonly free: number;
}

/** Asks how much room there is wherever a build writes. */
export function measureRoom(options: SettledOptions): Promise<readonly Room[]> {
	const places = [
		{ id: 'disk.cache', what: 'the cache', path: options.cacheDir },
		{ id: 'disk.temporary', what: 'temporary files', path: tmpdir() },
		{ id: 'disk.output', what: 'the output folder', path: options.out },
	] as const;
	return Promise.all(
		places.map(async (place) => {
			const { bavail, bsize } = await statfs(nearestFolder(place.path));
			return { ...place, free: bavail * bsize };
		}),
	);
}

/** The path itself, or the nearest folder above it that exists. */
export function nearestFolder(path: string): string {
	return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

const MIB = 2 ** 20;

/**
 * What a build writes. Measured with CPython 3.13.5: an empty cache grows to 150 MiB with all that a manifest needs, a
 * changed signature adds 8 to it, and `dist` takes 30; next to nothing lies among temporary files. Debug information
 * makes libraries several times larger, so there is some to spare.
 */
const NEEDS: Readonly<Record<Room['id'], { readonly cold: number; readonly changed: number }>> = {
	'disk.cache': { cold: 256 * MIB, changed: 32 * MIB },
	'disk.temporary': { cold: 16 * MIB, changed: 16 * MIB },
	'disk.output': { cold: 64 * MIB, changed: 64 * MIB },
};

/** What is left should hold so many builds; with less there is a warning. */
const COMFORT = 4;

/** The cache, as far as it can make room. */
export interface Reserve {
	/** How many bytes it holds. */
	readonly bytes: number;
	/** What tells commands which cache it is. */
	readonly flag: string;
}

/** Whether there is room for a build. */
export function judgeRoom(rooms: readonly Room[], work: Work, cache: Reserve): readonly Finding[] {
	return rooms.map(({ id, what, path, free }): Finding => {
		const needed = work.makes ? NEEDS[id][work.compilesCpython ? 'cold' : 'changed'] : 0;
		const found = `${sizeOf(free)} free for ${what}`;
		if (free >= COMFORT * needed) return { id, state: 'ok', found };
		const canShrink = id === 'disk.cache' && free + cache.bytes >= needed && cache.bytes > 0;
		return {
			id,
			state: free < needed ? 'error' : 'warning',
			found: `only ${found}, in ${path}`,
			means: `a build may need ${sizeOf(needed)} there`,
			...(canShrink && { repair: `cpybuild cache gc --max-size 0KiB${cache.flag}` }),
		};
	});
}

/** A size for people. */
export function sizeOf(bytes: number): string {
	return bytes >= 1024 * MIB ? `${(bytes / 1024 / MIB).toFixed(1)} GiB` : `${Math.floor(bytes / MIB)} MiB`;
}
