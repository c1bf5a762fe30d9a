import { fail } from '../diagnostics/diagnostic.js';
import { skipConstant } from './constant.js';
import { readFunctionType, readGlobalType, readLimits, readTableType, readTagType, readTypes } from './read-types.js';
import { openReader, type Reader } from './reader.js';
import type { ExternType, FunctionType, Limits } from './types.js';

/** What a core wasm module declares: everything but its code and data. */
export interface WasmModule {
	/** Size of the file. */
	readonly bytes: number;
	/** In the file's order. */
	readonly sections: readonly Section[];
	readonly imports: readonly Import[];
	readonly exports: readonly Export[];
	/** Imported ones first. */
	readonly memories: readonly Limits[];
	/** How many functions the module defines itself. */
	readonly functions: number;
	/** Bytes of the code section. */
	readonly codeBytes: number;
	/** Bytes of the data section. */
	readonly dataBytes: number;
}

/** A section of a module. */
export interface Section {
	readonly kind: SectionKind;
	/** Name of a custom section. */
	readonly name?: string;
	/** Where its content starts in the file. */
	readonly offset: number;
	/** Bytes of its content; a custom section's name counts. */
	readonly size: number;
}

/** What a module needs. */
export interface Import {
	readonly module: string;
	readonly name: string;
	readonly type: ExternType;
}

/** What a module offers. */
export interface Export {
	readonly name: string;
	readonly type: ExternType;
}

/** The kinds of sections, by their number. */
const sectionKinds = [
	'custom',
	'type',
	'import',
	'function',
	'table',
	'memory',
	'global',
	'export',
	'start',
	'element',
	'code',
	'data',
	'data count',
	'tag',
] as const;

/** What a section holds. */
export type SectionKind = (typeof sectionKinds)[number];

/** Sections must come in this order, each once at most; custom ones may be anywhere. */
const sectionOrder: readonly SectionKind[] = [
	'type',
	'import',
	'function',
	'table',
	'memory',
	'tag',
	'global',
	'export',
	'start',
	'element',
	'data count',
	'code',
	'data',
];

/** Reads only what a core wasm module needs, for which its beginning is enough; `file` is its name in messages. */
export function parseImports(bytes: Uint8Array, file: string): readonly Import[] {
	requireCoreModule(bytes, file);
	const sections = readSections(openReader(bytes, file, 8), 'import');
	return readImports(openSections(bytes, file, sections)).imports;
}

/** Reads what a core wasm module needs and offers, which stands before its code; `file` is its name in messages. */
export function parseInterface(bytes: Uint8Array, file: string): Pick<WasmModule, 'imports' | 'exports'> {
	requireCoreModule(bytes, file);
	const { imports, exports } = readDeclarations(
		openSections(bytes, file, readSections(openReader(bytes, file, 8), 'export')),
	);
	return { imports, exports };
}

/** Reads the declarations of a core wasm module; `file` is its name in messages. */
export function parseModule(bytes: Uint8Array, file: string): WasmModule {
	requireCoreModule(bytes, file);
	const sections = readSections(openReader(bytes, file, 8));
	const { imports, exports, memories, functions } = readDeclarations(openSections(bytes, file, sections));
	const sizeOf = (kind: SectionKind): number => sections.find((one) => one.kind === kind)?.size ?? 0;
	return {
		bytes: bytes.length,
		sections,
		imports,
		exports,
		memories,
		functions,
		codeBytes: sizeOf('code'),
		dataBytes: sizeOf('data'),
	};
}

function readDeclarations(open: OpenSection): Pick<WasmModule, 'imports' | 'exports' | 'memories' | 'functions'> {
	const { types, imports } = readImports(open);
	const imported = <K extends ExternType['kind']>(kind: K) =>
		imports.map((one) => one.type).filter((type): type is ExternType & { kind: K } => type.kind === kind);
	const defined = <T extends ExternType>(kind: SectionKind, entry: (reader: Reader) => T): T[] =>
		readWhole(open(kind), (reader) => reader.list(() => entry(reader))) ?? [];

	const functions = defined('function', (reader) => ({ kind: 'func', ...readFunctionType(reader, types) }));
	const memories = [...imported('memory'), ...defined('memory', readMemory)];
	const spaces: Spaces = {
		func: [...imported('func'), ...functions],
		table: [...imported('table'), ...defined('table', readTable)],
		memory: memories,
		global: [...imported('global'), ...defined('global', readGlobal)],
		tag: [...imported('tag'), ...defined('tag', (reader) => readTagType(reader, types))],
	};
	return {
		imports,
		exports: readWhole(open('export'), (reader) => reader.list(() => readExport(reader, spaces))) ?? [],
		memories: memories.map((memory) => memory.limits),
		functions: functions.length,
	};
}

/** Gives a reader of a section's content, where there is one. */
type OpenSection = (kind: SectionKind) => Reader | undefined;

function openSections(bytes: Uint8Array, file: string, sections: readonly Section[]): OpenSection {
	return (kind) => {
		const section = sections.find((one) => one.kind === kind);
		return section && openReader(bytes, file, section.offset, section.offset + section.size);
	};
}

function readImports(open: OpenSection) {
	const types = readWhole(open('type'), readTypes) ?? [];
	return { types, imports: readWhole(open('import'), (reader) => reader.list(() => readImport(reader, types))) ?? [] };
}

/** What indices of exports refer to, by kind: imported ones first. */
type Spaces = { readonly [K in ExternType['kind']]: readonly ExternType[] };

const externKinds = ['func', 'table', 'memory', 'global', 'tag'] as const;

function requireCoreModule(bytes: Uint8Array, file: string): void {
	const magic = [0x00, 0x61, 0x73, 0x6d];
	if (bytes.length < 8 || !magic.every((byte, index) => bytes[index] === byte)) {
		fail({
			code: 'usage/not-wasm',
			message: `"${file}" is not a WebAssembly module`,
			hint: 'a module starts with the bytes 00 61 73 6d; text (.wat) must be compiled first',
		});
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.getUint16(6, true) === 1) {
		fail({
			code: 'usage/not-wasm',
			message: `"${file}" is a WebAssembly component, not a core module`,
			hint: 'give the core module that the component was made from',
		});
	}
	const version = view.getUint32(4, true);
	if (version !== 1) {
		fail({
			code: 'usage/not-wasm',
			message: `"${file}" has version ${version} of the WebAssembly format; only version 1 is known`,
		});
	}
}

/** Reads where sections are: all of them, or those that come up to one. */
function readSections(reader: Reader, until?: SectionKind): Section[] {
	const sections: Section[] = [];
	let last = -1;
	while (!reader.atEnd()) {
		const id = reader.byte();
		const kind = sectionKinds[id] ?? reader.refuse(`unknown section ${id}`);
		if (until && sectionOrder.indexOf(kind) > sectionOrder.indexOf(until)) break;
		const size = reader.u32();
		const offset = reader.offset();
		const content = reader.part(size);
		if (kind === 'custom') {
			sections.push({ kind, name: content.name(), offset, size });
			continue;
		}
		const place = sectionOrder.indexOf(kind);
		if (place <= last) reader.refuse(`the ${kind} section is out of order`);
		last = place;
		sections.push({ kind, offset, size });
	}
	return sections;
}

/** Reads a section's whole content, if there is such a section. */
function readWhole<T>(reader: Reader | undefined, read: (reader: Reader) => T): T | undefined {
	if (reader === undefined) return undefined;
	const content = read(reader);
	if (!reader.atEnd()) reader.refuse('a section is longer than its content');
	return content;
}

function readImport(reader: Reader, types: readonly (FunctionType | undefined)[]): Import {
	return { module: reader.name(), name: reader.name(), type: readExternType(reader, types) };
}

function readExternType(reader: Reader, types: readonly (FunctionType | undefined)[]): ExternType {
	const kind = readKind(reader);
	switch (kind) {
		case 'func':
			return { kind, ...readFunctionType(reader, types) };
		case 'table':
			return readTableType(reader);
		case 'memory':
			return readMemory(reader);
		case 'global':
			return readGlobalType(reader);
		case 'tag':
			return readTagType(reader, types);
	}
}

function readKind(reader: Reader): ExternType['kind'] {
	const kind = reader.byte();
	return externKinds[kind] ?? reader.refuse(`unknown kind of import or export ${kind}`);
}

function readMemory(reader: Reader): ExternType & { kind: 'memory' } {
	return { kind: 'memory', limits: readLimits(reader) };
}

function readTable(reader: Reader): ExternType & { kind: 'table' } {
	const open = reader.peek() === 0x40;
	if (open) reader.skip(2);
	const type = readTableType(reader);
	if (open) skipConstant(reader);
	return type;
}

function readGlobal(reader: Reader): ExternType & { kind: 'global' } {
	const type = readGlobalType(reader);
	skipConstant(reader);
	return type;
}

function readExport(reader: Reader, spaces: Spaces): Export {
	const name = reader.name();
	const kind = readKind(reader);
	const index = reader.u32();
	return { name, type: spaces[kind][index] ?? reader.refuse(`export "${name}" refers to no ${kind}`) };
}
