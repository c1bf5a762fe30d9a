import { RAISES, raise, raiseInPython, rejectPromise, unwinds } from './errors.js';
import { createGuest, type Guest, locateAligned, memoryOf } from './guest.js';
import { explain, Mismatch, noRoom } from './mismatch.js';

/** A guest, with what values need that have parts. */
export interface Heap extends Guest {
	/** All of `viewed`, which was `bytes` when the view was taken: see `viewOf`. */
	view: DataView;
	viewed: Uint8Array;
	/**
	 * What results under way have taken and would leak if lowering failed: pairs of address and size, or of a handle and
	 * -1. A result can be under way inside of another, since a property of the host's may call Python.
	 */
	readonly taken: number[];
	/** How many numbers of `taken` count; it is not shortened, since that would cost more. */
	count: number;
	/** The host's objects that the guest holds: their index is their handle. There is no handle 0. */
	readonly held: (Held | undefined)[];
	/** The handles that are free again. */
	readonly unused: number[];
}

/** An object of the host's that the guest holds. */
export interface Held {
	/** The resource that it is of. */
	readonly resource: string;
	readonly value: object;
	/** For the time of a call only. */
	readonly lent: boolean;
}

/** A heap that is not known yet. */
export function createHeap(): Heap {
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
export function viewOf(guest: Heap): DataView {
	const bytes = memoryOf(guest);
	if (bytes !== guest.viewed) {
		guest.viewed = bytes;
		guest.view = new DataView(bytes.buffer);
	}
	return guest.view;
}

/** Notes what lowering has taken: an address and its size, or a handle and -1. */
export function note(guest: Heap, start: number, size: number): void {
	guest.taken[guest.count] = start;
	guest.taken[guest.count + 1] = size;
	guest.count += 2;
}

/** Allocates for a part of a result. An empty block has no memory: its address is only aligned. */
export function take(guest: Heap, name: string, size: number, align: number, step: string | number = ''): number {
	if (size === 0) return align;
	const block = guest.realloc(0, 0, align, size);
	if (block === 0) throw noRoom(`${size} bytes`, step);
	const start = locateAligned(guest, block, size, align, name);
	note(guest, start, size);
	return start;
}

/** Allocates for a list, whose length the host's object says. */
export function takeList(
	guest: Heap,
	name: string,
	count: number,
	size: number,
	align: number,
	step: string | number,
): number {
	// Addresses end at 2^32, and a longer size would be cut off on its way to the guest.
	if (!Number.isInteger(count) || count < 0 || count * size > 0xffffffff) {
		throw new Mismatch(RAISES.ValueError, `a list of ${count}`, 'which no memory can hold', step);
	}
	return take(guest, name, count * size, align, step);
}

/** Makes the call raise because lowering what the host returned, or threw, ended in an error. */
export function giveUp(guest: Heap, name: string, mark: number, error: unknown, verb: string, value: unknown): void {
	// A guest that was left in the middle can take nothing back.
	if (unwinds(error)) throw error;
	giveBack(guest, mark);
	if (!(error instanceof Mismatch)) raise(guest, error, name);
	else if (!rejectPromise(guest, name, value)) {
		raiseInPython(guest, error.kind, explain(name, verb, error), name);
	}
}

/** Undoes what was taken since `count` was `mark`. The host keeps the objects that the guest would have got. */
export function giveBack(guest: Heap, mark: number): void {
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
