import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import {
	createInterpreter,
	type HostBindings,
	type Interpreter,
	type LinearMemory,
	type MemoryTree,
	memoryMount,
	type Output,
} from '../../runtime/index.js';
import { nodeMount } from '../../runtime/node/index.js';
import { wasm } from '../../src/webassembly.js';

/** An interpreter of a dist folder, and what it has written. */
export interface OpenInterpreter<Exports extends object> {
	readonly python: Interpreter<Exports>;
	/** All that was written to standard output and standard error. */
	written(): string;
	/** How large its memory is, in bytes. */
	size(): number;
	/** What its instance exports: for hosts that err. */
	raw(name: string): (...core: readonly number[]) => unknown;
}

type CreateBindings<Exports extends object> = (host: object) => HostBindings<Exports>;

async function bindingsOf<Exports extends object>(dist: string): Promise<CreateBindings<Exports>> {
	return (await import(pathToFileURL(join(dist, 'bindings.js')).href)).createBindings;
}

/**
 * Opens interpreters of a dist folder for hosts, with its own bindings or others; `files` are Python modules. They are
 * closed when the test has finished.
 */
export async function interpretersOf<Exports extends object>(dist: string, other?: CreateBindings<Exports>) {
	const module = await wasm.compile(await readFile(join(dist, 'python.wasm')));
	const createBindings = other ?? (await bindingsOf<Exports>(dist));
	return async (host: object, files: MemoryTree = {}): Promise<OpenInterpreter<Exports>> => {
		const chunks: Uint8Array[] = [];
		const output: Output = { terminal: false, write: (source) => chunks.push(source.slice()) && source.length };
		const bindings = createBindings(host);
		let exports: Readonly<Record<string, unknown>> = {};
		const python = await createInterpreter(module, {
			bindings: {
				...bindings,
				attach(instance) {
					exports = instance.exports;
					bindings.attach(instance);
				},
			},
			stdout: output,
			stderr: output,
			path: ['/app'],
			mounts: [
				{ guest: '/', mount: nodeMount(dist) },
				{ guest: '/app', mount: memoryMount({ ...files }, { writable: false }) },
			],
		});
		onTestFinished(() => python.close());
		return {
			python,
			written: () => Buffer.concat(chunks).toString(),
			size: () => (exports.memory as LinearMemory).buffer.byteLength,
			raw: (name) => exports[name] as (...core: readonly number[]) => unknown,
		};
	};
}
