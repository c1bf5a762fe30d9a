import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { parseModule } from '../../../src/wasm/module.js';
import { f64, func, i32, i64, list, name, section, u32, wasm } from './assemble.js';

const end = 0x0b;

/** A module with one of nearly everything. */
const rich = wasm(
	section(0, name('first'), [1, 2, 3]),
	section(1, list(func([i32, i32], [i32]), func([i64], [f64, i32]), func([], []))),
	section(
		2,
		list(
			[...name('demo'), ...name('bar'), 0, 0],
			[...name('env'), ...name('memory'), 2, 3, 1, 16],
			[...name('env'), ...name('table'), 1, 0x70, 0, 5],
			[...name('env'), ...name('base'), 3, i32, 0],
			[...name('env'), ...name('thrown'), 4, 0, 2],
		),
	),
	section(3, list([1], [2])),
	section(4, list([0x6f, 1, 1, 2])),
	section(5, list([5, 1, 2])),
	section(13, list([0, 0])),
	section(6, list([i32, 1, 0x41, 0x80, 0x01, end], [0x7b, 0, 0xfd, 0x0c, ...new Array(16).fill(0), end])),
	section(
		7,
		list(
			[...name('call'), 0, 1],
			[...name('memory2'), 2, 1],
			[...name('top'), 3, 1],
			[...name('refs'), 1, 1],
			[...name('tag'), 4, 1],
		),
	),
	section(12, u32(1)),
	section(10, list([2, 0, end], [2, 0, end])),
	section(11, list([1, 2, 7, 7])),
	section(0, name('producers')),
);

const broken = (bytes: Uint8Array): unknown => {
	try {
		return parseModule(bytes, 'x.wasm');
	} catch (error) {
		return error instanceof CpybuildError ? error.diagnostics.map((one) => `${one.code}: ${one.message}`) : error;
	}
};

describe('parseModule', () => {
	test('tells imports with their types', () => {
		expect(parseModule(rich, 'x.wasm').imports).toEqual([
			{ module: 'demo', name: 'bar', type: { kind: 'func', params: ['i32', 'i32'], results: ['i32'] } },
			{
				module: 'env',
				name: 'memory',
				type: { kind: 'memory', limits: { min: 1, max: 16, shared: true, address: 'i32' } },
			},
			{
				module: 'env',
				name: 'table',
				type: { kind: 'table', element: 'funcref', limits: { min: 5, shared: false, address: 'i32' } },
			},
			{ module: 'env', name: 'base', type: { kind: 'global', value: 'i32', mutable: false } },
			{ module: 'env', name: 'thrown', type: { kind: 'tag', params: [], results: [] } },
		]);
	});

	test('tells exports with the types that their indices refer to', () => {
		expect(parseModule(rich, 'x.wasm').exports).toEqual([
			{ name: 'call', type: { kind: 'func', params: ['i64'], results: ['f64', 'i32'] } },
			{ name: 'memory2', type: { kind: 'memory', limits: { min: 1, max: 2, shared: false, address: 'i64' } } },
			{ name: 'top', type: { kind: 'global', value: 'i32', mutable: true } },
			{
				name: 'refs',
				type: { kind: 'table', element: 'externref', limits: { min: 1, max: 2, shared: false, address: 'i32' } },
			},
			{ name: 'tag', type: { kind: 'tag', params: ['i32', 'i32'], results: ['i32'] } },
		]);
	});

	test('tells sections with name, offset and size', () => {
		const { sections } = parseModule(rich, 'x.wasm');
		expect(sections.map((one) => (one.name === undefined ? one.kind : `${one.kind} ${one.name}`))).toEqual([
			'custom first',
			'type',
			'import',
			'function',
			'table',
			'memory',
			'tag',
			'global',
			'export',
			'data count',
			'code',
			'data',
			'custom producers',
		]);
		expect(sections[0]).toEqual({ kind: 'custom', name: 'first', offset: 10, size: 9 });
		const ends = sections.map((one) => one.offset + one.size);
		expect(ends.at(-1)).toBe(rich.length);
	});

	test('counts functions, code and data', () => {
		const { bytes, functions, codeBytes, dataBytes } = parseModule(rich, 'x.wasm');
		expect({ bytes, functions, codeBytes, dataBytes }).toEqual({
			bytes: rich.length,
			functions: 2,
			codeBytes: 7,
			dataBytes: 5,
		});
	});

	test('takes an empty module', () => {
		expect(parseModule(wasm(), 'x.wasm')).toEqual({
			bytes: 8,
			sections: [],
			imports: [],
			exports: [],
			memories: [],
			functions: 0,
			codeBytes: 0,
			dataBytes: 0,
		});
	});

	test('takes recursive, structure and array types', () => {
		const recursive = [0x4e, 2, 0x50, 0, 0x5f, 2, i32, 0, 0x63, 0, 1, 0x4f, 1, 0, 0x60, 1, 0x64, 0, 0];
		const array = [0x5e, 0x78, 1];
		const module = wasm(section(1, list(recursive, array)), section(2, list([...name('m'), ...name('f'), 0, 1])));
		expect(parseModule(module, 'x.wasm').imports).toEqual([
			{ module: 'm', name: 'f', type: { kind: 'func', params: ['(ref 0)'], results: [] } },
		]);
	});

	test('reads a table with an initial value and abstract references', () => {
		const module = wasm(
			section(4, list([0x40, 0, 0x63, 0x70, 0, 3, 0xd0, 0x70, end])),
			section(7, list([...name('t'), 1, 0])),
		);
		expect(parseModule(module, 'x.wasm').exports).toEqual([
			{
				name: 't',
				type: { kind: 'table', element: '(ref null func)', limits: { min: 3, shared: false, address: 'i32' } },
			},
		]);
	});

	test.each([
		['an empty file', new Uint8Array(), 'usage/not-wasm: "x.wasm" is not a WebAssembly module'],
		['text', new TextEncoder().encode('(module (func))'), 'usage/not-wasm: "x.wasm" is not a WebAssembly module'],
		[
			'a component',
			Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]),
			'usage/not-wasm: "x.wasm" is a WebAssembly component, not a core module',
		],
		[
			'another version',
			Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x02, 0x00, 0x00, 0x00]),
			'usage/not-wasm: "x.wasm" has version 2 of the WebAssembly format; only version 1 is known',
		],
		[
			'a section that the file does not hold',
			wasm([1, 100, 0]),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: 100 more bytes expected, 1 left (at byte 10)',
		],
		[
			'an unknown section',
			wasm(section(99, [1])),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: unknown section 99 (at byte 9)',
		],
		[
			'sections in a wrong order',
			wasm(section(2, list()), section(1, list())),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: the type section is out of order (at byte 14)',
		],
		[
			'a section twice',
			wasm(section(1, list()), section(1, list())),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: the type section is out of order (at byte 14)',
		],
		[
			'bytes after the content of a section',
			wasm(section(1, list(), [0])),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: a section is longer than its content (at byte 11)',
		],
		[
			'a number of six bytes',
			wasm([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: a number has more than 32 bits (at byte 14)',
		],
		[
			'a number of 33 bits',
			wasm([1, 0xff, 0xff, 0xff, 0xff, 0x1f]),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: a number has more than 32 bits (at byte 14)',
		],
		[
			'more entries than bytes',
			wasm(section(1, [0xff, 0xff, 0xff, 0xff, 0x0f])),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: 1 more byte expected, 0 left (at byte 15)',
		],
		[
			'a name that is not UTF-8',
			wasm(section(0, [1, 0xff])),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: a name is not UTF-8 (at byte 11)',
		],
		[
			'an export of nothing',
			wasm(section(7, list([...name('f'), 0, 3]))),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: export "f" refers to no func (at byte 15)',
		],
		[
			'a function of no type',
			wasm(section(3, list([4]))),
			'usage/broken-wasm: "x.wasm" is not a sound WebAssembly module: there is no function type 4 (at byte 12)',
		],
	])('refuses %s', (_, bytes, message) => {
		expect(broken(bytes)).toEqual([message]);
	});

	test('gives a diagnostic for a file that is cut anywhere but between sections', () => {
		const boundaries = new Set([8, ...parseModule(rich, 'x.wasm').sections.map((one) => one.offset + one.size)]);
		for (let length = 0; length < rich.length; length++) {
			const result = broken(rich.subarray(0, length));
			const expected = boundaries.has(length) ? isModuleOrProblem(result) : Array.isArray(result);
			expect(expected, `cut at ${length}`).toBe(true);
		}
	});

	test('never ends in anything but a module or a diagnostic', () => {
		const mutation = fc.record({ at: fc.nat(rich.length - 1), byte: fc.nat(255) });
		fc.assert(
			fc.property(fc.array(mutation, { minLength: 1, maxLength: 8 }), (mutations) => {
				const bytes = rich.slice();
				for (const { at, byte } of mutations) bytes[at] = byte;
				return isModuleOrProblem(broken(bytes));
			}),
			{ numRuns: 3000 },
		);
		fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => isModuleOrProblem(broken(wasm([...tail])))));
	});
});

function isModuleOrProblem(result: unknown): boolean {
	return Array.isArray(result) || (typeof result === 'object' && result !== null && 'sections' in result);
}
