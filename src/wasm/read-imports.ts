import { closeSync, openSync, readSync } from 'node:fs';
import { type Import, parseImports, parseInterface, type WasmModule } from './module.js';

/** As much of a module is read at first; the imports of a large interpreter take a tenth of it. */
const HEAD_BYTES = 64 * 1024;

/** Reads what the module of a file needs: its code and data, which come later, stay unread. `name` is the file's in messages. */
export function readImports(path: string, name: string): readonly Import[] {
	return readStart(path, (head) => parseImports(head, name));
}

/** Reads also what it offers, which comes after the imports. */
export function readInterface(path: string, name: string): Pick<WasmModule, 'imports' | 'exports'> {
	return readStart(path, (head) => parseInterface(head, name));
}

function readStart<T>(path: string, parse: (head: Uint8Array) => T): T {
	for (let bytes = HEAD_BYTES; ; bytes *= 16) {
		const head = readHead(path, bytes);
		try {
			return parse(head);
		} catch (error) {
			if (head.length < bytes) throw error;
		}
	}
}

function readHead(path: string, bytes: number): Buffer {
	const file = openSync(path, 'r');
	try {
		const head = Buffer.alloc(bytes);
		return head.subarray(0, readSync(file, head));
	} finally {
		closeSync(file);
	}
}
