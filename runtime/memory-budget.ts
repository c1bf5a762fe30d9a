import { Errno, WasiError } from './errno.js';

/** What the files of one memory mount share: the bytes that they may hold together, and the numbers of files. */
export class MemoryBudget {
	#free: number;
	#inodes = 0n;

	constructor(limit: number) {
		this.#free = limit;
	}

	/** Takes bytes, or gives them back when negative. */
	take(bytes: number): void {
		if (bytes > this.#free) throw new WasiError(Errno.NOSPC);
		this.#free -= bytes;
	}

	/** A number that no other file of the mount has had. */
	nextInode(): bigint {
		return ++this.#inodes;
	}
}
