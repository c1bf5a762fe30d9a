import { describe, expect, test } from 'vitest';
import { coreType, layoutRecord } from '../../../src/generate/abi/core.js';
import { abiOf } from '../../../src/generate/abi/type.js';
import { signature, type } from './manifest.js';

const numbered = (count: number, spelling: string) =>
	Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, spelling]));

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
});

describe('layoutRecord', () => {
	test('places each field at its alignment and rounds the size up', () => {
		const types = ['u8', 'u64', 'bool', 'u16', 'f32', 'string', 's8'].map(type);
		expect(layoutRecord(types)).toEqual({ offsets: [0, 8, 16, 18, 20, 24, 32], size: 40, alignment: 8 });
	});

	test('is empty without fields', () => {
		expect(layoutRecord([])).toEqual({ offsets: [], size: 0, alignment: 1 });
	});
});

test('a list of other elements than u8 has no row yet', () => {
	expect(() => abiOf({ kind: 'list', element: { kind: 'string' } })).toThrow('no lowering of list<string>');
});
