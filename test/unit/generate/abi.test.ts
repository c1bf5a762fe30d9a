import { describe, expect, test } from 'vitest';
import { coreType, exportedType } from '../../../src/generate/abi/core.js';
import { layoutOf, layoutRecord, layoutVariant } from '../../../src/generate/abi/layout.js';
import type { CoreType } from '../../../src/generate/abi/shape.js';
import type { ResourceDefinition, TypeDefinition, WitType } from '../../../src/wit/type.js';
import { signature, type } from './manifest.js';

const numbered = (count: number, spelling: string) =>
	Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, spelling]));

const names = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `n${index}` }));

const named = (definition: TypeDefinition): WitType => ({ kind: 'named', definition });

const record = (...types: readonly WitType[]): WitType =>
	named({
		kind: 'record',
		name: 'r',
		owner: 'demo',
		fields: types.map((one, index) => ({ name: `f${index}`, type: one })),
	});

const variant = (...types: readonly (WitType | undefined)[]): WitType =>
	named({
		kind: 'variant',
		name: 'v',
		owner: 'demo',
		cases: types.map((one, index) => ({ name: `c${index}`, ...(one && { type: one }) })),
	});

const enumOf = (count: number): WitType => named({ kind: 'enum', name: 'e', owner: 'demo', cases: names(count) });

const flagsOf = (count: number): WitType => named({ kind: 'flags', name: 'f', owner: 'demo', flags: names(count) });

const tuple = (...items: readonly WitType[]): WitType => ({ kind: 'tuple', items });

const option = (some: WitType): WitType => ({ kind: 'option', some });

const result = (ok?: WitType, err?: WitType): WitType => ({ kind: 'result', ...(ok && { ok }), ...(err && { err }) });

const resource: ResourceDefinition = { kind: 'resource', name: 'cursor', owner: 'demo', functions: [] };

/** Flat values, then bytes and alignment: `i32 f64, 16 at 8`. */
const laidOut = (one: WitType): string => {
	const { flat, size, alignment } = layoutOf(one);
	return `${flat.join(' ')}, ${size} at ${alignment}`;
};

describe('exportedType', () => {
	test('gives the address of a result in memory, and else what imports give', () => {
		expect(exportedType(signature({ text: 'string' }, 'string'))).toEqual({
			params: ['i32', 'i32'],
			results: ['i32'],
			returnPointer: true,
		});
		expect(exportedType(signature(numbered(17, 'u8'), 'f32'))).toEqual({
			params: ['i32'],
			results: ['f32'],
			returnPointer: false,
		});
		expect(exportedType(signature({}))).toEqual({ params: [], results: [], returnPointer: false });
	});
});

describe('coreType', () => {
	test('lowers every type to its core values', () => {
		const lowered = (spelling: string) => coreType(signature({ value: spelling })).params;
		for (const spelling of ['bool', 's8', 's16', 's32', 'u8', 'u16', 'u32', 'char']) {
			expect(lowered(spelling)).toEqual(['i32']);
		}
		expect(lowered('s64')).toEqual(['i64']);
		expect(lowered('u64')).toEqual(['i64']);
		expect(lowered('f32')).toEqual(['f32']);
		expect(lowered('f64')).toEqual(['f64']);
		expect(lowered('string')).toEqual(['i32', 'i32']);
		expect(lowered('list<u8>')).toEqual(['i32', 'i32']);
	});

	test('keeps the order of the parameters', () => {
		expect(coreType(signature({ a: 'f64', b: 'string', c: 'u64' }, 'f32'))).toEqual({
			params: ['f64', 'i32', 'i32', 'i64'],
			results: ['f32'],
			spilled: false,
			returnPointer: false,
		});
	});

	test('has no result for a function that returns nothing', () => {
		expect(coreType(signature({}))).toEqual({ params: [], results: [], spilled: false, returnPointer: false });
	});

	test('writes a result of two values to memory', () => {
		expect(coreType(signature({ a: 's64' }, 'string'))).toEqual({
			params: ['i64', 'i32'],
			results: [],
			spilled: false,
			returnPointer: true,
		});
	});

	test('passes 16 flat parameters, beside the address for the result', () => {
		expect(coreType(signature(numbered(16, 's32'))).params).toHaveLength(16);
		expect(coreType(signature(numbered(8, 'string'), 'string')).params).toHaveLength(17);
	});

	test('spills 17 flat parameters to memory', () => {
		expect(coreType(signature(numbered(17, 'f64'), 'string'))).toEqual({
			params: ['i32', 'i32'],
			results: [],
			spilled: true,
			returnPointer: true,
		});
		expect(coreType(signature({ ...numbered(8, 'string'), last: 'u8' })).spilled).toBe(true);
	});

	test('counts the flat values of compound parameters, not the parameters', () => {
		const param = (one: WitType) => ({ name: 'value', type: one, start: 0, end: 0 });
		const wide = record(...Array.from({ length: 16 }, () => type('u8')));
		expect(coreType({ params: [param(wide)] })).toMatchObject({ spilled: false });
		expect(coreType({ params: [param(option(wide))] })).toEqual({
			params: ['i32'],
			results: [],
			spilled: true,
			returnPointer: false,
		});
	});

	test('returns a record of one flat value, an enum, flags and a handle flat, but a result with a payload in memory', () => {
		const returning = (one: WitType) => coreType({ params: [], result: one });
		const flat = (core: CoreType) => ({ params: [], results: [core], spilled: false, returnPointer: false });
		expect(returning(record(type('f64')))).toEqual(flat('f64'));
		expect(returning(enumOf(3))).toEqual(flat('i32'));
		expect(returning(flagsOf(3))).toEqual(flat('i32'));
		expect(returning({ kind: 'own', resource })).toEqual(flat('i32'));
		expect(returning(result())).toEqual(flat('i32'));
		expect(returning(result(type('u8')))).toEqual({
			params: ['i32'],
			results: [],
			spilled: false,
			returnPointer: true,
		});
	});
});

// Worked out by hand from the definitions in CanonicalABI.md.
describe('layoutOf', () => {
	test.each([
		['bool', 'i32, 1 at 1'],
		['s8', 'i32, 1 at 1'],
		['u8', 'i32, 1 at 1'],
		['s16', 'i32, 2 at 2'],
		['u16', 'i32, 2 at 2'],
		['s32', 'i32, 4 at 4'],
		['u32', 'i32, 4 at 4'],
		['s64', 'i64, 8 at 8'],
		['u64', 'i64, 8 at 8'],
		['f32', 'f32, 4 at 4'],
		['f64', 'f64, 8 at 8'],
		['char', 'i32, 4 at 4'],
		['string', 'i32 i32, 8 at 4'],
	])('%s is laid out as %s', (spelling, expected) => {
		expect(laidOut(type(spelling))).toBe(expected);
	});

	test('a list is an address and a length, whatever its elements are', () => {
		expect(laidOut({ kind: 'list', element: type('f64') })).toBe('i32 i32, 8 at 4');
		expect(laidOut({ kind: 'list', element: record(type('u64'), type('u64')) })).toBe('i32 i32, 8 at 4');
	});

	test('records and tuples have their fields side by side, padded', () => {
		expect(laidOut(record(type('u8'), type('u32')))).toBe('i32 i32, 8 at 4');
		expect(laidOut(tuple(type('u8'), type('u64'), type('u8')))).toBe('i32 i64 i32, 24 at 8');
		expect(laidOut(tuple(type('u8'), type('u8'), type('u8')))).toBe('i32 i32 i32, 3 at 1');
		expect(laidOut(record(type('string'), tuple(type('u16'), type('f32'))))).toBe('i32 i32 i32 f32, 16 at 4');
	});

	test('an option has a byte for its case, then its value at the alignment of the value', () => {
		expect(laidOut(option(type('u8')))).toBe('i32 i32, 2 at 1');
		expect(laidOut(option(type('u16')))).toBe('i32 i32, 4 at 2');
		expect(laidOut(option(type('f64')))).toBe('i32 f64, 16 at 8');
		expect(laidOut(option(type('string')))).toBe('i32 i32 i32, 12 at 4');
		expect(laidOut(option(option(type('u32'))))).toBe('i32 i32 i32, 12 at 4');
	});

	test('a result has room for the larger payload, at the larger alignment', () => {
		expect(laidOut(result())).toBe('i32, 1 at 1');
		expect(laidOut(result(type('u64')))).toBe('i32 i64, 16 at 8');
		expect(laidOut(result(undefined, type('u16')))).toBe('i32 i32, 4 at 2');
		// The payload is 12 bytes at offset 8 (aligned for u64): 20, rounded up to 24.
		expect(laidOut(result(tuple(type('u32'), type('u32'), type('u32')), type('u64')))).toBe('i32 i64 i32 i32, 24 at 8');
	});

	test('the flat payloads of a variant share core values that hold either', () => {
		const joined = (a: string, b: string) =>
			layoutOf(variant(type(a), type(b)))
				.flat.slice(1)
				.join(' ');
		expect(joined('u32', 's8')).toBe('i32');
		expect(joined('f32', 'f32')).toBe('f32');
		expect(joined('f32', 'u32')).toBe('i32');
		expect(joined('u32', 'f32')).toBe('i32');
		expect(joined('f64', 'f64')).toBe('f64');
		expect(joined('f64', 'u64')).toBe('i64');
		expect(joined('f64', 'f32')).toBe('i64');
		expect(joined('f32', 'f64')).toBe('i64');
		expect(joined('u32', 'u64')).toBe('i64');
		expect(joined('f64', 'u8')).toBe('i64');
		expect(joined('string', 'f64')).toBe('i64 i32');
		expect(joined('f64', 'string')).toBe('i64 i32');
	});

	test('a third case joins what the first two have in common', () => {
		expect(layoutOf(variant(type('f32'), type('u32'), type('f32'))).flat).toEqual(['i32', 'i32']);
		expect(layoutOf(variant(type('f32'), undefined, tuple(type('f32'), type('f64')), type('u64'))).flat).toEqual([
			'i32',
			'i64',
			'f64',
		]);
	});

	test('enums are variants without payloads, of 1, 2 or 4 bytes', () => {
		expect(laidOut(enumOf(1))).toBe('i32, 1 at 1');
		expect(laidOut(enumOf(256))).toBe('i32, 1 at 1');
		expect(laidOut(enumOf(257))).toBe('i32, 2 at 2');
		expect(laidOut(enumOf(65536))).toBe('i32, 2 at 2');
		expect(laidOut(enumOf(65537))).toBe('i32, 4 at 4');
	});

	test('flags have a bit each, in 1, 2 or 4 bytes', () => {
		expect(laidOut(flagsOf(8))).toBe('i32, 1 at 1');
		expect(laidOut(flagsOf(9))).toBe('i32, 2 at 2');
		expect(laidOut(flagsOf(16))).toBe('i32, 2 at 2');
		expect(laidOut(flagsOf(17))).toBe('i32, 4 at 4');
		expect(laidOut(flagsOf(32))).toBe('i32, 4 at 4');
	});

	test('types may be as large as WIT lets them be', () => {
		let doubled = type('u8');
		for (let level = 0; level < 17; level++) doubled = tuple(doubled, doubled);
		const { flat, size } = layoutOf(doubled);
		expect([flat.length, size]).toEqual([2 ** 17, 2 ** 17]);
		expect(layoutOf(enumOf(200_000)).size).toBe(4);
	});

	test('handles of resources are numbers', () => {
		expect(laidOut({ kind: 'own', resource })).toBe('i32, 4 at 4');
		expect(laidOut({ kind: 'borrow', resource })).toBe('i32, 4 at 4');
	});

	test('an alias is the type that it stands for', () => {
		const alias = named({ kind: 'alias', name: 'a', owner: 'demo', type: option(type('f64')) });
		expect(laidOut(named({ kind: 'alias', name: 'b', owner: 'demo', type: alias }))).toBe('i32 f64, 16 at 8');
	});
});

describe('layoutVariant', () => {
	test('places the payload behind the discriminant, at the largest alignment of all payloads', () => {
		expect(layoutVariant([type('u8'), type('u64'), undefined])).toEqual({
			discriminantSize: 1,
			payloadOffset: 8,
			flat: ['i32', 'i64'],
			size: 16,
			alignment: 8,
		});
		const many = [...Array.from({ length: 256 }, () => undefined), type('u8')];
		expect(layoutVariant(many)).toEqual({
			discriminantSize: 2,
			payloadOffset: 2,
			flat: ['i32', 'i32'],
			size: 4,
			alignment: 2,
		});
	});
});

describe('layoutRecord', () => {
	test('places each field at its alignment and rounds the size up', () => {
		const types = ['u8', 'u64', 'bool', 'u16', 'f32', 'string', 's8'].map(type);
		expect(layoutRecord(types)).toEqual({
			offsets: [0, 8, 16, 18, 20, 24, 32],
			flat: ['i32', 'i64', 'i32', 'i32', 'f32', 'i32', 'i32', 'i32'],
			size: 40,
			alignment: 8,
		});
	});

	test('is empty without fields', () => {
		expect(layoutRecord([])).toEqual({ offsets: [], flat: [], size: 0, alignment: 1 });
	});
});
