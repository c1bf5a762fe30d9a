// A host program of its own: the runtime library, the bindings, and imports that break the ABI on purpose.
//
//     node embed.mjs <dist> <host module> <program.py>
//
// The host module exports `implementation` for createBindings and, if it has one, `rawImports`.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createWasi, WASI_MODULE } from '../../lib/runtime/index.js';
import { hostOutput, nodeMount } from '../../lib/runtime/node/index.js';

const [dist, hostModule, program] = process.argv.slice(2);
const { createBindings } = await import(pathToFileURL(join(dist, 'bindings.js')).href);
const { implementation, rawImports } = await import(pathToFileURL(hostModule).href);
const bindings = createBindings(implementation);
const wasi = createWasi({
	args: ['python', `/program/${program.split('/').at(-1)}`],
	stdout: hostOutput(1),
	stderr: hostOutput(2),
	mounts: [
		{ guest: '/', mount: nodeMount(dist) },
		{ guest: '/program', mount: nodeMount(dirname(program)) },
	],
});
let instance;
const raw = rawImports?.(() => instance.exports) ?? {};
const imports = { [WASI_MODULE]: wasi.imports };
for (const [name, functions] of Object.entries(bindings.imports)) imports[name] = { ...functions, ...raw[name] };
instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(join(dist, 'python.wasm'))), imports);
bindings.attach(instance);
process.exitCode = wasi.start(instance);
