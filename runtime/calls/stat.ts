import { Errno, WasiError } from '../errno.js';
import type { GuestMemory } from '../guest-memory.js';
import type { FileKind, Stat, Times } from '../mount.js';
import { FileType, TimesFlag } from '../preview1.js';
import { realtime } from '../time.js';

const FILE_TYPES: Readonly<Record<FileKind, number>> = {
	file: FileType.REGULAR_FILE,
	directory: FileType.DIRECTORY,
	link: FileType.SYMBOLIC_LINK,
	'character-device': FileType.CHARACTER_DEVICE,
	'block-device': FileType.BLOCK_DEVICE,
	socket: FileType.SOCKET_STREAM,
	unknown: FileType.UNKNOWN,
};

/** WASI's number for a kind of file. */
export function fileTypeOf(kind: FileKind): number {
	return FILE_TYPES[kind];
}

/** Writes WASI's `filestat`. */
export function writeStat(memory: GuestMemory, pointer: number, stat: Stat): void {
	const at = pointer >>> 0;
	memory.writeU64(at, stat.device);
	memory.writeU64(at + 8, stat.inode);
	memory.writeU64(at + 16, BigInt(fileTypeOf(stat.kind)));
	memory.writeU64(at + 24, stat.links);
	memory.writeU64(at + 32, stat.size);
	memory.writeU64(at + 40, stat.accessed);
	memory.writeU64(at + 48, stat.modified);
	memory.writeU64(at + 56, stat.changed);
}

/** Which times a call sets, and to what. */
export function readTimes(accessed: bigint, modified: bigint, flags: number): Times {
	const both = (one: number, other: number): boolean => (flags & one) !== 0 && (flags & other) !== 0;
	if (both(TimesFlag.ATIME, TimesFlag.ATIME_NOW) || both(TimesFlag.MTIME, TimesFlag.MTIME_NOW)) {
		throw new WasiError(Errno.INVAL);
	}
	const now = realtime();
	return {
		...((flags & TimesFlag.ATIME) !== 0 && { accessed: BigInt.asIntN(64, accessed) }),
		...((flags & TimesFlag.ATIME_NOW) !== 0 && { accessed: now }),
		...((flags & TimesFlag.MTIME) !== 0 && { modified: BigInt.asIntN(64, modified) }),
		...((flags & TimesFlag.MTIME_NOW) !== 0 && { modified: now }),
	};
}

/** A size or position that JavaScript can count. */
export function toSafeNumber(value: bigint): number {
	if (value < 0n) throw new WasiError(Errno.INVAL);
	if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WasiError(Errno.FBIG);
	return Number(value);
}
