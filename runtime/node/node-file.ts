import { closeSync, fstatSync, fsyncSync, ftruncateSync, futimesSync, readSync, writeSync } from 'node:fs';
import type { OpenFile, Stat, Times } from '../mount.js';
import { onHost } from './host-error.js';
import { hostTimes, toStat } from './host-stat.js';

/** An open file of the host. `appends` says that the host itself puts every write at the end. */
export function nodeFile(fd: number, appends: boolean): OpenFile {
	const size = (): number => Number(fstatSync(fd, { bigint: true }).size);
	return {
		stat: (): Stat => onHost(() => toStat(fstatSync(fd, { bigint: true }))),
		readAt: (target, position) => onHost(() => readSync(fd, target, 0, target.length, position)),
		writeAt: (source, position) => onHost(() => writeSync(fd, source, 0, source.length, position)),
		append: (source) => onHost(() => writeSync(fd, source, 0, source.length, appends ? null : size())),
		resize: (length) => onHost(() => ftruncateSync(fd, length)),
		setTimes: (times: Times) =>
			onHost(() => futimesSync(fd, ...hostTimes(times, () => fstatSync(fd, { bigint: true })))),
		sync: () => onHost(() => fsyncSync(fd)),
		close: () => onHost(() => closeSync(fd)),
	};
}
