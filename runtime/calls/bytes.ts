import type { FileDescriptor, StreamDescriptor } from '../descriptors.js';
import { Errno, WasiError } from '../errno.js';
import { FdFlag } from '../preview1.js';
import { toSafeNumber } from './stat.js';
import type { Calls, System } from './system.js';

/** Reading and writing. */
export function byteCalls({ memory, descriptors }: System): Calls {
	return {
		fd_read(fd: number, buffers: number, count: number, result: number) {
			const descriptor = descriptors.get(fd);
			if (descriptor.kind === 'directory') return Errno.ISDIR;
			const targets = memory.readBuffers(buffers, count);
			let length: number;
			if (descriptor.kind === 'file') {
				length = readFile(descriptor, targets, descriptor.position);
				descriptor.position += length;
			} else {
				length = readStream(descriptor, targets[0]);
			}
			memory.writeU32(result, length);
			return Errno.SUCCESS;
		},

		fd_pread(fd: number, buffers: number, count: number, offset: bigint, result: number) {
			const descriptor = descriptors.file(fd, Errno.SPIPE);
			memory.writeU32(result, readFile(descriptor, memory.readBuffers(buffers, count), toSafeNumber(offset)));
			return Errno.SUCCESS;
		},

		fd_write(fd: number, buffers: number, count: number, result: number) {
			const descriptor = descriptors.get(fd);
			if (descriptor.kind === 'directory') return Errno.BADF;
			const sources = memory.readBuffers(buffers, count);
			let length: number;
			if (descriptor.kind === 'stream') {
				length = writeStream(descriptor, sources);
			} else if ((descriptor.flags & FdFlag.APPEND) !== 0) {
				length = appendFile(descriptor, sources);
				descriptor.position = Number(descriptor.file.stat().size);
			} else {
				length = writeFile(descriptor, sources, descriptor.position);
				descriptor.position += length;
			}
			memory.writeU32(result, length);
			return Errno.SUCCESS;
		},

		fd_pwrite(fd: number, buffers: number, count: number, offset: bigint, result: number) {
			const descriptor = descriptors.file(fd, Errno.SPIPE);
			memory.writeU32(result, writeFile(descriptor, memory.readBuffers(buffers, count), toSafeNumber(offset)));
			return Errno.SUCCESS;
		},
	};
}

function readFile({ file, readable }: FileDescriptor, targets: readonly Uint8Array[], start: number): number {
	if (!readable) throw new WasiError(Errno.BADF);
	let position = start;
	for (const target of targets) {
		const length = file.readAt(target, position);
		position += length;
		if (length < target.length) break;
	}
	return position - start;
}

function writeFile({ file, writable }: FileDescriptor, sources: readonly Uint8Array[], start: number): number {
	if (!writable) throw new WasiError(Errno.BADF);
	return writeEach(sources, (source, written) => file.writeAt(source, start + written));
}

function appendFile({ file, writable }: FileDescriptor, sources: readonly Uint8Array[]): number {
	if (!writable) throw new WasiError(Errno.BADF);
	return writeEach(sources, (source) => file.append(source));
}

/** One buffer at most: what is there now is given now. */
function readStream(descriptor: StreamDescriptor, target: Uint8Array | undefined): number {
	const { input } = descriptor;
	if (input === undefined) throw new WasiError(Errno.BADF);
	if (target === undefined) return 0;
	if ((descriptor.flags & FdFlag.NONBLOCK) !== 0 && !input.wait(0)) throw new WasiError(Errno.AGAIN);
	return input.read(target);
}

function writeStream({ output }: StreamDescriptor, sources: readonly Uint8Array[]): number {
	if (output === undefined) throw new WasiError(Errno.BADF);
	return writeEach(sources, (source) => output.write(source));
}

/** Writes one buffer after the other; an error after the first bytes is left for the next call to find. */
function writeEach(sources: readonly Uint8Array[], write: (source: Uint8Array, written: number) => number): number {
	let written = 0;
	for (const source of sources) {
		try {
			const length = write(source, written);
			written += length;
			if (length < source.length) break;
		} catch (error) {
			if (written === 0 || !(error instanceof WasiError)) throw error;
			break;
		}
	}
	return written;
}
