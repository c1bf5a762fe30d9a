// Generated from noting.ts by test/unit/bindings/fixed.test.ts.

import { locateAligned } from './guest.js';
import { viewOf } from './heap.js';

/** Stores the address and the length of something. */
export function storeSpan(guest, at, start, length) {
	guest.spans?.push(at);
	const view = viewOf(guest);
	view.setUint32(at, start, true);
	view.setUint32(at + 4, length, true);
}

/** Writes a result's pointer and length where the guest wants them. */
export function storePair(guest, area, pointer, length, name) {
	const start = locateAligned(guest, area, 8, 4, name);
	guest.spans?.push(start);
	const view = new DataView(guest.bytes.buffer, start, 8);
	view.setUint32(0, pointer, true);
	view.setUint32(4, length, true);
}
