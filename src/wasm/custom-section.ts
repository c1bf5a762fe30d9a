import { openReader } from './reader.js';

/** A custom section of a wasm module, from its id on. */
export function customSection(name: string, content: Uint8Array): Uint8Array {
	const label = new TextEncoder().encode(name);
	const length = leb128(label.length);
	const size = leb128(length.length + label.length + content.length);
	return Uint8Array.from([0, ...size, ...length, ...label, ...content]);
}

function leb128(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
	return [...bytes, rest];
}

/** The content behind the name of a custom section, whose place `parseModule` tells; `file` is its name in messages. */
export function customContent(
	bytes: Uint8Array,
	{ offset, size }: { readonly offset: number; readonly size: number },
	file: string,
): Uint8Array {
	const reader = openReader(bytes, file, offset, offset + size);
	reader.name();
	return bytes.subarray(reader.offset(), offset + size);
}
