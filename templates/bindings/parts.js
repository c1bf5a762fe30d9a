// Generated from parts.ts by test/unit/bindings/fixed.test.ts.

import { unwinds } from './errors.js';
import { fault, locateAligned, memberOf, memoryOf } from './guest.js';
import { note, takeList, viewOf } from './heap.js';
import { misfit, mismatch, noRoom } from './mismatch.js';
import { isWellFormed, writeText } from './text.js';

/** Numbers that the guest passes: a copy that the host owns. */
export function liftNumbers(guest, type, pointer, length, name) {
	const count = length >>> 0;
	const size = type.BYTES_PER_ELEMENT;
	const start = locateAligned(guest, pointer, count * size, size, name);
	// What slice() makes would be filled with zeros first.
	return new type(new type(guest.bytes.buffer, start, count));
}

/** Stores a list of numbers at `at`: its elements in a buffer of the guest. */
export function storeNumbers(guest, name, value, at, step, type, wanted) {
	if (!isNumbers(value, type)) throw mismatch(value, wanted, step);
	const size = type.BYTES_PER_ELEMENT;
	// A view of guest memory itself would be detached if the allocation lets the memory grow.
	const own = value.buffer === memoryOf(guest).buffer ? value.slice() : value;
	const start = takeList(guest, name, own.length, size, size, step);
	guest.bytes.set(new Uint8Array(own.buffer, own.byteOffset, own.length * size), start);
	storeSpan(guest, at, start, own.length);
}

/** Tells a typed array, also one from another realm. */
export function isNumbers(value, type) {
	return (
		value instanceof type ||
		(ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${type.name}]`)
	);
}

/** Stores the address and the length of something. */
export function storeSpan(guest, at, start, length) {
	const view = viewOf(guest);
	view.setUint32(at, start, true);
	view.setUint32(at + 4, length, true);
}

/** Stores a string at `at`: its text in a buffer of the guest. */
export function storeString(guest, name, value, at, step) {
	if (typeof value !== 'string') throw mismatch(value, 'a string', step);
	if (!isWellFormed(value)) throw misfit(value, 'which has a lone surrogate', step);
	const { pointer, length } = writeText(guest, value, name);
	if (pointer === 0) throw noRoom(`${value.length} characters`, step);
	if (length > 0) note(guest, pointer, length);
	storeSpan(guest, at, pointer, length);
}

/** The number of a char. */
export function charCode(value, step) {
	if (typeof value !== 'string') throw mismatch(value, 'a char (string)', step);
	const code = value.codePointAt(0) ?? 0;
	if (value.length !== (code > 0xffff ? 2 : 1)) throw misfit(value, 'not one character', step);
	if (code >= 0xd800 && code <= 0xdfff) throw misfit(value, 'which has a lone surrogate', step);
	return code;
}

/** The name of an enum's case. */
export function liftEnum(cases, index, what, name) {
	const found = cases[index];
	if (found === undefined) throw fault(name, `the case ${index >>> 0} of ${what}`);
	return found;
}

/** The number of an enum's case. */
export function enumIndex(indices, value, wanted, step) {
	const index = indices.get(value);
	if (index === undefined) throw mismatch(value, wanted, step);
	return index;
}

/** Whether it is the second of the two cases that options and results have. */
export function isSecond(index, what, name) {
	if (index >>> 0 > 1) throw fault(name, `the case ${index >>> 0} of ${what}`);
	return index !== 0;
}

/** The bit of a flag that is set. Flags that are left out are not. */
export function flagBit(value, bit, step) {
	if (value === undefined || value === false) return 0;
	if (value !== true) throw mismatch(value, 'a flag (boolean)', step);
	return bit;
}

/** The float whose bits share a core value with integers. */
export function floatOf(bits) {
	return new Float32Array(Int32Array.of(bits).buffer)[0] ?? 0;
}

/** The double whose bits share a core value with integers. */
export function doubleOf(bits) {
	return new Float64Array(BigInt64Array.of(bits).buffer)[0] ?? 0;
}

/** The 32-bit integer that shares a core value with longer ones. */
export function intOf(bits) {
	return Number(BigInt.asIntN(32, bits));
}

/** Tells an error that stands for the error case of a `result`: it has a property `payload` of its own. */
export function hasPayload(error) {
	try {
		return typeof error === 'object' && error !== null && Object.hasOwn(error, 'payload') && !unwinds(error);
	} catch {
		return false;
	}
}

/** The message of an error that has nothing but a payload. */
export function payloadText(payload) {
	if (typeof payload === 'string') return payload;
	const tag = memberOf(payload, 'tag');
	return typeof tag === 'string' ? tag : '';
}
