import { Errno, WasiError } from './errno.js';
import type { LinearMemory } from './instance.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The guest's linear memory: every access is checked, so a bad pointer is the guest's `FAULT` and no host exception. */
export class GuestMemory {
	#memory: LinearMemory | undefined;
	#view: DataView = new DataView(new ArrayBuffer(0));
	#bytes: Uint8Array = new Uint8Array(0);

	/** Says whose memory it is; before that every access fails. */
	attach(memory: LinearMemory): void {
		this.#memory = memory;
	}

	/** A window on the guest's bytes; valid until the guest runs again. */
	slice(pointer: number, length: number): Uint8Array {
		this.#checked(pointer, length >>> 0);
		return this.#bytes.subarray(pointer >>> 0, (pointer >>> 0) + (length >>> 0));
	}

	/** A text in UTF-8 without NUL, as paths are. */
	readText(pointer: number, length: number): string {
		const bytes = this.slice(pointer, length);
		let text: string;
		try {
			text = decoder.decode(bytes);
		} catch {
			throw new WasiError(Errno.ILSEQ);
		}
		if (text.includes('\0')) throw new WasiError(Errno.ILSEQ);
		return text;
	}

	/** The windows that an array of (pointer, length) pairs describes, without empty ones. */
	readBuffers(pointer: number, count: number): Uint8Array[] {
		const buffers: Uint8Array[] = [];
		for (let index = 0; index < count >>> 0; index++) {
			const pair = (pointer >>> 0) + index * 8;
			const length = this.readU32(pair + 4);
			if (length > 0) buffers.push(this.slice(this.readU32(pair), length));
		}
		return buffers;
	}

	readU8(pointer: number): number {
		return this.#checked(pointer, 1).getUint8(pointer >>> 0);
	}

	readU16(pointer: number): number {
		return this.#checked(pointer, 2).getUint16(pointer >>> 0, true);
	}

	readU32(pointer: number): number {
		return this.#checked(pointer, 4).getUint32(pointer >>> 0, true);
	}

	readU64(pointer: number): bigint {
		return this.#checked(pointer, 8).getBigUint64(pointer >>> 0, true);
	}

	writeU8(pointer: number, value: number): void {
		this.#checked(pointer, 1).setUint8(pointer >>> 0, value);
	}

	writeU16(pointer: number, value: number): void {
		this.#checked(pointer, 2).setUint16(pointer >>> 0, value, true);
	}

	writeU32(pointer: number, value: number): void {
		this.#checked(pointer, 4).setUint32(pointer >>> 0, value, true);
	}

	writeU64(pointer: number, value: bigint): void {
		this.#checked(pointer, 8).setBigUint64(pointer >>> 0, value, true);
	}

	/** The view of all memory, after a look whether that many bytes are there. */
	#checked(pointer: number, length: number): DataView {
		const end = (pointer >>> 0) + length;
		if (end > this.#bytes.length) {
			// The memory has grown, which gave it a new buffer and left the old one with length 0.
			this.#view = new DataView(this.#memory?.buffer ?? new ArrayBuffer(0));
			this.#bytes = new Uint8Array(this.#view.buffer);
			if (end > this.#bytes.length) throw new WasiError(Errno.FAULT);
		}
		return this.#view;
	}
}
