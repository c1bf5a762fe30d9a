import type { BigIntStats } from 'node:fs';

/** Changes whenever a file does: the time of its last change cannot be set back. */
export function stampOf(stat: BigIntStats): string {
	return `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`;
}

/** Clocks of file systems are coarse: two changes within this time may leave a file the same times. */
const COARSE_NS = 2_000_000_000n;

/** Whether any change from now on shows in a file's stamp. */
export function showsChanges(stat: BigIntStats, now = Date.now()): boolean {
	const last = stat.mtimeNs > stat.ctimeNs ? stat.mtimeNs : stat.ctimeNs;
	return BigInt(now) * 1_000_000n - last > COARSE_NS;
}
