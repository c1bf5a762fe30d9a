import { Errno, type ErrnoValue } from '../errno.js';
import type { GuestMemory } from '../guest-memory.js';
import type { Calls, System } from './system.js';

/** Unwinds the guest's stack when it ends itself. */
export class Exit {
	readonly code: number;

	constructor(code: number) {
		this.code = code;
	}
}

/** `getRandomValues` gives no more at once. */
const MAX_RANDOM = 65_536;

/** Arguments, environment, the end of the process, randomness. */
export function processCalls({ memory, args, env }: System): Calls {
	const argTable = textTable(memory, args);
	const envTable = textTable(memory, env);
	return {
		args_get: argTable.get,
		args_sizes_get: argTable.sizes,
		environ_get: envTable.get,
		environ_sizes_get: envTable.sizes,

		proc_exit(code: number) {
			throw new Exit(code >>> 0);
		},

		/** The shells' way to say which signal it was. */
		proc_raise(signal: number) {
			throw new Exit(128 + (signal & 127));
		},

		sched_yield() {
			return Errno.SUCCESS;
		},

		random_get(pointer: number, length: number) {
			const target = memory.slice(pointer, length);
			for (let at = 0; at < target.length; at += MAX_RANDOM) {
				crypto.getRandomValues(target.subarray(at, at + MAX_RANDOM));
			}
			return Errno.SUCCESS;
		},
	};
}

/** The two calls that hand a list of texts to libc: how much room they need, then the texts themselves. */
function textTable(memory: GuestMemory, texts: readonly string[]) {
	const encoder = new TextEncoder();
	const encoded = texts.map((text) => encoder.encode(`${text}\0`));
	return {
		sizes(countPointer: number, sizePointer: number): ErrnoValue {
			memory.writeU32(countPointer, encoded.length);
			memory.writeU32(
				sizePointer,
				encoded.reduce((sum, text) => sum + text.length, 0),
			);
			return Errno.SUCCESS;
		},
		get(table: number, buffer: number): ErrnoValue {
			let at = buffer >>> 0;
			for (const [index, text] of encoded.entries()) {
				memory.writeU32((table >>> 0) + index * 4, at);
				memory.slice(at, text.length).set(text);
				at += text.length;
			}
			return Errno.SUCCESS;
		},
	};
}
