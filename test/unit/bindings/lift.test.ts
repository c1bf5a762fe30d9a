import { describe, expect, test } from 'vitest';
import { bind, lift } from './guest.js';
import { signature } from './manifests.js';

describe('scalar parameters', () => {
	test.each([
		['bool', 0, false],
		['bool', 1, true],
		['bool', 2, true],
		['s8', -128, -128],
		['s8', 127, 127],
		['s8', 255, -1],
		['s16', -32768, -32768],
		['s16', 32767, 32767],
		['s16', 65535, -1],
		['s32', -(2 ** 31), -(2 ** 31)],
		['s32', 2 ** 31 - 1, 2 ** 31 - 1],
		['u8', 255, 255],
		['u8', 256, 0],
		['u16', 65535, 65535],
		['u16', -1, 65535],
		['u32', -1, 2 ** 32 - 1],
		['u32', -(2 ** 31), 2 ** 31],
		['s64', -(2n ** 63n), -(2n ** 63n)],
		['s64', 2n ** 63n - 1n, 2n ** 63n - 1n],
		['u64', -1n, 2n ** 64n - 1n],
		['u64', -(2n ** 63n), 2n ** 63n],
		['f32', Math.fround(0.1), Math.fround(0.1)],
		['f32', -0, -0],
		['f64', 0.1, 0.1],
		['f64', -0, -0],
		['f64', Number.NaN, Number.NaN],
		['f64', -Infinity, -Infinity],
		['char', 0, '\0'],
		['char', 0xfffd, '\ufffd'],
		['char', 0x1f40d, '🐍'],
		['char', 0x10ffff, '\u{10ffff}'],
	])('%s %s is %s for the host', async (type, core, value) => {
		expect(await lift(signature([`a: ${type}`]), () => [core])).toBe(value);
	});

	test.each([0xd800, 0xdfff, 0x110000, -1])('%i is no char', async (core) => {
		const message = `demo.f: the guest passed ${core >>> 0} as a char, which is no Unicode scalar value`;
		await expect(lift(signature(['a: char']), () => [core])).rejects.toThrow(new RangeError(message));
	});
});

describe('string parameters', () => {
	test.each([
		['', 'empty'],
		['a', 'one letter'],
		['abcd', 'four letters'],
		['exactly 32 bytes of ASCII letter', 'the longest of the fast path'],
		['thirty-three bytes of plain ASCII', 'the first beyond the fast path'],
		['a\0b', 'with NUL'],
		['äöü', 'short, not ASCII'],
		['abcdé', 'not ASCII in the tail'],
		['🐍 beyond the BMP 🐍', 'non-BMP'],
		['\ufeffa', 'with a byte order mark'],
		['x'.repeat(2 ** 20), 'of 1 MiB'],
		['ü'.repeat(2 ** 19), 'of 1 MiB, not ASCII'],
	])('%# $1', async (text) => {
		expect(await lift(signature(['a: string']), (guest) => guest.putText(text))).toBe(text);
	});

	test('text that is not UTF-8 stops the guest', async () => {
		const lifted = lift(signature(['a: string']), (guest) => guest.put(Uint8Array.of(0xff)));
		await expect(lifted).rejects.toThrow(
			new RangeError('demo.f: the guest passed a string of 1 bytes that is not UTF-8'),
		);
	});
});

describe('bytes parameters', () => {
	test.each([
		['empty', new Uint8Array()],
		['with NUL', Uint8Array.of(0, 255, 0)],
		['of 1 MiB', new Uint8Array(2 ** 20).fill(7)],
	])('%s', async (_, bytes) => {
		const lifted = await lift(signature(['a: list<u8>']), (guest) => guest.put(bytes));
		expect(lifted).toBeInstanceOf(Uint8Array);
		expect(Buffer.from(lifted as Uint8Array).equals(bytes)).toBe(true);
	});

	test('the host gets a copy of its own', async () => {
		let kept = new Uint8Array();
		const { guest, call } = await bind(signature(['a: list<u8>']), (bytes: Uint8Array<ArrayBuffer>) => {
			kept = bytes;
		});
		const [pointer, length] = guest.put(Uint8Array.of(1, 2));
		call(pointer, length);
		guest.bytes[pointer] = 9;
		expect(kept).toEqual(Uint8Array.of(1, 2));
		expect(kept.buffer.byteLength).toBe(2);
	});
});

describe('places in guest memory', () => {
	test.each([
		[65536, 1],
		[65535, 2],
		[-1, 1],
		[0, -1],
	])('%i with %i bytes is outside', async (pointer, length) => {
		const message = `demo.f: the guest passed ${length >>> 0} bytes at ${pointer >>> 0}, outside of its memory of 65536 bytes`;
		for (const type of ['string', 'list<u8>']) {
			await expect(lift(signature([`a: ${type}`]), () => [pointer, length])).rejects.toThrow(new RangeError(message));
		}
	});

	test('the very end is inside', async () => {
		expect(await lift(signature(['a: string']), () => [65536, 0])).toBe('');
	});

	test('memory that has grown is seen', async () => {
		const { guest, call } = await bind(signature(['a: string'], 'bool'), (text: string) => text === 'far away');
		expect(call(...guest.putText('far'))).toBe(0);
		guest.memory.grow(3);
		guest.bytes.set(new TextEncoder().encode('far away'), 3 * 65536);
		expect(call(3 * 65536, 8)).toBe(1);
	});
});

describe('more than 16 core parameters', () => {
	const types = 'bool s8 s16 s32 s64 u8 u16 u32 u64 f32 f64 char string list<u8> u8 s64'.split(' ');
	const many = signature(types.map((type, index) => `p${index}: ${type}`));

	test('are read from a record', async () => {
		const lifted = await lift(many, (guest) => {
			const text = guest.putText('schön');
			const bytes = guest.put(Uint8Array.of(1, 2, 3));
			const { view } = guest;
			view.setUint8(64, 1);
			view.setInt8(65, -1);
			view.setInt16(66, -2, true);
			view.setInt32(68, -3, true);
			view.setBigInt64(72, -4n, true);
			view.setUint8(80, 255);
			view.setUint16(82, 65535, true);
			view.setUint32(84, 2 ** 32 - 1, true);
			view.setBigUint64(88, 2n ** 64n - 1n, true);
			view.setFloat32(96, 0.5, true);
			view.setFloat64(104, 0.1, true);
			view.setUint32(112, 0x1f40d, true);
			for (const [index, value] of [...text, ...bytes].entries()) view.setUint32(116 + index * 4, value, true);
			view.setUint8(132, 7);
			view.setBigInt64(136, 8n, true);
			return [64];
		});
		const small = [true, -1, -2, -3, -4n, 255, 65535, 2 ** 32 - 1, 2n ** 64n - 1n, 0.5, 0.1];
		expect(lifted).toEqual([...small, '🐍', 'schön', Uint8Array.of(1, 2, 3), 7, 8n]);
	});

	test.each([
		[4, 'the address 4, which is not aligned to 8'],
		[65536 - 72, '80 bytes at 65464, outside of its memory of 65536 bytes'],
	])('a record at %i stops the guest', async (pointer, what) => {
		await expect(lift(many, () => [pointer])).rejects.toThrow(new RangeError(`demo.f: the guest passed ${what}`));
	});
});
