import { type Guest, locateAligned } from './guest.js';
import { type Heap, viewOf } from './heap.js';

/** A guest whose memory may only be an image of that of a guest elsewhere, in which addresses will be others. */
export interface NotingGuest {
	/** The places of addresses, which storing notes if there is this list. */
	spans?: number[];
}

/** Stores the address and the length of something. */
export function storeSpan(guest: Heap & NotingGuest, at: number, start: number, length: number): void {
	guest.spans?.push(at);
	const view = viewOf(guest);
	view.setUint32(at, start, true);
	view.setUint32(at + 4, length, true);
}

/** Writes a result's pointer and length where the guest wants them. */
export function storePair(
	guest: Guest & NotingGuest,
	area: number,
	pointer: number,
	length: number,
	name: string,
): void {
	const start = locateAligned(guest, area, 8, 4, name);
	guest.spans?.push(start);
	const view = new DataView(guest.bytes.buffer, start, 8);
	view.setUint32(0, pointer, true);
	view.setUint32(4, length, true);
}
