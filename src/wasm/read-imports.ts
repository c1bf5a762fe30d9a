import { closeSync, openSync, readSync } from 'node:fs';
import { type Import, parseImports } from './module.js';

/** As much of a module is read at first; the imports of a large interpreter take a tenth of it. */
const HEAD_BYTES = 64 * 1024;

/** Reads what the module of a file needs: its code and data, which come later, stay unread. `name` is the file's in messages. */
export function readImports(path: string, name: string): readonly Import[] {
	for (let bytes = HEAD_BYTES; ; bytes *= 16) {
		const head = readHead(path, bytes);
		try {
			return parseImports(head, name);
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
