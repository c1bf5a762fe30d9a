// Generated from heap.ts by test/unit/bindings/fixed.test.ts.

import { RAISES, raise, raiseInPython, rejectPromise, unwinds } from './errors.js';
import { createGuest, locateAligned, memoryOf } from './guest.js';
import { explain, Mismatch, noRoom } from './mismatch.js';

/** A heap that is not known yet. */
export function createHeap() {
	const guest = createGuest();
	const viewed = new Uint8Array(0);
	return {
		...guest,
		view: new DataView(viewed.buffer),
		viewed,
		taken: [],
		count: 0,
		held: [undefined],
		unused: [],
	};
}

/** All guest memory as it is now; to be asked again after everything that may allocate. */
export function viewOf(guest) {
	const bytes = memoryOf(guest);
	if (bytes !== guest.viewed) {
		guest.viewed = bytes;
		guest.view = new DataView(bytes.buffer);
	}
	return guest.view;
}

/** Notes what lowering has taken: an address and its size, or a handle and -1. */
export function note(guest, start, size) {
	guest.taken[guest.count] = start;
	guest.taken[guest.count + 1] = size;
	guest.count += 2;
}

/** Allocates for a part of a result. An empty block has no memory: its address is only aligned. */
export function take(guest, name, size, align, step = '') {
	if (size === 0) return align;
	const block = guest.realloc(0, 0, align, size);
	if (block === 0) throw noRoom(`${size} bytes`, step);
	const start = locateAligned(guest, block, size, align, name);
	note(guest, start, size);
	return start;
}

/** Allocates for a list, whose length the host's object says. */
export function takeList(guest, name, count, size, align, step) {
	// Addresses end at 2^32, and a longer size would be cut off on its way to the guest.
	if (!Number.isInteger(count) || count < 0 || count * size > 0xffffffff) {
		throw new Mismatch(RAISES.ValueError, `a list of ${count}`, 'which no memory can hold', step);
	}
	return take(guest, name, count * size, align, step);
}

/** Makes the call raise because lowering what the host returned, or threw, ended in an error. */
export function giveUp(guest, name, mark, error, verb, value) {
	// A guest that was left in the middle can take nothing back.
	if (unwinds(error)) throw error;
	giveBack(guest, mark);
	if (!(error instanceof Mismatch)) raise(guest, error, name);
	else if (!rejectPromise(guest, name, value)) {
		raiseInPython(guest, error.kind, explain(name, verb, error), name);
	}
}

/** Undoes what was taken since `count` was `mark`. The host keeps the objects that the guest would have got. */
export function giveBack(guest, mark) {
	while (guest.count > mark) {
		guest.count -= 2;
		const start = guest.taken[guest.count] ?? 0;
		const size = guest.taken[guest.count + 1] ?? 0;
		if (size < 0) {
			guest.held[start] = undefined;
			guest.unused.push(start);
		} else guest.realloc(start, size, 1, 0);
	}
}
