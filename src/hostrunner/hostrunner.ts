/**
 * Runs a WASI program that belongs to CPython's own build (the freezer of modules, the plain interpreter), in
 * place of the native "build Python" that upstream needs. It is trusted code, so it uses node:wasi; user
 * programs run on the WASI of `runtime/`.
 *
 *     node hostrunner.js <program.wasm> <arguments…>
 *
 * `CPYBUILD_MOUNTS` is a JSON object of guest path → host folder, `CPYBUILD_ENV` the guest's environment as JSON.
 */
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';
import { wasm } from '../webassembly.js';

const [program = '', ...args] = process.argv.slice(2);
const wasi = new WASI({
	version: 'preview1',
	args: [program, ...args],
	env: JSON.parse(process.env.CPYBUILD_ENV ?? '{}'),
	preopens: JSON.parse(process.env.CPYBUILD_MOUNTS ?? '{}'),
	returnOnExit: true,
});
// WORKAROUND(node<24, nodejs/node#46777): V8's fast calls into node:wasi may collect garbage at an unsafe point
// and crash; a function of JavaScript in between keeps them slow and safe. Remove with Node 22.
const imports: Record<string, (...values: never[]) => unknown> = {};
for (const [name, call] of Object.entries(wasi.wasiImport)) imports[name] = (...values) => call(...values);
const module = await wasm.compile(readFileSync(program));
const instance = await wasm.instantiate(module, { wasi_snapshot_preview1: imports });
process.exitCode = wasi.start(instance);
