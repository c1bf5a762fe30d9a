import type { BigIntStats } from 'node:fs';
import type { FileKind, Stat, Times } from '../mount.js';

/** What the guest sees of the host's facts of a file. */
export function toStat(stats: BigIntStats): Stat {
	return {
		kind: kindOf(stats),
		device: stats.dev,
		inode: stats.ino,
		links: stats.nlink,
		size: stats.size,
		accessed: stats.atimeNs,
		modified: stats.mtimeNs,
		changed: stats.ctimeNs,
	};
}

/** The kind of a file. A named pipe has no kind in WASI. */
export function kindOf(file: BigIntStats): FileKind {
	if (file.isFile()) return 'file';
	if (file.isDirectory()) return 'directory';
	if (file.isSymbolicLink()) return 'link';
	if (file.isCharacterDevice()) return 'character-device';
	if (file.isBlockDevice()) return 'block-device';
	return file.isSocket() ? 'socket' : 'unknown';
}

/** Both times as Node takes them, the absent ones as the file has them. */
export function hostTimes(times: Times, present: () => BigIntStats): [number | Date, number | Date] {
	if (times.accessed !== undefined && times.modified !== undefined) {
		return [hostTime(times.accessed), hostTime(times.modified)];
	}
	const { atimeNs, mtimeNs } = present();
	return [hostTime(times.accessed ?? atimeNs), hostTime(times.modified ?? mtimeNs)];
}

/**
 * Node takes seconds as a double and cuts the fraction to microseconds, so the number has to be one just above the
 * microsecond that is meant. Negative numbers would be taken for "now"; a Date before 1970 is not.
 */
function hostTime(nanoseconds: bigint): number | Date {
	if (nanoseconds < 0n) return new Date(Number(nanoseconds / 1_000_000n));
	const microseconds = nanoseconds / 1000n;
	const whole = Number(microseconds / 1_000_000n);
	const fraction = Number(microseconds % 1_000_000n);
	let seconds = whole + fraction / 1e6;
	while ((seconds - whole) * 1e6 < fraction) seconds *= 1 + Number.EPSILON;
	return seconds;
}
