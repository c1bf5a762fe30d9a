import { describe, expect, test } from 'vitest';
import type { WitType } from '../../../src/wit/type.js';
import { Codec } from './codec.js';
import { bind, FakeGuest, lift, load } from './guest.js';
import { oneExport } from './manifests.js';
import { enumOf, flags, func, list, option, record, result, type Some, tuple, typeOf, variant } from './types.js';

const color = enumOf('color', 'red', 'green');
const rights = flags('rights', 'read', 'may-write');
const row = record('row', { id: 's32', 'full-name': 'string', tags: list('string'), color, rights });
const shape = variant('shape', { circle: 'f32', named: 'string', nothing: undefined });
const page = record('page', { rows: list(row), next: option('u8') });
const error = record('db-error', { code: 's32', rows: list('string') });

const goodRow = { id: 1, fullName: 'a', tags: ['b'], color: 'red', rights: {} };
const goodPage = { rows: [goodRow, goodRow], next: 3 };

/** What Python is told when the host returns a value; nothing that was allocated for it may be left. */
async function refusal(type: Some, value: unknown): Promise<unknown> {
	const { guest, call } = await bind(func({}, type), () => value);
	call(64);
	expect(guest.takeMessages()).toBe(0);
	expect(guest.raised.length).toBe(1);
	return guest.raised[0];
}

describe('a value that the memory of the guest has no room for', () => {
	const long = 'x'.repeat(5000);
	const wide = 'ß'.repeat(3000);
	test.each<[Some, unknown, string]>([
		['string', long, '5000 characters'],
		['string', wide, '3000 characters'],
		[list('u8'), new Uint8Array(5000), '5000 bytes'],
		[list('u16'), new Uint16Array(2500), '5000 bytes'],
		[list('string'), ['a', 'b', long], '5000 characters at [2]'],
		[row, { ...goodRow, fullName: wide }, '3000 characters at fullName'],
		[page, { rows: new Array(1000).fill(goodRow) }, '24000 bytes at rows'],
		[option(list('bool')), new Array(5000).fill(true), '5000 bytes'],
	])('is a MemoryError, and nothing is left of it: %#', async (type, value, found) => {
		const { guest, call } = await bind(func({}, type), () => value);
		guest.room = 4096 + 256;
		call(64);
		expect(guest.raised).toEqual([[4, `demo.f: the host returned ${found}, for which there is no memory`]]);
		expect(guest.takeMessages()).toBe(0);
	});

	test('is one without a message where not even that has room', async () => {
		const { guest, call } = await bind(func({}, 'string'), () => long);
		guest.room = 0;
		call(64);
		expect([guest.raised, guest.blocks.size]).toEqual([[[4, '']], 0]);
	});

	test('of an error is one, too', async () => {
		const { guest, call } = await bind(func({}, 'string'), () => {
			throw new Error(long);
		});
		guest.room = 4096;
		call(64);
		expect([guest.raised, guest.blocks.size]).toEqual([[[4, '']], 0]);
	});

	test.each<[Some, unknown, string]>([
		['string', long, '5000 characters at a'],
		[list('u8'), new Uint8Array(5000), '5000 bytes at a'],
		[list('string'), ['b', long], '5000 characters at a[1]'],
	])('is a RangeError when it is passed to Python code: %#', async (type, value, found) => {
		const { createBindings } = await load(oneExport(func({ a: type })));
		const bindings = createBindings({}) as unknown as {
			readonly exports: { readonly m: { f(value: unknown): void } };
			attach(instance: object): void;
		};
		const guest = new FakeGuest();
		const unreachable = () => expect.unreachable();
		bindings.attach({ exports: { ...guest.exports, 'm#f': unreachable, cpybuild_take_errors: () => {} } });
		guest.room = 4096;
		expect(() => bindings.exports.m.f(value)).toThrow(
			new RangeError(`m.f: the host passed ${found}, for which there is no memory`),
		);
		expect(guest.blocks.size).toBe(0);
	});
});

describe('a value of a wrong shape', () => {
	test.each<[Some, unknown, string, string]>([
		[row, undefined, 'undefined', 'a row (object)'],
		[row, null, 'null', 'a row (object)'],
		[row, 'text', '"text"', 'a row (object)'],
		[row, {}, 'undefined at id', 'an s32'],
		[row, { ...goodRow, id: '1' }, '"1" at id', 'an s32'],
		[row, { ...goodRow, id: 1.5 }, '1.5 at id', 'an s32'],
		[row, { ...goodRow, fullName: undefined }, 'undefined at fullName', 'a string'],
		[row, { ...goodRow, tags: 'abc' }, '"abc" at tags', 'a list<string> (array)'],
		[row, { ...goodRow, tags: { length: 1, 0: 'a' } }, 'an Object at tags', 'a list<string> (array)'],
		[row, { ...goodRow, tags: ['a', 3] }, '3 at tags[1]', 'a string'],
		[row, { ...goodRow, tags: new Array(2) }, 'undefined at tags[0]', 'a string'],
		[row, { ...goodRow, color: 'blue' }, '"blue" at color', 'a color'],
		[row, { ...goodRow, color: 0 }, '0 at color', 'a color'],
		[row, { ...goodRow, rights: { read: 1 } }, '1 at rights.read', 'a flag (boolean)'],
		[row, { ...goodRow, rights: 1 }, '1 at rights', 'a rights (object)'],
		[page, { rows: [goodRow, { ...goodRow, id: null }] }, 'null at rows[1].id', 'an s32'],
		[page, { ...goodPage, next: '3' }, '"3" at next', 'a u8'],
		[list(row), [goodRow, 3], '3 at [1]', 'a row (object)'],
		[tuple('u8', 'string'), [1], 'an Array', 'a tuple<u8, string> (array of 2)'],
		[tuple('u8', 'string'), [1, 2], '2 at [1]', 'a string'],
		[tuple('u8'), [true], 'true at [0]', 'a u8'],
		[shape, 'circle', '"circle"', 'a shape (object)'],
		[shape, { tag: 'square' }, '"square" at tag', 'a case of a shape'],
		[shape, { tag: 'circle' }, 'undefined at val', 'an f32 (number)'],
		[variant('way', { left: undefined, right: undefined }), { tag: 'up' }, '"up" at tag', 'a case of a way'],
		[option(shape), false, 'false', 'a shape (object)'],
		[option(option('u8')), 3, '3', 'an option<option<u8>> (object)'],
		[list(result('u8', 'string')), [{ tag: 'ok' }], 'undefined at [0].val', 'a u8'],
		[list('f64'), [1, 2], 'an Array', 'a list<f64> (Float64Array)'],
		[list('f64'), new Float32Array(2), 'a Float32Array', 'a list<f64> (Float64Array)'],
		[record('one', { only: color }), { only: 'blue' }, '"blue" at only', 'a color'],
	])('is a TypeError that says where: %#', async (type, value, found, wanted) => {
		expect(await refusal(type, value)).toEqual([1, `demo.f: the host returned ${found}, not ${wanted}`]);
	});

	test.each<[Some, unknown, string]>([
		[row, { ...goodRow, id: 2 ** 31 }, '2147483648 at id, out of the range of an s32'],
		[page, { ...goodPage, next: -1 }, '-1 at next, out of the range of a u8'],
		[tuple('u64', 'u8'), [-1n, 0], '-1n at [0], out of the range of a u64 (bigint)'],
	])('is an OverflowError when it is a number out of range: %#', async (type, value, found) => {
		expect(await refusal(type, value)).toEqual([2, `demo.f: the host returned ${found}`]);
	});

	test.each<[Some, unknown, string]>([
		[
			page,
			{ rows: [{ ...goodRow, fullName: 'a\ud800' }] },
			'"a\\ud800" at rows[0].fullName, which has a lone surrogate',
		],
		[list('char'), ['a', 'bc'], '"bc" at [1], not one character'],
		[list('char'), ['\udc00'], '"\\udc00" at [0], which has a lone surrogate'],
		[list('char'), [''], '"" at [0], not one character'],
	])('is a ValueError when it is text that has no place: %#', async (type, value, found) => {
		expect(await refusal(type, value)).toEqual([3, `demo.f: the host returned ${found}`]);
	});

	test.each([2 ** 32, -1, 1.5, Number.NaN, 'many'])(
		'is a ValueError when a list says that its length is %s',
		async (length) => {
			const proxy = new Proxy([], { get: (target, key) => (key === 'length' ? length : Reflect.get(target, key)) });
			expect(await refusal(list('string'), proxy)).toEqual([
				3,
				`demo.f: the host returned a list of ${length}, which no memory can hold`,
			]);
		},
	);

	test('is a HostError with the message of a property that throws', async () => {
		const value = {
			...goodRow,
			get color(): string {
				throw new Error('no color');
			},
		};
		expect(await refusal(list(row), [goodRow, value])).toEqual([0, 'no color']);
	});

	test('is told to be a promise when it is one', async () => {
		const message = 'demo.f: the host returned a Promise, and async functions are not supported here';
		const loose = record('loose', { a: option('u8'), b: option('string') });
		const others = [loose, option(rights), result(row, 'string'), result(undefined, 'string'), result(loose), result()];
		for (const type of [row, list(row), shape, color, rights, ...others]) {
			expect(await refusal(type, Promise.resolve(goodRow))).toEqual([1, message]);
		}
	});

	test('is null where it may be nothing, which is fine', async () => {
		const { guest, call } = await bind(func({}, option('u8')), () => null);
		guest.bytes.fill(9, 64, 66);
		call(64);
		expect([guest.bytes[64], guest.raised]).toEqual([0, []]);
	});
});

describe('an error of a result', () => {
	const type = result(row, error);

	async function thrown(value: unknown, of: WitType = type) {
		const { guest, call } = await bind(func({}, of), () => {
			throw value;
		});
		const core = call(64);
		return { core, guest, raised: guest.raised, left: guest.takeMessages() };
	}

	test('is whatever has a payload of its own', async () => {
		const payload = { code: 7, rows: ['a'] };
		for (const one of [Object.assign(new Error(), { payload }), { payload }]) {
			const { guest, raised } = await thrown(one);
			expect(raised).toEqual([]);
			expect(new Codec(guest).load(type, 64)).toEqual({ tag: 'err', val: payload });
		}
	});

	test('is a TypeError when its payload is wrong', async () => {
		const { raised, left } = await thrown({ payload: { code: 7, rows: ['a', 2] } });
		expect(raised).toEqual([[1, 'demo.f: the host threw 2 at payload.rows[1], not a string']]);
		expect(left).toBe(0);
	});

	test('without a payload is a HostError', async () => {
		class Inheriting extends Error {}
		Object.assign(Inheriting.prototype, { payload: 3 });
		for (const one of [new Error('no'), new Inheriting('no'), 'no']) {
			expect((await thrown(one)).raised).toEqual([[0, 'no']]);
		}
	});

	test('says nothing where the result has no error type', async () => {
		expect((await thrown({ payload: 3 }, result())).core).toBe(1);
		expect((await thrown(new Error('no'), result())).raised).toEqual([[0, 'no']]);
		const { guest, raised } = await thrown({ payload: 3 }, result('u8'));
		expect([guest.bytes[64], raised]).toEqual([1, []]);
	});

	test('unwinds the guest when it is marked to do so', async () => {
		const marked = Object.assign(new Error('deadline'), { payload: 3, [Symbol.for('cpybuild.unwind')]: true });
		await expect(thrown(marked)).rejects.toThrow(marked);
	});
});

describe('a guest that breaks the ABI', () => {
	const message = (what: string): RangeError => new RangeError(`demo.f: the guest passed ${what}`);

	test.each<[string, Some, readonly number[], string]>([
		['a case of a variant', shape, [3, 0, 0], 'the case 3 of a shape'],
		['a case of an option', option('u8'), [2, 0], 'the case 2 of an option<u8>'],
		['a case of a result', result('u8'), [-1, 0], 'the case 4294967295 of a result<u8>'],
		['a case of an enum', color, [2], 'the case 2 of a color'],
		['a list that is not aligned', list('f64'), [4, 0], 'the address 4, which is not aligned to 8'],
		['a list of records that is not aligned', list(row), [2, 1], 'the address 2, which is not aligned to 4'],
		['a list beyond its memory', list('u16'), [65534, 2], '4 bytes at 65534, outside of its memory of 65536 bytes'],
		['a list of a huge count', list(row), [0, -1], '103079215080 bytes at 0, outside of its memory of 65536 bytes'],
	])('by %s is stopped', async (_, type, core, what) => {
		await expect(lift(func({ a: type }), () => core)).rejects.toThrow(message(what));
	});

	test('by a wrong case in memory is stopped', async () => {
		const all = list(tuple(shape, color, option('u8')));
		const place = (at: number, value: number) =>
			lift(func({ a: all }), (guest) => {
				const [start] = guest.put(new Uint8Array(16), 4);
				guest.bytes[start + at] = value;
				return [start, 1];
			});
		expect(await place(13, 0)).toEqual([[{ tag: 'circle', val: 0 }, 'red', undefined]]);
		await expect(place(0, 9)).rejects.toThrow(message('the case 9 of a shape'));
		await expect(place(12, 2)).rejects.toThrow(message('the case 2 of a color'));
		await expect(place(13, 2)).rejects.toThrow(message('the case 2 of an option<u8>'));
	});

	test.each([6, 65535])('by a return area at %i is stopped', async (area) => {
		const { call } = await bind(func({}, row), () => goodRow);
		expect(() => call(area)).toThrow(RangeError);
	});

	test('by unused bits of flags is not', async () => {
		expect(await lift(func({ a: rights }), () => [0xfe])).toEqual({ read: false, mayWrite: true });
	});
});

test('memory may grow at every allocation', async () => {
	const { guest, call } = await bind(func({}, page), () => goodPage);
	guest.growing = true;
	call(64);
	expect(guest.raised).toEqual([]);
	const rights = { read: false, mayWrite: false };
	const rows = goodPage.rows.map((one) => ({ ...one, rights }));
	expect(new Codec(guest).load(typeOf(page), 64)).toEqual({ ...goodPage, rows });
});

test('a property may call the function again, which disturbs neither call', async () => {
	let depth = 0;
	const { guest, call } = await bind(func({}, list(row)), () => {
		depth++;
		if (depth > 2) return [goodRow, { ...goodRow, id: 'wrong' }];
		return [
			goodRow,
			{
				...goodRow,
				get fullName(): string {
					call(64 + 8 * depth);
					return 'after';
				},
			},
		];
	});
	call(64);
	expect(guest.raised).toEqual([[1, 'demo.f: the host returned "wrong" at [1].id, not an s32']]);
	const codec = new Codec(guest);
	for (const area of [64, 72]) {
		const rows = codec.load(list(row), area) as readonly { readonly fullName: string }[];
		expect(rows.map(({ fullName }) => fullName)).toEqual(['a', 'after']);
	}
	expect(guest.takeMessages()).toBe(0);
});
