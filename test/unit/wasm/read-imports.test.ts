import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseModule } from '../../../src/wasm/module.js';
import { readImports, readInterface } from '../../../src/wasm/read-imports.js';
import { func, i32, list, name, section, u32, wasm } from './assemble.js';

const types = section(1, list(func([i32], [])));

/** The imports of `count` functions, 40 bytes each. */
const imports = (count: number) =>
	section(
		2,
		list(
			...Array.from({ length: count }, (_, at) => [...name('demo'), ...name(`function${at}`.padEnd(32, '_')), 0, 0]),
		),
	);

/** A file of a test, and what the whole of it declares. */
async function arrange(bytes: Uint8Array) {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-imports-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const path = join(folder, 'python.wasm');
	await writeFile(path, bytes);
	return path;
}

test.each([0, 1, 100, 1600, 1700, 30_000])('reads %d imports, wherever their section ends', async (count) => {
	const module = wasm(types, imports(count), section(0, name('rest'), new Array(70_000).fill(0)));
	const found = readImports(await arrange(module), 'python.wasm');
	expect(found).toHaveLength(count);
	expect(found).toEqual(parseModule(module, 'python.wasm').imports);
});

test('does not look at what comes after the imports', async () => {
	const module = wasm(types, imports(2));
	const code = [10, 0xff, 0xff, 0xff, 0x7f];
	expect(readImports(await arrange(Buffer.concat([module, Buffer.from(code)])), 'python.wasm')).toHaveLength(2);
});

test.each([100, 1700])('refuses a file that ends within %d imports', async (count) => {
	const module = wasm(types, imports(count));
	const path = await arrange(module.subarray(0, -7));
	expect(() => readImports(path, 'python.wasm')).toThrow('"python.wasm" is not a sound WebAssembly module');
});

test.each([1, 1700])('reads exports too, behind %d imports', async (count) => {
	const functions = section(3, list([0]));
	const exports = section(7, list([...name('f'), 0, ...u32(count)], [...name('imported'), 0, 0]));
	const module = wasm(types, imports(count), functions, exports);
	const code = [10, 0xff, 0xff, 0xff, 0x7f];
	const found = readInterface(await arrange(Buffer.concat([module, Buffer.from(code)])), 'python.wasm');
	const type = { kind: 'func', params: ['i32'], results: [] };
	expect(found.imports).toHaveLength(count);
	expect(found.exports).toEqual([
		{ name: 'f', type },
		{ name: 'imported', type },
	]);
});
