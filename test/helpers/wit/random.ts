/** A source of numbers that a seed repeats (mulberry32). */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** From 0 to below 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** A whole number from 0 to below a limit. */
	below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	/** True with a probability. */
	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** One of several. */
	pick<T>(items: readonly [T, ...T[]]): T {
		return items[this.below(items.length)] ?? items[0];
	}

	/** As many as a number from the first to the second says. */
	times<T>(from: number, to: number, make: (index: number) => T): readonly T[] {
		return Array.from({ length: from + this.below(to - from + 1) }, (_, index) => make(index));
	}
}
