import { describe, expect, test } from 'vitest';
import { applyLowered, type GuestHeap } from '../../../../runtime/async/apply-lowered.js';
import { Image } from '../../../../runtime/async/image.js';

interface ImageExports {
	readonly memory: { readonly buffer: ArrayBuffer };
	cpybuild_realloc(old: number, oldSize: number, align: number, size: number): number;
	cpybuild_raise(kind: number, pointer: number, length: number): void;
}

/** An image, with the exports that bindings use and the list of addresses that they note. */
function openImage() {
	const heap: { held: object[]; unused: number[]; spans?: number[] } = { held: [], unused: [] };
	const image = new Image(heap);
	const exports = image.instance().exports as unknown as ImageExports;
	/** Stores a text and its address as bindings do. */
	const storeText = (at: number, text: string): void => {
		const pointer = exports.cpybuild_realloc(0, 0, 1, text.length);
		new Uint8Array(exports.memory.buffer, pointer, text.length).set(new TextEncoder().encode(text));
		const view = new DataView(exports.memory.buffer);
		heap.spans?.push(at);
		view.setUint32(at, pointer, true);
		view.setUint32(at + 4, text.length, true);
	};
	return { image, exports, storeText };
}

/** A guest whose memory is taken from one end, up to a limit. */
function makeGuest(limit = 10_000) {
	const memory = new ArrayBuffer(100_000);
	const freed: number[] = [];
	const raised: (readonly [number, string])[] = [];
	let end = 1000;
	const textAt = (pointer: number, length: number): string =>
		new TextDecoder().decode(new Uint8Array(memory, pointer, length));
	const guest: GuestHeap = {
		allocate(size) {
			if (size === 0) return 1;
			if (end + size > limit) return 0;
			end += Math.ceil(size / 8) * 8;
			return end - Math.ceil(size / 8) * 8;
		},
		free: (pointer) => freed.push(pointer),
		memory: () => memory,
		raise: (kind, pointer, length) => raised.push([kind, textAt(pointer, length)]),
		raiseStack: () => {},
	};
	const readText = (at: number): string => {
		const view = new DataView(memory);
		return textAt(view.getUint32(at, true), view.getUint32(at + 4, true));
	};
	return { guest, freed, raised, readText, memory };
}

describe('what is lowered in an image', () => {
	test('is in the guest with its addresses moved, wherever they are', () => {
		const { image, exports, storeText } = openImage();
		const lowered = image.lower(16, (area) => {
			const list = exports.cpybuild_realloc(0, 0, 4, 16);
			storeText(list, 'first');
			storeText(list + 8, '');
			storeText(area, 'direct');
			new DataView(exports.memory.buffer).setUint32(area + 8, 77, true);
			return 5;
		});
		const { guest, readText, memory } = makeGuest();
		expect(applyLowered(guest, 'net.f', lowered, 64)).toBe(5);
		expect([readText(64), new DataView(memory).getUint32(72, true), readText(1000), readText(1008)]).toEqual([
			'direct',
			77,
			'first',
			'',
		]);
	});

	test('begins anew each time, also after one that was large', () => {
		const { image, exports } = openImage();
		image.lower(0, () => exports.cpybuild_realloc(0, 0, 1, 5_000_000));
		const { bytes, blocks } = image.lower(8, () => exports.cpybuild_realloc(0, 0, 1, 3));
		expect([[...bytes.subarray(0, 8)], bytes.length, blocks]).toEqual([[0, 0, 0, 0, 0, 0, 0, 0], 11, [24, 3]]);
	});

	test('keeps what a block held that grows, and forgets what was given back', () => {
		const { image, exports } = openImage();
		const { bytes, blocks } = image.lower(0, () => {
			const first = exports.cpybuild_realloc(0, 0, 1, 2);
			new Uint8Array(exports.memory.buffer, first, 2).set([1, 2]);
			const grown = exports.cpybuild_realloc(first, 2, 1, 4);
			exports.cpybuild_realloc(exports.cpybuild_realloc(0, 0, 1, 9), 9, 1, 0);
			return grown;
		});
		expect([blocks, [...bytes.subarray(8, 12)]]).toEqual([
			[24, 4],
			[1, 2, 0, 0],
		]);
	});

	test('is an exception when bindings raise', () => {
		const { image, exports } = openImage();
		const lowered = image.lower(8, () => {
			const pointer = exports.cpybuild_realloc(0, 0, 1, 2);
			new Uint8Array(exports.memory.buffer, pointer, 2).set([104, 105]);
			exports.cpybuild_raise(1, pointer, 2);
		});
		const { guest, raised } = makeGuest();
		applyLowered(guest, 'net.f', lowered, 64);
		expect(raised).toEqual([[1, 'hi']]);
		// It is not kept for the next one.
		expect(image.lower(0, () => {}).raised).toBe(undefined);
	});

	test('is a MemoryError in a guest that has no room, from which nothing is taken', () => {
		const { image, exports } = openImage();
		const lowered = image.lower(0, () => {
			exports.cpybuild_realloc(0, 0, 1, 100);
			exports.cpybuild_realloc(0, 0, 1, 9000);
		});
		const { guest, freed, raised } = makeGuest();
		applyLowered(guest, 'net.f', lowered, 64);
		expect([freed, raised]).toEqual([
			[1000],
			[[4, 'net.f: the host returned 9104 bytes, for which there is no memory']],
		]);
	});
});
