import { describe, expect, test } from 'vitest';
import type { Export, Import } from '../../../src/wasm/module.js';
import { compareExports, compareImports } from '../../../src/wasm/verify.js';

const found = (module: string, name: string, params: string[], results: string[]): Import => ({
	module,
	name,
	type: { kind: 'func', params, results },
});
const expected = (module: string, name: string, params: string[], results: string[]) => ({
	module,
	name,
	params,
	results,
});

test('the same imports in any order do not differ', () => {
	const difference = compareImports(
		[found('demo', 'b', ['i32'], []), found('demo', 'a', [], ['f64'])],
		[expected('demo', 'a', [], ['f64']), expected('demo', 'b', ['i32'], [])],
	);
	expect(difference).toEqual({ unexpected: [], missing: [], mismatched: [] });
});

test('imports of WASI are always allowed', () => {
	const wasi = found('wasi_snapshot_preview1', 'fd_write', ['i32', 'i32', 'i32', 'i32'], ['i32']);
	expect(compareImports([wasi], [])).toEqual({ unexpected: [], missing: [], mismatched: [] });
});

test('an import that nobody declared is unexpected', () => {
	const stray = found('env', 'getrandom', ['i32'], ['i32']);
	expect(compareImports([stray], [])).toEqual({ unexpected: [stray], missing: [], mismatched: [] });
});

test('a declared import that the module lacks is missing', () => {
	const lost = expected('demo', 'bar', ['i32'], []);
	expect(compareImports([], [lost])).toEqual({ unexpected: [], missing: [lost], mismatched: [] });
});

test.each([
	['parameters', found('demo', 'bar', ['i64'], [])],
	['results', found('demo', 'bar', ['i32'], ['i32'])],
	['a count of parameters', found('demo', 'bar', ['i32', 'i32'], [])],
	['a kind', { module: 'demo', name: 'bar', type: { kind: 'global', value: 'i32', mutable: false } } satisfies Import],
])('an import that differs in %s is mismatched', (_, one) => {
	const wanted = expected('demo', 'bar', ['i32'], []);
	expect(compareImports([one], [wanted])).toEqual({
		unexpected: [],
		missing: [],
		mismatched: [{ found: one, expected: wanted }],
	});
});

test('names with dots are not taken for other names', () => {
	const one = found('a.b', 'c', [], []);
	const other = expected('a', 'b.c', [], []);
	expect(compareImports([one], [other])).toEqual({ unexpected: [one], missing: [other], mismatched: [] });
});

describe('exports', () => {
	const exported = (name: string, params: string[], results: string[]): Export => ({
		name,
		type: { kind: 'func', params, results },
	});
	const wanted = { name: 'm#f', params: ['i32'], results: ['f64'] };

	test('more of them than expected are fine', () => {
		const exports = [exported('_start', [], []), exported('m#f', ['i32'], ['f64'])];
		expect(compareExports(exports, [wanted])).toEqual({ missing: [], mismatched: [] });
	});

	test('one that is not there is missing', () => {
		expect(compareExports([exported('f', ['i32'], ['f64'])], [wanted])).toEqual({ missing: [wanted], mismatched: [] });
	});

	test.each([
		exported('m#f', ['i64'], ['f64']),
		exported('m#f', ['i32'], []),
		{ name: 'm#f', type: { kind: 'global', value: 'i32', mutable: false } } satisfies Export,
	])('one that is something else is mismatched', (found) => {
		expect(compareExports([found], [wanted])).toEqual({ missing: [], mismatched: [{ found, expected: wanted }] });
	});
});
