import { type Decoded, decode, encode } from './codec.js';

/** Where the numbers of a mailbox are: whether a piece lies in it, its length, whether more follow, whether the sender waits. */
const FULL = 0;
const LENGTH = 1;
const MORE = 2;
const WANTED = 3;
const HEADER = 16;

/** How much a mailbox holds at once. */
const SIZE = 2 ** 18;

/**
 * Shared memory by which a thread gets messages while it waits. Pages have such memory only when they are isolated.
 */
export type Mailbox = ArrayBufferLike;

/** Makes a mailbox. */
export function makeMailbox(): Mailbox {
	if (typeof SharedArrayBuffer === 'undefined') {
		throw new Error(
			'Python cannot wait here: a thread needs SharedArrayBuffer, which a page has only when it is cross-origin isolated',
		);
	}
	return new SharedArrayBuffer(HEADER + SIZE);
}

/** The end of the sender, who never waits. */
export class Outbox {
	readonly #words: Int32Array;
	readonly #bytes: Uint8Array;
	readonly #queue: Uint8Array[] = [];

	constructor(mailbox: Mailbox) {
		this.#words = new Int32Array(mailbox, 0, 4);
		this.#bytes = new Uint8Array(mailbox, HEADER);
	}

	/** Sends a message; gives all objects in it, in the order in which the receiver gets their copies. */
	send(message: unknown): readonly object[] {
		const { bytes, objects } = encode(message);
		this.#queue.push(bytes);
		this.flush();
		return objects;
	}

	/** Puts in what there is room for; to be called again when the receiver says that there is room. */
	flush(): void {
		for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
			if (Atomics.load(this.#words, FULL) === 1) {
				Atomics.store(this.#words, WANTED, 1);
				// It may have been emptied just before.
				if (Atomics.load(this.#words, FULL) === 1) return;
			}
			const piece = first.subarray(0, this.#bytes.length);
			const rest = first.subarray(piece.length);
			this.#bytes.set(piece);
			Atomics.store(this.#words, LENGTH, piece.length);
			Atomics.store(this.#words, MORE, rest.length > 0 ? 1 : 0);
			Atomics.store(this.#words, FULL, 1);
			Atomics.notify(this.#words, FULL);
			if (rest.length > 0) this.#queue[0] = rest;
			else this.#queue.shift();
		}
	}
}

/** The end of the receiver, who may wait. */
export class Inbox {
	readonly #words: Int32Array;
	readonly #bytes: Uint8Array;
	readonly #emptied: () => void;

	/** @param emptied Tells the sender that there is room, when it wants to know. */
	constructor(mailbox: Mailbox, emptied: () => void) {
		this.#words = new Int32Array(mailbox, 0, 4);
		this.#bytes = new Uint8Array(mailbox, HEADER);
		this.#emptied = emptied;
	}

	/** The next message, if one has come. */
	poll(): Decoded | undefined {
		return Atomics.load(this.#words, FULL) === 1 ? this.wait() : undefined;
	}

	/** Waits for the next message. */
	wait(): Decoded {
		const pieces: Uint8Array[] = [];
		for (;;) {
			Atomics.wait(this.#words, FULL, 0);
			pieces.push(this.#bytes.slice(0, Atomics.load(this.#words, LENGTH)));
			const isLast = Atomics.load(this.#words, MORE) === 0;
			Atomics.store(this.#words, FULL, 0);
			if (Atomics.exchange(this.#words, WANTED, 0) === 1) this.#emptied();
			if (isLast) return decode(joined(pieces));
		}
	}
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
	const [only] = pieces;
	if (only !== undefined && pieces.length === 1) return only;
	const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const piece of pieces) {
		all.set(piece, at);
		at += piece.length;
	}
	return all;
}
