/** Error numbers of WASI preview1, by their POSIX names without the leading E. */
export const Errno = {
	SUCCESS: 0,
	ACCES: 2,
	AGAIN: 6,
	BADF: 8,
	BUSY: 10,
	CONNRESET: 15,
	DQUOT: 19,
	EXIST: 20,
	FAULT: 21,
	FBIG: 22,
	ILSEQ: 25,
	INTR: 27,
	INVAL: 28,
	IO: 29,
	ISDIR: 31,
	LOOP: 32,
	MFILE: 33,
	MLINK: 34,
	NAMETOOLONG: 37,
	NFILE: 41,
	NODEV: 43,
	NOENT: 44,
	NOMEM: 48,
	NOSPC: 51,
	NOSYS: 52,
	NOTDIR: 54,
	NOTEMPTY: 55,
	NOTSOCK: 57,
	NOTSUP: 58,
	NXIO: 60,
	OVERFLOW: 61,
	PERM: 63,
	PIPE: 64,
	RANGE: 68,
	ROFS: 69,
	SPIPE: 70,
	STALE: 72,
	TIMEDOUT: 73,
	TXTBSY: 74,
	XDEV: 75,
	NOTCAPABLE: 76,
} as const;

/** One of WASI's error numbers. */
export type ErrnoValue = (typeof Errno)[keyof typeof Errno];

/** A failure that the guest sees as an error number. Every other exception in a WASI call is a bug of the host. */
export class WasiError extends Error {
	override readonly name = 'WasiError';
	readonly errno: ErrnoValue;

	constructor(errno: ErrnoValue) {
		super(`WASI error ${errno}`);
		this.errno = errno;
	}
}

/** The error number for a POSIX name such as `ENOENT`; input/output error for names that WASI does not have. */
export function errnoOf(code: string | undefined): ErrnoValue {
	const name = code?.replace(/^E/, '') ?? '';
	return Object.hasOwn(Errno, name) ? Errno[name as keyof typeof Errno] : Errno.IO;
}
