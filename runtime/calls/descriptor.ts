import { type Descriptor, type FileDescriptor, isTerminal, type StreamDescriptor } from '../descriptors.js';
import { Errno, WasiError } from '../errno.js';
import type { Stat } from '../mount.js';
import { FdFlag, FileType, Right, Whence } from '../preview1.js';
import { readTimes, toSafeNumber, writeStat } from './stat.js';
import type { Calls, System } from './system.js';

/** What a descriptor is, and its place in a file: everything but the bytes themselves. */
export function descriptorCalls(system: System): Calls {
	const { memory, descriptors, namespace } = system;
	const encoder = new TextEncoder();

	const writableFile = (fd: number): FileDescriptor => {
		const descriptor = descriptors.file(fd, Errno.INVAL);
		if (!descriptor.writable) throw new WasiError(Errno.BADF);
		return descriptor;
	};

	const statOf = (descriptor: Descriptor): Stat => {
		if (descriptor.kind === 'file') return descriptor.file.stat();
		if (descriptor.kind === 'stream') return streamStat(descriptor);
		const stat = namespace.stat(namespace.locate(descriptor.guest));
		if (stat === undefined) throw new WasiError(Errno.NOENT);
		return stat;
	};

	const preopenOf = (fd: number): Uint8Array => {
		const descriptor = descriptors.get(fd);
		if (descriptor.kind !== 'directory' || descriptor.preopen === undefined) throw new WasiError(Errno.BADF);
		return encoder.encode(descriptor.preopen);
	};

	return {
		fd_advise(fd: number) {
			descriptors.file(fd, Errno.SPIPE);
			return Errno.SUCCESS;
		},

		fd_allocate(fd: number, offset: bigint, length: bigint) {
			const { file } = writableFile(fd);
			const end = toSafeNumber(offset) + toSafeNumber(length);
			if (file.stat().size < BigInt(end)) file.resize(end);
			return Errno.SUCCESS;
		},

		fd_close(fd: number) {
			descriptors.close(fd);
			return Errno.SUCCESS;
		},

		fd_datasync(fd: number) {
			descriptors.file(fd, Errno.INVAL).file.sync();
			return Errno.SUCCESS;
		},

		fd_sync(fd: number) {
			const descriptor = descriptors.get(fd);
			if (descriptor.kind === 'stream') return Errno.INVAL;
			if (descriptor.kind === 'file') descriptor.file.sync();
			return Errno.SUCCESS;
		},

		fd_fdstat_get(fd: number, result: number) {
			const descriptor = descriptors.get(fd);
			const at = result >>> 0;
			memory.writeU8(at, typeOf(descriptor));
			memory.writeU16(at + 2, descriptor.kind === 'directory' ? 0 : descriptor.flags);
			memory.writeU64(at + 8, rightsOf(descriptor));
			memory.writeU64(at + 16, descriptor.kind === 'directory' ? Right.ALL : 0n);
			return Errno.SUCCESS;
		},

		fd_fdstat_set_flags(fd: number, flags: number) {
			const descriptor = descriptors.get(fd);
			if (descriptor.kind === 'directory') return Errno.SUCCESS;
			descriptor.flags = flags & (FdFlag.APPEND | FdFlag.NONBLOCK);
			return Errno.SUCCESS;
		},

		/** Rights are what a descriptor can do; they cannot be given up. */
		fd_fdstat_set_rights(fd: number) {
			descriptors.get(fd);
			return Errno.NOTSUP;
		},

		fd_filestat_get(fd: number, result: number) {
			writeStat(memory, result, statOf(descriptors.get(fd)));
			return Errno.SUCCESS;
		},

		fd_filestat_set_size(fd: number, size: bigint) {
			writableFile(fd).file.resize(toSafeNumber(size));
			return Errno.SUCCESS;
		},

		fd_filestat_set_times(fd: number, accessed: bigint, modified: bigint, flags: number) {
			const times = readTimes(accessed, modified, flags);
			const descriptor = descriptors.get(fd);
			if (descriptor.kind === 'stream') return Errno.INVAL;
			if (descriptor.kind === 'file') {
				if (!descriptor.changeable) return Errno.ROFS;
				descriptor.file.setTimes(times);
			} else {
				const place = namespace.locate(descriptor.guest);
				if (!place.mount.writable) return Errno.ROFS;
				place.mount.setTimes(place.path, times);
			}
			return Errno.SUCCESS;
		},

		fd_prestat_get(fd: number, result: number) {
			const name = preopenOf(fd);
			memory.writeU32(result, 0);
			memory.writeU32((result >>> 0) + 4, name.length);
			return Errno.SUCCESS;
		},

		fd_prestat_dir_name(fd: number, pointer: number, length: number) {
			const name = preopenOf(fd);
			if (name.length > length >>> 0) return Errno.NAMETOOLONG;
			memory.slice(pointer, name.length).set(name);
			return Errno.SUCCESS;
		},

		fd_renumber(from: number, to: number) {
			descriptors.renumber(from, to);
			return Errno.SUCCESS;
		},

		fd_seek(fd: number, offset: bigint, whence: number, result: number) {
			const descriptor = descriptors.file(fd, Errno.SPIPE);
			const base = seekBase(descriptor, whence);
			descriptor.position = toSafeNumber(base + BigInt.asIntN(64, offset));
			memory.writeU64(result, BigInt(descriptor.position));
			return Errno.SUCCESS;
		},

		fd_tell(fd: number, result: number) {
			memory.writeU64(result, BigInt(descriptors.file(fd, Errno.SPIPE).position));
			return Errno.SUCCESS;
		},
	};
}

/** A pipe and a host's file look the same to the guest: only a terminal is told. */
function streamStat(descriptor: StreamDescriptor): Stat {
	const kind = isTerminal(descriptor) ? 'character-device' : 'unknown';
	return { kind, device: 0n, inode: 0n, links: 1n, size: 0n, accessed: 0n, modified: 0n, changed: 0n };
}

function seekBase({ file, position }: FileDescriptor, whence: number): bigint {
	switch (whence) {
		case Whence.SET:
			return 0n;
		case Whence.CURRENT:
			return BigInt(position);
		case Whence.END:
			return file.stat().size;
		default:
			throw new WasiError(Errno.INVAL);
	}
}

function typeOf(descriptor: Descriptor): number {
	if (descriptor.kind === 'directory') return FileType.DIRECTORY;
	if (descriptor.kind === 'file') return FileType.REGULAR_FILE;
	return isTerminal(descriptor) ? FileType.CHARACTER_DEVICE : FileType.UNKNOWN;
}

/** libc takes a character device that cannot seek or tell for a terminal. */
function rightsOf(descriptor: Descriptor): bigint {
	if (descriptor.kind === 'directory') return Right.ALL & ~(Right.SEEK | Right.TELL | Right.WRITE);
	if (descriptor.kind === 'file') {
		const read = descriptor.readable ? 0n : Right.READ;
		const write = descriptor.writable ? 0n : Right.WRITE;
		return Right.ALL & ~(read | write | Right.READDIR);
	}
	const read = descriptor.input === undefined ? Right.READ : 0n;
	const write = descriptor.output === undefined ? Right.WRITE : 0n;
	return Right.ALL & ~(read | write | Right.READDIR | Right.SEEK | Right.TELL);
}
