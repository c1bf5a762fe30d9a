// Generated from handles.ts by test/unit/bindings/fixed.test.ts.

import { isPromise } from './errors.js';
import { fault, memberOf } from './guest.js';
import { note } from './heap.js';
import { mismatch } from './mismatch.js';

/** Gives the guest an object of the host's: the handle by which it will name it. */
export function giveHandle(guest, value, resource, methods, wanted, step) {
	if (!isObjectWith(value, methods)) throw mismatch(value, wanted, step);
	return keepHandle(guest, {
		resource,
		value,
		lent: false,
	});
}

/** Lends the guest an object of the host's for the time of a call, at whose end the guest drops the handle. */
export function lendHandle(guest, value, resource, methods, wanted, step) {
	if (!isObjectWith(value, methods)) throw mismatch(value, wanted, step);
	return keepHandle(guest, {
		resource,
		value,
		lent: true,
	});
}

/** Finds a handle for an object. */
export function keepHandle(guest, held) {
	const handle = guest.unused.pop() ?? guest.held.length;
	guest.held[handle] = held;
	note(guest, handle, -1);
	return handle;
}

/** Tells an object that has these methods. Promises are not meant by it, unless the resource is like one. */
export function isObjectWith(value, methods) {
	if (typeof value !== 'object' || value === null) return false;
	if (!methods.every((method) => typeof memberOf(value, method) === 'function')) return false;
	return methods.includes('then') || !isPromise(value);
}

/** What the guest means by a handle. */
export function heldBy(guest, handle, resource, name) {
	const held = guest.held[handle];
	if (held === undefined || held.resource !== resource) {
		throw fault(name, `the handle ${handle >>> 0}, which is none of ${resource}`);
	}
	return held;
}

/** The object that the guest lends by its handle. */
export function heldAt(guest, handle, resource, name) {
	return heldBy(guest, handle, resource, name).value;
}

/** The object that the guest gives back: its handle means nothing any more. */
export function takeHandle(guest, handle, resource, name) {
	const { value, lent } = heldBy(guest, handle, resource, name);
	if (lent) throw fault(name, `the handle ${handle >>> 0}, which was lent to it, as its own`);
	guest.held[handle] = undefined;
	guest.unused.push(handle);
	return value;
}

/** The guest has no use for a handle any more. The object is told so, unless it was only lent, if it wants to know. */
export function dropHandle(guest, handle, resource, name) {
	const { value, lent } = heldBy(guest, handle, resource, name);
	guest.held[handle] = undefined;
	guest.unused.push(handle);
	if (!lent) dispose(value);
}

/** Tells an object that nobody needs it, if it wants to know. */
export function dispose(value) {
	// Engines before 2024 lack the symbol, and tools agreed on this one in its place.
	const { dispose: symbol = Symbol.for('dispose') } = Symbol;
	const method = value[symbol];
	if (typeof method === 'function') method.call(value);
}
