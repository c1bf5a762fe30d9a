// An independent host: node:wasi, a hand-written import object, nothing of cpybuild's.
//
//     node node-wasi.mjs <dist> <argv0> <python arguments…>
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [dist, argv0, ...args] = process.argv.slice(2);
const wasi = new WASI({
	version: 'preview1',
	args: [argv0, ...args],
	env: {},
	preopens: { '/': dist },
	returnOnExit: true,
});
const imports = {};
// Through plain functions: V8's fast calls into node:wasi crash on Node 20.
for (const [name, call] of Object.entries(wasi.wasiImport)) imports[name] = (...values) => call(...values);
const module = new WebAssembly.Module(readFileSync(`${dist}/python.wasm`));
const instance = new WebAssembly.Instance(module, {
	wasi_snapshot_preview1: imports,
	demo: { demo: (a, b) => (a + b) * 10 },
});
process.exitCode = wasi.start(instance);
