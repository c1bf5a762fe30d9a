import { Errno, WasiError } from './errno.js';
import type { MemoryBudget } from './memory-budget.js';
import type { OpenFile, Stat, Times } from './mount.js';
import { realtime } from './time.js';

/** The largest typed array that every engine allows. */
const MAX_SIZE = 2 ** 31 - 1;

/** A file of a memory mount. It is its own open file: nothing but its contents is shared by those who have it open. */
export class MemoryFile implements OpenFile {
	readonly kind = 'file';
	readonly inode: bigint;
	/** How many names it has. */
	links = 0;
	accessed = realtime();
	modified = this.accessed;
	changed = this.accessed;
	readonly #budget: MemoryBudget;
	/** Longer than the file, so that appending does not copy each time. Zero behind the end. */
	#bytes = new Uint8Array(0);
	#size = 0;
	/** How often it is open: its bytes are given back when it has no name and nobody has it open. */
	#users = 0;

	constructor(budget: MemoryBudget) {
		this.#budget = budget;
		this.inode = budget.nextInode();
	}

	/** A copy of what it holds. */
	contents(): Uint8Array {
		return this.#bytes.slice(0, this.#size);
	}

	/** Counts one more user. */
	open(): this {
		this.#users++;
		return this;
	}

	close(): void {
		this.#users--;
		this.release();
	}

	/** Gives its bytes back to the budget when nothing can reach it any more. */
	release(): void {
		if (this.links > 0 || this.#users > 0) return;
		this.#budget.take(-this.#bytes.length);
		this.#bytes = new Uint8Array(0);
		this.#size = 0;
	}

	stat(): Stat {
		const { kind, inode, accessed, modified, changed } = this;
		const links = BigInt(this.links);
		return { kind, device: 0n, inode, links, size: BigInt(this.#size), accessed, modified, changed };
	}

	readAt(target: Uint8Array, position: number): number {
		const part = this.#bytes.subarray(position, Math.min(this.#size, position + target.length));
		target.set(part);
		this.accessed = realtime();
		return part.length;
	}

	writeAt(source: Uint8Array, position: number): number {
		const end = position + source.length;
		this.#reserve(end);
		this.#bytes.set(source, position);
		this.#size = Math.max(this.#size, end);
		this.modified = this.changed = realtime();
		return source.length;
	}

	append(source: Uint8Array): number {
		return this.writeAt(source, this.#size);
	}

	resize(size: number): void {
		this.#reserve(size);
		this.#bytes.fill(0, size, Math.max(size, this.#size));
		this.#size = size;
		if (size === 0) this.#shrink();
		this.modified = this.changed = realtime();
	}

	setTimes(times: Times): void {
		this.accessed = times.accessed ?? this.accessed;
		this.modified = times.modified ?? this.modified;
		this.changed = realtime();
	}

	sync(): void {}

	#reserve(size: number): void {
		if (size <= this.#bytes.length) return;
		if (size > MAX_SIZE) throw new WasiError(Errno.FBIG);
		const length = Math.min(MAX_SIZE, Math.max(size, Math.min(this.#bytes.length * 2, this.#bytes.length + 2 ** 24)));
		this.#budget.take(length - this.#bytes.length);
		const bytes = new Uint8Array(length);
		bytes.set(this.#bytes.subarray(0, this.#size));
		this.#bytes = bytes;
	}

	#shrink(): void {
		this.#budget.take(-this.#bytes.length);
		this.#bytes = new Uint8Array(0);
	}
}
