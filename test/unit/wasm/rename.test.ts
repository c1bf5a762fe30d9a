import { expect, test } from 'vitest';
import { parseModule } from '../../../src/wasm/module.js';
import { renameModule } from '../../../src/wasm/rename.js';
import { func, i32, list, name, section, u32, wasm } from './assemble.js';

const unchanged = {
	importName: (module: string, name: string) => [module, name] as const,
	exportName: (name: string) => name,
};

const types = section(1, list(func([i32], [i32])));
const entry = (module: string, item: string, ...type: number[]) => [...name(module), ...name(item), ...type];

/** An import of each kind: function, table, memory, global, tag. */
const imports = section(
	2,
	list(
		entry('demo', 'get_row', 0, 0),
		entry('demo', 'table', 1, 0x70, 1, 2, 9),
		entry('demo', 'memory', 2, 0, 1),
		entry('demo', 'global', 3, i32, 0),
		entry('demo', 'tag', 4, 0, 0),
	),
);
const functions = section(3, list(u32(0)));
const exports = section(
	7,
	list([...name('quote'), 0, 1], [...name('memory'), 2, 0], [...name('cpybuild_raise'), 0, 1]),
);
const code = section(10, list([6, 0, 0x20, 0, 0x10, 0, 0x0b]));
const module = wasm(section(0, name('note')), types, imports, functions, exports, code);

test('imports and exports get their new names, and nothing else changes', () => {
	const renamed = renameModule(module, 'python.wasm', {
		importName: (of, name) => [`acme:${of}/rows@1.0.0`, name.replaceAll('_', '-')],
		exportName: (name) => (name === 'cpybuild_raise' ? undefined : `billing#${name}`),
	});
	const [before, after] = [parseModule(module, 'python.wasm'), parseModule(renamed, 'python.wasm')];
	expect(after.imports.map(({ module: of, name }) => `${of} ${name}`)).toEqual([
		'acme:demo/rows@1.0.0 get-row',
		'acme:demo/rows@1.0.0 table',
		'acme:demo/rows@1.0.0 memory',
		'acme:demo/rows@1.0.0 global',
		'acme:demo/rows@1.0.0 tag',
	]);
	expect(after.imports.map(({ type }) => type)).toEqual(before.imports.map(({ type }) => type));
	expect(after.exports.map((one) => one.name)).toEqual(['billing#quote', 'billing#memory']);
	expect(after.exports.map(({ type }) => type)).toEqual(before.exports.slice(0, 2).map(({ type }) => type));
	expect(after.sections.map(({ kind }) => kind)).toEqual(before.sections.map(({ kind }) => kind));
	expect(Buffer.from(renamed).subarray(-code.length)).toEqual(Buffer.from(code));
});

test('a module that is given its own names keeps its bytes', () => {
	expect(Buffer.from(renameModule(module, 'python.wasm', unchanged))).toEqual(Buffer.from(module));
});

test('sizes that are written in more bytes than they need are understood', () => {
	const [id = 0, size = 0, ...content] = exports;
	const long = wasm(types, imports, functions, [id, size | 0x80, 0x80, 0, ...content], code);
	expect(Buffer.from(renameModule(long, 'python.wasm', unchanged))).toEqual(
		Buffer.from(wasm(types, imports, functions, exports, code)),
	);
});
