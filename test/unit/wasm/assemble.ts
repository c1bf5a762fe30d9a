/** Unsigned LEB128. */
export function u32(value: number): number[] {
	return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...u32(value >>> 7)];
}

/** A length and UTF-8. */
export function name(text: string): number[] {
	const bytes = [...new TextEncoder().encode(text)];
	return [...u32(bytes.length), ...bytes];
}

/** A count and entries. */
export function list(...entries: number[][]): number[] {
	return [...u32(entries.length), ...entries.flat()];
}

/** A section by its number. */
export function section(id: number, ...content: number[][]): number[] {
	const bytes = content.flat();
	return [id, ...u32(bytes.length), ...bytes];
}

/** A module of sections. */
export function wasm(...sections: number[][]): Uint8Array {
	return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...sections.flat()]);
}

export const i32 = 0x7f;
export const i64 = 0x7e;
export const f64 = 0x7c;

/** A function type. */
export function func(params: number[], results: number[]): number[] {
	return [0x60, ...u32(params.length), ...params, ...u32(results.length), ...results];
}
