// A host runner for CPython's own driver, which builds in CPython's tree and gives the tree to the guest as `/`.
// It is a host program like any other: the runtime library, the generated bindings, and an implementation.
//
//     node host-runner.mjs <bindings.js> <host module> <tree> <NAME=VALUE> <python.wasm> <python arguments…>
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createWasi, WASI_MODULE } from '../../lib/runtime/index.js';
import { hostOutput, nodeMount } from '../../lib/runtime/node/index.js';

const [bindingsModule, hostModule, tree, variable, program, ...args] = process.argv.slice(2);
const { createBindings } = await import(pathToFileURL(bindingsModule).href);
const { default: host } = await import(pathToFileURL(hostModule).href);
const bindings = createBindings(host);
const equals = variable.indexOf('=');
const wasi = createWasi({
	args: [program.slice(tree.length), ...args],
	env: { [variable.slice(0, equals)]: variable.slice(equals + 1) },
	stdout: hostOutput(1),
	stderr: hostOutput(2),
	mounts: [{ guest: '/', mount: nodeMount(tree) }],
});
const module = new WebAssembly.Module(readFileSync(program));
const instance = new WebAssembly.Instance(module, { ...bindings.imports, [WASI_MODULE]: wasi.imports });
bindings.attach(instance);
process.exitCode = wasi.start(instance);
