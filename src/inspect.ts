import { readFile } from 'node:fs/promises';
import { fail } from './diagnostics/diagnostic.js';
import { parseModule, type WasmModule } from './wasm/module.js';

/** Reads what a wasm module on disk declares; `path` is also its name in messages. */
export async function inspectModule(path: string): Promise<WasmModule> {
	return parseModule(await readModule(path), path);
}

async function readModule(path: string): Promise<Uint8Array> {
	try {
		return await readFile(path);
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'ENOENT')
			return fail({ code: 'usage/unreadable-file', message: `there is no file "${path}"` }, { cause: error });
		if (code === 'EISDIR') {
			const hint = `name the module in it, for example ${path.replace(/\/$/, '')}/python.wasm`;
			return fail({ code: 'usage/unreadable-file', message: `"${path}" is a folder`, hint }, { cause: error });
		}
		if (code === 'EACCES') {
			return fail({ code: 'usage/unreadable-file', message: `"${path}" may not be read` }, { cause: error });
		}
		throw error;
	}
}
