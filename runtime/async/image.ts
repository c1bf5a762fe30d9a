import type { GuestInstance } from '../instance.js';
import type { BindingsHeap } from './bindings.js';

/** What lowering has made: core value, memory, or an exception. */
export interface Lowered {
	/** What the import returns. */
	readonly core: number | bigint | undefined;
	/** The memory that was made, from the address `START` on; the result's own place comes first. */
	readonly bytes: Uint8Array;
	/** The size of that place. */
	readonly area: number;
	/** Address and size of each allocation, one after the other. */
	readonly blocks: readonly number[];
	/** The places of addresses in that memory. */
	readonly spans: readonly number[];
	/** The exception that Python raises instead. */
	readonly raised?: Raised;
}

/** An exception; in debug builds also with the place where the host threw it. */
interface Raised {
	readonly kind: number;
	readonly message: string;
	readonly stack?: string;
}

/** The first address of an image. */
export const START = 16;

/** More than this is given back after a call. */
const KEPT = 2 ** 20;

const decoder = new TextDecoder();

/**
 * Memory in which a host lowers results for a guest in another thread: bindings take it for the guest's. Its addresses
 * become others in the guest, so those in it are noted.
 */
export class Image {
	readonly #heap: BindingsHeap;
	#buffer = new ArrayBuffer(2 ** 16);
	#end = START;
	readonly #blocks = new Map<number, number>();
	#raised: Raised | undefined;

	/** @param heap The bindings' own. */
	constructor(heap: BindingsHeap) {
		this.#heap = heap;
	}

	/** What bindings attach to. */
	instance(): GuestInstance {
		const image = this;
		const exports: Readonly<Record<string, unknown>> = {
			memory: {
				get buffer() {
					return image.#buffer;
				},
			},
			cpybuild_realloc: (old: number, oldSize: number, align: number, size: number) =>
				this.#reallocate(old, oldSize, align, size),
			cpybuild_raise: (kind: number, pointer: number, length: number) => {
				this.#raised = { kind, message: this.#text(pointer, length) };
			},
			cpybuild_raise_stack: (pointer: number, length: number) => {
				if (this.#raised) this.#raised = { ...this.#raised, stack: this.#text(pointer, length) };
			},
		};
		// Functions that Python implements are called elsewhere; bindings only look whether they are there.
		return { exports: new Proxy(exports, { get: (known, name: string) => known[name] ?? (() => 0) }) };
	}

	/** Lowers a result, in an image of its own. */
	lower(area: number, lowering: (area: number) => unknown): Lowered {
		const spans: number[] = [];
		this.#heap.spans = spans;
		this.#blocks.clear();
		this.#takeRaised();
		this.#end = START;
		this.#take(area, 8);
		new Uint8Array(this.#buffer, START, area).fill(0);
		const core = lowering(START) as Lowered['core'];
		const lowered = {
			core,
			bytes: new Uint8Array(this.#buffer.slice(START, this.#end)),
			area,
			blocks: [...this.#blocks].flat(),
			spans,
			...this.#takeRaised(),
		};
		if (this.#buffer.byteLength > KEPT) {
			// Detached, so that no view of it is used again.
			structuredClone(this.#buffer, { transfer: [this.#buffer] });
			this.#buffer = new ArrayBuffer(2 ** 16);
		}
		return lowered;
	}

	#text(pointer: number, length: number): string {
		return decoder.decode(new Uint8Array(this.#buffer, pointer, length));
	}

	#takeRaised(): Pick<Lowered, 'raised'> {
		const raised = this.#raised;
		this.#raised = undefined;
		return raised ? { raised } : {};
	}

	#reallocate(old: number, oldSize: number, align: number, size: number): number {
		this.#blocks.delete(old);
		if (size === 0) return align;
		const start = this.#take(size, Math.max(align, 8));
		if (start === 0) return 0;
		new Uint8Array(this.#buffer).copyWithin(start, old, old + Math.min(oldSize, size));
		this.#blocks.set(start, size);
		return start;
	}

	/** Makes room; gives 0 when there is none. */
	#take(size: number, align: number): number {
		const start = Math.ceil(this.#end / align) * align;
		const end = start + size;
		if (end > 0xffffffff || (end > this.#buffer.byteLength && !this.#grow(end))) return 0;
		this.#end = end;
		return start;
	}

	#grow(end: number): boolean {
		try {
			const grown = new ArrayBuffer(Math.max(end, this.#buffer.byteLength * 2));
			new Uint8Array(grown).set(new Uint8Array(this.#buffer));
			this.#buffer = grown;
			return true;
		} catch {
			return false;
		}
	}
}
