import { fail } from '../diagnostics/diagnostic.js';

/** Reads the primitives of the wasm binary format one after another; what is malformed ends in a diagnostic. */
export interface Reader {
	/** Offset of the next byte, counted from the start of the file. */
	readonly offset: () => number;
	/** Whether everything has been read. */
	readonly atEnd: () => boolean;
	readonly byte: () => number;
	/** The next byte, which stays to be read; -1 at the end. */
	readonly peek: () => number;
	/** An unsigned LEB128 number of 32 bits. */
	readonly u32: () => number;
	/** An unsigned LEB128 number of 64 bits; exact up to 2^53. */
	readonly u64: () => number;
	/** A signed LEB128 number of 33 bits, the encoding of heap types. */
	readonly s33: () => number;
	/** A length and so many bytes of UTF-8. */
	readonly name: () => string;
	/** So many entries as a u32 in front of them says. */
	readonly list: <T>(entry: () => T) => T[];
	/** Leaves bytes out. */
	readonly skip: (bytes: number) => void;
	/** A reader of the next bytes, which this one leaves out. */
	readonly part: (bytes: number) => Reader;
	/** Ends reading with a diagnostic that tells the place. */
	readonly refuse: (problem: string) => never;
}

/** Opens a stretch of a file for reading; `file` is its name in messages. */
export function openReader(bytes: Uint8Array, file: string, start = 0, end = bytes.length): Reader {
	let position = start;

	const refuse = (problem: string): never =>
		fail({
			code: 'usage/broken-wasm',
			message: `"${file}" is not a sound WebAssembly module: ${problem} (at byte ${position})`,
			hint: 'the file may be cut short or damaged; make it or fetch it again',
		});

	const need = (count: number): void => {
		if (count > end - position)
			refuse(`${count} more ${count === 1 ? 'byte' : 'bytes'} expected, ${end - position} left`);
	};

	const byte = (): number => {
		need(1);
		return bytes[position++] ?? 0;
	};

	/** LEB128 in at most as many bytes as the width needs; bits beyond the width must repeat the sign (or be 0). */
	const leb = (width: number, signed: boolean): bigint => {
		let value = 0n;
		for (let shift = 0; shift < width; shift += 7) {
			const next = byte();
			value |= BigInt(next & 0x7f) << BigInt(shift);
			if (next & 0x80) continue;
			const read = signed ? BigInt.asIntN(shift + 7, value) : value;
			const fits = signed ? BigInt.asIntN(width, read) === read : BigInt.asUintN(width, read) === read;
			return fits ? read : refuse(`a number has more than ${width} bits`);
		}
		return refuse(`a number has more than ${width} bits`);
	};

	/** Without big integers, which take ten times as long: a module has thousands of these. */
	const u32 = (): number => {
		let value = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const next = byte();
			value |= (next & 0x7f) << shift;
			if (next < 0x80) return value;
		}
		const last = byte();
		return last < 0x10 ? (value | (last << 28)) >>> 0 : refuse('a number has more than 32 bits');
	};

	const skip = (count: number): void => {
		need(count);
		position += count;
	};

	const name = (): string => {
		const length = u32();
		need(length);
		const text = decodeUtf8(bytes.subarray(position, position + length));
		if (text === undefined) return refuse('a name is not UTF-8');
		position += length;
		return text;
	};

	const list = <T>(entry: () => T): T[] => {
		const all: T[] = [];
		for (let left = u32(); left > 0; left--) all.push(entry());
		return all;
	};

	const part = (length: number): Reader => {
		const from = position;
		skip(length);
		return openReader(bytes, file, from, position);
	};

	return {
		offset: () => position,
		atEnd: () => position >= end,
		byte,
		peek: () => (position < end ? (bytes[position] ?? -1) : -1),
		u32,
		u64: () => Number(leb(64, false)),
		s33: () => Number(leb(33, true)),
		name,
		list,
		skip,
		part,
		refuse,
	};
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
