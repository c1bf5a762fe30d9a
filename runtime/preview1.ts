/** Numbers of the WASI preview1 interface, as the guest's libc spells them. */

/** Kinds of file. */
export const FileType = {
	UNKNOWN: 0,
	BLOCK_DEVICE: 1,
	CHARACTER_DEVICE: 2,
	DIRECTORY: 3,
	REGULAR_FILE: 4,
	SOCKET_STREAM: 6,
	SYMBOLIC_LINK: 7,
} as const;

/** Bits of `path_open`'s oflags. */
export const OpenFlag = { CREATE: 1, DIRECTORY: 2, EXCLUSIVE: 4, TRUNCATE: 8 } as const;

/** Bits of a descriptor's flags. */
export const FdFlag = { APPEND: 1, DSYNC: 2, NONBLOCK: 4, RSYNC: 8, SYNC: 16 } as const;

/** The bit of a path call's lookup flags that asks to follow a link in the last place. */
export const LOOKUP_FOLLOW = 1;

/** Bits that say which times to set. */
export const TimesFlag = { ATIME: 1, ATIME_NOW: 2, MTIME: 4, MTIME_NOW: 8 } as const;

/** Values of `fd_seek`'s whence. */
export const Whence = { SET: 0, CURRENT: 1, END: 2 } as const;

/** Clock ids. */
export const ClockId = { REALTIME: 0, MONOTONIC: 1, PROCESS_CPUTIME: 2, THREAD_CPUTIME: 3 } as const;

/** Kinds of subscription and event of `poll_oneoff`. */
export const EventType = { CLOCK: 0, FD_READ: 1, FD_WRITE: 2 } as const;

/** The bit of a clock subscription whose timeout is a point in time. */
export const ABSOLUTE_TIME = 1;

/** Rights of descriptors: libc derives open modes and `isatty` from them. */
export const Right = {
	READ: 1n << 1n,
	SEEK: 1n << 2n,
	TELL: 1n << 5n,
	WRITE: 1n << 6n,
	READDIR: 1n << 14n,
	ALL: (1n << 30n) - 1n,
} as const;
