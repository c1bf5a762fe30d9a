import { parseModule, type Section } from './module.js';
import { readGlobalType, readLimits, readTableType } from './read-types.js';
import { openReader, type Reader } from './reader.js';

/** What the imports and exports of a module are to be called; types, indices and code stay as they are. */
export interface Renaming {
	readonly importName: (module: string, name: string) => readonly [module: string, name: string];
	/** Undefined where an export is to be taken away. */
	readonly exportName: (name: string) => string | undefined;
}

/**
 * Gives a core module's imports and exports other names. The component model has rules for names that core modules
 * do not keep to (no underscores, interfaces by id); nothing but the two sections is touched.
 * @param file The module's name in messages.
 * @throws CpybuildError `usage/not-wasm`, `usage/broken-wasm`.
 */
export function renameModule(bytes: Uint8Array, file: string, renaming: Renaming): Uint8Array {
	const { sections } = parseModule(bytes, file);
	const parts: Uint8Array[] = [bytes.subarray(0, 8)];
	let copied = 8;
	for (const section of sections) {
		const encode = ENCODERS[section.kind];
		if (!encode) continue;
		const start = startOf(section, bytes);
		const reader = openReader(bytes, file, section.offset, section.offset + section.size);
		const content = encode(reader, bytes, renaming);
		parts.push(bytes.subarray(copied, start), Uint8Array.of(bytes[start] ?? 0), unsigned(content.length), content);
		copied = section.offset + section.size;
	}
	parts.push(bytes.subarray(copied));
	return join(parts);
}

type Encoder = (reader: Reader, bytes: Uint8Array, renaming: Renaming) => Uint8Array;

/** The sections that hold names of imports and exports. */
const ENCODERS: { readonly [K in Section['kind']]?: Encoder } = {
	import: (reader, bytes, { importName }) => {
		const entries = reader.list(() => {
			const names = importName(reader.name(), reader.name());
			return join([...names.map(text), taken(reader, bytes, skipExternType)]);
		});
		return join([unsigned(entries.length), ...entries]);
	},
	export: (reader, bytes, { exportName }) => {
		const entries = reader.list(() => {
			const name = exportName(reader.name());
			const rest = taken(reader, bytes, skipIndex);
			return name === undefined ? [] : [join([text(name), rest])];
		});
		return join([unsigned(entries.flat().length), ...entries.flat()]);
	},
};

/** Where a section's number stands: before its size, which may be written in more bytes than it needs. */
function startOf({ offset }: Section, bytes: Uint8Array): number {
	let at = offset - 2;
	while ((bytes[at] ?? 0) & 0x80) at--;
	return at;
}

/** The bytes of what `skip` reads over. */
function taken(reader: Reader, bytes: Uint8Array, skip: (reader: Reader) => void): Uint8Array {
	const from = reader.offset();
	skip(reader);
	return bytes.subarray(from, reader.offset());
}

/** Reads over the type of an import: how it is written depends on its kind. */
function skipExternType(reader: Reader): void {
	const skips = [reader.u32, () => readTableType(reader), () => readLimits(reader), () => readGlobalType(reader)];
	const kind = reader.byte();
	if (kind === TAG) skipIndex(reader);
	else skips[kind]?.();
}

const TAG = 4;

/** A kind, or the attribute of a tag, and an index. */
function skipIndex(reader: Reader): void {
	reader.byte();
	reader.u32();
}

function text(name: string): Uint8Array {
	const bytes = new TextEncoder().encode(name);
	return join([unsigned(bytes.length), bytes]);
}

/** A number as LEB128. */
function unsigned(value: number): Uint8Array {
	const bytes: number[] = [];
	let rest = value;
	for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
	return Uint8Array.from([...bytes, rest]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
	return Buffer.concat(parts);
}
