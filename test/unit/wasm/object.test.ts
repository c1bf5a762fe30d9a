import { expect, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { listUndefinedFunctions } from '../../../src/wasm/object.js';
import { func, list, name, section, u32, wasm } from './assemble.js';

const undefinedFlag = 0x10;
const explicitName = 0x40;

const imports = section(
	2,
	list(
		[...name('env'), ...name('__linear_memory'), 2, 0, 0],
		[...name('env'), ...name('puts'), 0, 0],
		[...name('demo'), ...name('bar'), 0, 0],
	),
);

const symbols = (...entries: number[][]): number[] => {
	const table = list(...entries);
	return section(0, name('linking'), u32(2), [5, 1, 0], [8, ...u32(table.length), ...table]);
};

const object = (...entries: number[][]): Uint8Array =>
	wasm(section(1, list(func([], []))), imports, section(3, list([0])), symbols(...entries));

test('undefined functions are told by symbol and import names', () => {
	const bytes = object(
		[0, ...u32(undefinedFlag), 0],
		[0, ...u32(undefinedFlag | explicitName), 1, ...name('import_demo_bar')],
	);
	expect(listUndefinedFunctions(bytes, 'stub.o')).toEqual([
		{ symbol: 'puts', module: 'env', name: 'puts' },
		{ symbol: 'import_demo_bar', module: 'demo', name: 'bar' },
	]);
});

test('defined functions and symbols of other kinds are left out', () => {
	const bytes = object(
		[0, 0, 2, ...name('PyInit_demo')],
		[1, 0, ...name('table'), 0, 0, 16],
		[1, undefinedFlag, ...name('PyExc_TypeError')],
		[2, undefinedFlag, 0],
		[3, 2, 1],
		[5, undefinedFlag, 0],
		[0, undefinedFlag, 0],
	);
	expect(listUndefinedFunctions(bytes, 'stub.o')).toEqual([{ symbol: 'puts', module: 'env', name: 'puts' }]);
});

test('a module without a linking section has none', () => {
	expect(listUndefinedFunctions(wasm(section(1, list(func([], []))), imports), 'linked.wasm')).toEqual([]);
});

test.each([
	['an unknown kind of symbol', object([9, 0, 0]), 'unknown kind of symbol 9 (at byte 85)'],
	['a symbol of no import', object([0, undefinedFlag, 7]), 'a symbol refers to no imported function 7 (at byte 86)'],
	[
		'another version of the format',
		wasm(section(0, name('linking'), u32(1))),
		'the linking section has version 1, not 2 (at byte 19)',
	],
])('%s is refused', (_, bytes, problem) => {
	const messages = (): readonly string[] => {
		try {
			listUndefinedFunctions(bytes, 'stub.o');
			return [];
		} catch (error) {
			if (error instanceof CpybuildError) return error.diagnostics.map((one) => one.message);
			throw error;
		}
	};
	expect(messages()).toEqual([`"stub.o" is not a sound WebAssembly module: ${problem}`]);
});
