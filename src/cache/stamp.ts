import type { Stats } from 'node:fs';

/**
 * Changes whenever a file does: the time of its last change cannot be set back. Times are floating-point milliseconds,
 * exact to half a microsecond: those of big integers, exact to the nanosecond, take five times as long to ask for.
 */
export function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): string {
	return `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
}

/** Clocks of file systems are coarse: two changes within this time may leave a file the same times. */
const COARSE_MS = 2_000;

/** Whether any change from now on shows in a file's stamp. */
export function showsChanges({ mtimeMs, ctimeMs }: Stats, now = Date.now()): boolean {
	return now - Math.max(mtimeMs, ctimeMs) > COARSE_MS;
}
