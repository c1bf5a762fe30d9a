// Generated from bytes.ts by test/unit/bindings/fixed.test.ts.

import { reject, rejectSize } from './errors.js';
import { allocate, locate, memoryOf, storePair } from './guest.js';

/** Bytes that the guest passes: a copy that the host owns. */
export function liftBytes(guest, pointer, length, name) {
	const size = length >>> 0;
	const start = locate(guest, pointer, size, name);
	return guest.bytes.slice(start, start + size);
}

/** A bytes result: a buffer of the guest, its place in the return area. */
export function lowerBytes(guest, name, value, area) {
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
export function isBytes(value) {
	return (
		value instanceof Uint8Array ||
		(ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')
	);
}
