import { reject, rejectSize } from './errors.js';
import { allocate, type Guest, locate, memoryOf, storePair } from './guest.js';

/** Bytes that the guest passes: a copy that the host owns. */
export function liftBytes(guest: Guest, pointer: number, length: number, name: string): Uint8Array {
	const size = length >>> 0;
	const start = locate(guest, pointer, size, name);
	return guest.bytes.slice(start, start + size);
}

/** A bytes result: a buffer of the guest, its place in the return area. */
export function lowerBytes(guest: Guest, name: string, value: unknown, area: number): void {
	if (!isBytes(value)) {
		reject(guest, name, value, 'a list<u8> (Uint8Array)');
		return;
	}
	// A view of guest memory itself would be detached if the allocation lets the memory grow.
	const own = value.buffer === memoryOf(guest).buffer ? value.slice() : value;
	const pointer = allocate(guest, own.length, name);
	if (pointer === 0) {
		rejectSize(guest, name, `${own.length} bytes`);
		return;
	}
	guest.bytes.set(own, pointer);
	storePair(guest, area, pointer, own.length, name);
}

/** Tells a Uint8Array, also one from another realm. */
export function isBytes(value: unknown): value is Uint8Array {
	return (
		value instanceof Uint8Array ||
		(ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
	);
}
