// Leaves an interpreter that waits for what never comes: the process has nothing to do any more, and ends.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBindings } from './dist/bindings.js';
import { makeNet } from './net.mjs';

const [root, waiting] = process.argv.slice(2);
const { createAsyncInterpreter } = await import(join(root, 'lib/runtime/index.js'));
const { nodeMount, nodeThread } = await import(join(root, 'lib/runtime/node/index.js'));
const dist = join(import.meta.dirname, 'dist');
const python = await createAsyncInterpreter(await WebAssembly.compile(await readFile(join(dist, 'python.wasm'))), {
	bindings: createBindings({ net: makeNet() }),
	...(waiting !== undefined && { waiting, thread: nodeThread(join(dist, 'bindings.js')) }),
	mounts: [{ guest: '/', mount: nodeMount(dist) }],
});
python.run('import net; net.wait("never")').finally(() => console.log('not reached'));
process.once('exit', () => console.log('left'));
