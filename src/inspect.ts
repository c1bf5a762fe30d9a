import { readFile } from 'node:fs/promises';
import type { Contract } from './contract/contract.js';
import { CONTRACT_SECTION, decodeContract } from './contract/section.js';
import { fail } from './diagnostics/diagnostic.js';
import { customContent } from './wasm/custom-section.js';
import { parseModule, type WasmModule } from './wasm/module.js';

/** What a wasm module declares, and the contract that cpybuild put into it. */
export interface InspectedModule extends WasmModule {
	/** Absent when the module is none of cpybuild's. */
	readonly contract?: Contract;
}

/** Reads what a wasm module on disk declares; `path` is also its name in messages. */
export async function inspectModule(path: string): Promise<InspectedModule> {
	const bytes = await readModule(path);
	const module = parseModule(bytes, path);
	const section = module.sections.find(({ name }) => name === CONTRACT_SECTION);
	return { ...module, ...(section && { contract: decodeContract(customContent(bytes, section, path), path) }) };
}

/** The bytes of a file that the command line names. */
export async function readModule(path: string): Promise<Uint8Array> {
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
