import { createWasi, Errno, type WasiOptions } from '../../../runtime/index.js';
import { LOOKUP_FOLLOW, OpenFlag, Right } from '../../../runtime/preview1.js';

/** The descriptor of the guest's root. */
export const ROOT = 3;

/** What `fd_readdir` says of one name. */
export interface Entry {
	readonly name: string;
	readonly next: bigint;
	readonly type: number;
	readonly inode: bigint;
}

/** A result of a call: its error number by name, for readable expectations. */
export type ErrnoName = keyof typeof Errno;

/** How a test opens a file. */
export interface Opening {
	readonly from?: number;
	readonly flags?: number;
	readonly rights?: bigint;
	readonly fdFlags?: number;
	readonly follow?: boolean;
}

const NAMES = new Map<number, string>(Object.entries(Errno).map(([name, value]) => [value, name]));
const PATHS = 1024;
const RESULT = 16;
const BUFFER = 65_536;

/** A guest without code: a memory, and the WASI calls that a libc would make. */
export function makeGuest(options: WasiOptions = {}) {
	const wasi = createWasi(options);
	const memory = { buffer: new ArrayBuffer(4 * 65_536) };
	wasi.initialize({ exports: { memory } });
	const bytes = new Uint8Array(memory.buffer);
	const view = new DataView(memory.buffer);

	const call = (name: string, ...args: readonly (number | bigint)[]): ErrnoName => {
		const run = wasi.imports[name] as ((...args: readonly (number | bigint)[]) => number) | undefined;
		if (run === undefined) throw new Error(`no call ${name}`);
		return NAMES.get(run(...args)) as ErrnoName;
	};
	const put = (text: string, at = PATHS): readonly [number, number] => {
		const encoded = new TextEncoder().encode(text);
		bytes.set(encoded, at);
		return [at, encoded.length];
	};
	const buffers = (data: Uint8Array): void => {
		bytes.set(data, BUFFER);
		view.setUint32(32, BUFFER, true);
		view.setUint32(36, data.length, true);
	};

	return {
		wasi,
		view,
		bytes,
		call,
		put,

		/** The new descriptor, or the error. */
		open(path: string, { from = ROOT, flags = 0, rights = Right.READ, fdFlags = 0, follow = true }: Opening = {}) {
			const lookup = follow ? LOOKUP_FOLLOW : 0;
			const error = call('path_open', from, lookup, ...put(path), flags, rights, 0n, fdFlags, RESULT);
			return error === 'SUCCESS' ? view.getUint32(RESULT, true) : error;
		},

		/** The text that is left in a file, or the error. */
		read(fd: number, length = 1000): string {
			buffers(new Uint8Array(length));
			const error = call('fd_read', fd, 32, 1, RESULT);
			if (error !== 'SUCCESS') return error;
			return new TextDecoder().decode(bytes.slice(BUFFER, BUFFER + view.getUint32(RESULT, true)));
		},

		write(fd: number, text: string): number | ErrnoName {
			buffers(new TextEncoder().encode(text));
			const error = call('fd_write', fd, 32, 1, RESULT);
			return error === 'SUCCESS' ? view.getUint32(RESULT, true) : error;
		},

		/** Opens, reads and closes; the error when that fails. */
		readFile(path: string): string {
			const fd = this.open(path);
			if (typeof fd !== 'number') return fd;
			const text = this.read(fd);
			call('fd_close', fd);
			return text;
		},

		/** Makes or replaces a file. */
		writeFile(path: string, text: string): number | ErrnoName {
			const flags = OpenFlag.CREATE | OpenFlag.TRUNCATE;
			const fd = this.open(path, { flags, rights: Right.WRITE });
			if (typeof fd !== 'number') return fd;
			const result = this.write(fd, text);
			call('fd_close', fd);
			return result;
		},

		/** Size, kind and times of a path, or the error. */
		stat(path: string, follow = true) {
			const error = call('path_filestat_get', ROOT, follow ? LOOKUP_FOLLOW : 0, ...put(path), 64);
			if (error !== 'SUCCESS') return error;
			const [device, inode, type, links, size, accessed, modified] = Array.from({ length: 8 }, (_, index) =>
				view.getBigUint64(64 + index * 8, true),
			);
			return { device, inode, type, links, size, accessed, modified };
		},

		/** A call with one path. */
		at(name: string, path: string, from = ROOT): ErrnoName {
			return call(name, from, ...put(path));
		},

		rename(from: string, to: string): ErrnoName {
			return call('path_rename', ROOT, ...put(from), ROOT, ...put(to, 8192));
		},

		link(from: string, to: string): ErrnoName {
			return call('path_link', ROOT, 0, ...put(from), ROOT, ...put(to, 8192));
		},

		symlink(target: string, path: string): ErrnoName {
			return call('path_symlink', ...put(target), ROOT, ...put(path, 8192));
		},

		/** All names of a directory as libc reads them: buffer after buffer, a cut entry asked for again. */
		readDirectory(path: string, size = 4096): readonly string[] | ErrnoName {
			const fd = this.open(path, { flags: OpenFlag.DIRECTORY });
			if (typeof fd !== 'number') return fd;
			const names: string[] = [];
			let cookie = 0n;
			for (;;) {
				const entries = this.readEntries(fd, cookie, size);
				names.push(...entries.map((entry) => entry.name));
				cookie = entries.at(-1)?.next ?? cookie;
				if (view.getUint32(RESULT, true) < size) break;
			}
			call('fd_close', fd);
			return names;
		},

		/** The whole entries of one `fd_readdir`. */
		readEntries(fd: number, cookie: bigint, size: number): readonly Entry[] {
			const error = call('fd_readdir', fd, BUFFER, size, cookie, RESULT);
			if (error !== 'SUCCESS') throw new Error(error);
			const end = BUFFER + view.getUint32(RESULT, true);
			const entries: Entry[] = [];
			for (let at = BUFFER; at + 24 <= end; ) {
				const length = view.getUint32(at + 16, true);
				if (at + 24 + length > end) break;
				const name = new TextDecoder().decode(bytes.slice(at + 24, at + 24 + length));
				const [next, inode] = [view.getBigUint64(at, true), view.getBigUint64(at + 8, true)];
				entries.push({ name, next, inode, type: view.getUint8(at + 20) });
				at += 24 + length;
			}
			return entries;
		},
	};
}
