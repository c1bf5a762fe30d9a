import { describe, expect, test } from 'vitest';
import { bind } from './guest.js';
import { signature } from './manifests.js';

/** What the import returns, or raises, when the host returns a value. */
async function lower(type: string, value: unknown): Promise<unknown> {
	const { guest, call } = await bind(signature([], type), () => value);
	const core = call();
	if (guest.raised.length === 0) return core;
	expect(core).toBe(type.endsWith('64') && type !== 'f64' ? 0n : 0);
	return guest.raised.flat();
}

/** Bytes as text, which compares quickly. */
function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString('latin1');
}

/** The same for a type that is returned in memory. */
async function lowerPair(type: string, value: unknown, growing = false): Promise<unknown> {
	const { guest, call } = await bind(signature([], type), () => value);
	guest.growing = growing;
	guest.view.setUint32(12, 77, true);
	expect(call(8)).toBe(undefined);
	if (guest.raised.length === 0) return latin1(guest.pointee(8));
	expect(guest.view.getUint32(12, true)).toBe(77);
	return guest.raised.flat();
}

describe('scalar results', () => {
	test.each([
		['bool', true, 1],
		['bool', false, 0],
		['s8', -128, -128],
		['s8', 127, 127],
		['s16', -32768, -32768],
		['s16', 32767, 32767],
		['s32', -(2 ** 31), -(2 ** 31)],
		['s32', 2 ** 31 - 1, 2 ** 31 - 1],
		['s32', -0, -0],
		['u8', 0, 0],
		['u8', 255, 255],
		['u16', 65535, 65535],
		['u32', 2 ** 32 - 1, 2 ** 32 - 1],
		['s64', -(2n ** 63n), -(2n ** 63n)],
		['s64', 2n ** 63n - 1n, 2n ** 63n - 1n],
		['u64', 0n, 0n],
		['u64', 2n ** 64n - 1n, 2n ** 64n - 1n],
		['f32', 0.1, Math.fround(0.1)],
		['f32', -0, -0],
		['f32', Number.NaN, Number.NaN],
		['f32', Infinity, Infinity],
		['f32', 3.4028235677973362e38, 3.4028234663852886e38],
		['f64', 0.1, 0.1],
		['f64', -0, -0],
		['f64', Number.NaN, Number.NaN],
		['char', '\0', 0],
		['char', 'ä', 0xe4],
		['char', '🐍', 0x1f40d],
	])('%s %s reaches the guest', async (type, value, core) => {
		expect(await lower(type, value)).toBe(core);
	});

	test.each([
		['s8', 128, 'an s8'],
		['s8', -129, 'an s8'],
		['s16', 32768, 'an s16'],
		['s16', -32769, 'an s16'],
		['s32', 2 ** 31, 'an s32'],
		['s32', -(2 ** 31) - 1, 'an s32'],
		['u8', 256, 'a u8'],
		['u8', -1, 'a u8'],
		['u16', 65536, 'a u16'],
		['u32', 2 ** 32, 'a u32'],
		['u32', -1, 'a u32'],
		['f32', 3.5e38, 'an f32 (number)'],
		['f32', -3.4028235677973366e38, 'an f32 (number)'],
	])('%s %s is an OverflowError', async (type, value, wanted) => {
		expect(await lower(type, value)).toEqual([2, `demo.f: the host returned ${value}, out of the range of ${wanted}`]);
	});

	test.each([
		['s64', 2n ** 63n, 'an s64 (bigint)'],
		['s64', -(2n ** 63n) - 1n, 'an s64 (bigint)'],
		['u64', 2n ** 64n, 'a u64 (bigint)'],
		['u64', -1n, 'a u64 (bigint)'],
	])('%s %s is an OverflowError', async (type, value, wanted) => {
		expect(await lower(type, value)).toEqual([2, `demo.f: the host returned ${value}n, out of the range of ${wanted}`]);
	});

	const hostile = {
		get constructor() {
			throw new Error('no');
		},
	};
	test.each([
		['s32', 1.5, '1.5, not an s32'],
		['s32', Number.NaN, 'NaN, not an s32'],
		['s32', Infinity, 'Infinity, not an s32'],
		['s32', undefined, 'undefined, not an s32'],
		['s32', null, 'null, not an s32'],
		['s32', true, 'true, not an s32'],
		['s32', 3n, '3n, not an s32'],
		['s32', '3', '"3", not an s32'],
		['s32', Symbol('x'), 'Symbol(x), not an s32'],
		['s32', () => 3, 'a function, not an s32'],
		['s32', [3], 'an Array, not an s32'],
		['s32', new Date(0), 'a Date, not an s32'],
		['s32', Object.create(null), 'an object, not an s32'],
		['s32', hostile, 'an object, not an s32'],
		['s32', 'x'.repeat(41), `"${'x'.repeat(40)}…", not an s32`],
		['s32', '🐍'.repeat(41), `"${'🐍'.repeat(40)}…", not an s32`],
		['s32', 'a\n\ud800', '"a\\n\\ud800", not an s32'],
		['u8', -0.5, '-0.5, not a u8'],
		['s64', 3, '3, not an s64 (bigint)'],
		['u64', -0, '-0, not a u64 (bigint)'],
		['f32', 1n, '1n, not an f32 (number)'],
		['f64', '1', '"1", not an f64 (number)'],
		['f64', undefined, 'undefined, not an f64 (number)'],
		['bool', 1, '1, not a bool (boolean)'],
		['bool', undefined, 'undefined, not a bool (boolean)'],
		['char', 97, '97, not a char (string)'],
	])('%s %# is a TypeError', async (type, value, text) => {
		expect(await lower(type, value)).toEqual([1, `demo.f: the host returned ${text}`]);
	});

	test.each([
		['', '"", not one character'],
		['ab', '"ab", not one character'],
		['🐍x', '"🐍x", not one character'],
		['\ud800', '"\\ud800", which has a lone surrogate'],
		['\udfff', '"\\udfff", which has a lone surrogate'],
	])('%# is no char', async (value, text) => {
		expect(await lower('char', value)).toEqual([3, `demo.f: the host returned ${text}`]);
	});
});

describe('string results', () => {
	const texts = [
		['empty', ''],
		['short', 'abc'],
		['with NUL', 'a\0b'],
		['at the end of the fast path', 'x'.repeat(32)],
		['beyond the fast path', 'x'.repeat(33)],
		['short, not ASCII', 'abcé'],
		['three bytes per unit', '한국어'.repeat(20)],
		['non-BMP', '🐍'.repeat(30)],
		['ASCII first', `${'x'.repeat(100)}🐍`],
		['with a byte order mark', '\ufeffa'],
		['1 MiB', 'x'.repeat(2 ** 20)],
		['1 MiB, not ASCII', 'ü'.repeat(2 ** 19)],
	] as const;

	test.each(texts)('%s', async (_, text) => {
		expect(await lowerPair('string', text)).toBe(latin1(new TextEncoder().encode(text)));
	});

	test.each(texts)('%s, while the memory grows', async (_, text) => {
		expect(await lowerPair('string', text, true)).toBe(latin1(new TextEncoder().encode(text)));
	});

	test.each([
		['a\ud800', 3, '"a\\ud800", which has a lone surrogate'],
		['\udc00'.repeat(50), 3, `"${'\\udc00'.repeat(40)}…", which has a lone surrogate`],
		[undefined, 1, 'undefined, not a string'],
		[new String('x'), 1, 'a String, not a string'],
		[Uint8Array.of(1), 1, 'a Uint8Array, not a string'],
	])('%# is rejected', async (value, kind, text) => {
		expect(await lowerPair('string', value)).toEqual([kind, `demo.f: the host returned ${text}`]);
	});
});

describe('bytes results', () => {
	test.each([
		['empty', new Uint8Array()],
		['with NUL', Uint8Array.of(0, 255, 0)],
		['a part of a larger buffer', Uint8Array.of(1, 2, 3, 4).subarray(1, 3)],
		['of 1 MiB', new Uint8Array(2 ** 20).fill(7)],
	])('%s', async (_, bytes) => {
		expect(await lowerPair('list<u8>', bytes)).toBe(latin1(bytes));
		expect(await lowerPair('list<u8>', bytes, true)).toBe(latin1(bytes));
		expect(await lowerPair('list<u8>', Buffer.from(bytes))).toBe(latin1(bytes));
	});

	test('a view of guest memory survives its growth', async () => {
		const { guest, call } = await bind(signature([], 'list<u8>'), () => guest.bytes.subarray(100, 103));
		guest.bytes.set([1, 2, 3], 100);
		guest.growing = true;
		call(8);
		expect(guest.pointee(8)).toEqual(Uint8Array.of(1, 2, 3));
	});

	test.each([
		[[1, 2], 'an Array'],
		['ab', '"ab"'],
		[new ArrayBuffer(2), 'an ArrayBuffer'],
		[Uint16Array.of(1), 'a Uint16Array'],
		[undefined, 'undefined'],
	])('%# is a TypeError', async (value, text) => {
		const message = `demo.f: the host returned ${text}, not a list<u8> (Uint8Array)`;
		expect(await lowerPair('list<u8>', value)).toEqual([1, message]);
	});

	test.each([
		[6, 'the address 6, which is not aligned to 4'],
		[65532, '8 bytes at 65532, outside of its memory of 65536 bytes'],
	])('a return area at %i stops the guest', async (area, what) => {
		const { call } = await bind(signature([], 'list<u8>'), () => Uint8Array.of(1));
		expect(() => call(area)).toThrow(new RangeError(`demo.f: the guest passed ${what}`));
	});

	test('an allocation outside of memory stops the guest', async () => {
		const { call } = await bind(signature([], 'list<u8>'), () => Uint8Array.of(1), {
			cpybuild_realloc: () => 65536,
		});
		expect(() => call(8)).toThrow(
			new RangeError('demo.f: the guest passed 1 bytes at 65536, outside of its memory of 65536 bytes'),
		);
	});
});

describe('no result', () => {
	test.each([undefined, null, 3, 'text'])('%s is ignored', async (value) => {
		const { guest, call } = await bind(signature([]), () => value);
		expect(call()).toBe(undefined);
		expect(guest.raised).toEqual([]);
	});
});

describe('a promise', () => {
	const message = 'demo.f: the host returned a Promise, and async functions are not supported here';

	test.each(['s32', 's64', 'bool', 'char', undefined])('for %s is a TypeError', async (type) => {
		const { guest, call } = await bind(signature([], type), async () => 3);
		call();
		expect(guest.raised).toEqual([[1, message]]);
	});

	test('that fails later does not end the host program', async () => {
		const { guest, call } = await bind(signature([], 'string'), async () => {
			throw new Error('too late');
		});
		call(8);
		await new Promise((resolve) => setImmediate(resolve));
		expect(guest.raised).toEqual([[1, message]]);
	});
});
