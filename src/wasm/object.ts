import { type Import, parseModule } from './module.js';
import { openReader, type Reader } from './reader.js';

/** A function that an object file calls and does not define. */
export interface UndefinedFunction {
	/** The C name, by which the linker looks for it. */
	readonly symbol: string;
	/** What it becomes when the linker finds no definition. */
	readonly module: string;
	readonly name: string;
}

const symbolKinds = { function: 0, data: 1, global: 2, section: 3, event: 4, table: 5 } as const;
const symbolFlags = { undefined: 0x10, explicitName: 0x40 } as const;
const linkingVersion = 2;
const symbolTable = 8;

/**
 * Lists the functions that a wasm object file leaves to others, in the order of its symbol table.
 * A module that is no object file (it has no `linking` section) has none.
 */
export function listUndefinedFunctions(bytes: Uint8Array, file: string): UndefinedFunction[] {
	const module = parseModule(bytes, file);
	const linking = module.sections.find((section) => section.name === 'linking');
	if (linking === undefined) return [];

	const reader = openReader(bytes, file, linking.offset, linking.offset + linking.size);
	reader.name();
	const version = reader.u32();
	if (version !== linkingVersion) reader.refuse(`the linking section has version ${version}, not ${linkingVersion}`);

	const functions = module.imports.filter((one) => one.type.kind === 'func');
	const found: UndefinedFunction[] = [];
	while (!reader.atEnd()) {
		const kind = reader.byte();
		const content = reader.part(reader.u32());
		if (kind !== symbolTable) continue;
		for (const symbol of content.list(() => readSymbol(content, functions))) {
			if (symbol !== undefined) found.push(symbol);
		}
	}
	return found;
}

/** Reads one symbol; only undefined functions are told. */
function readSymbol(reader: Reader, functions: readonly Import[]): UndefinedFunction | undefined {
	const kind = reader.byte();
	const flags = reader.u32();
	const isUndefined = (flags & symbolFlags.undefined) !== 0;
	switch (kind) {
		case symbolKinds.data:
			reader.name();
			if (!isUndefined) [reader.u32(), reader.u64(), reader.u64()];
			return undefined;
		case symbolKinds.section:
			reader.u32();
			return undefined;
		case symbolKinds.function:
		case symbolKinds.global:
		case symbolKinds.event:
		case symbolKinds.table: {
			const index = reader.u32();
			const named = !isUndefined || (flags & symbolFlags.explicitName) !== 0;
			const symbol = named ? reader.name() : undefined;
			if (kind !== symbolKinds.function || !isUndefined) return undefined;
			const { module, name } = functions[index] ?? reader.refuse(`a symbol refers to no imported function ${index}`);
			return { symbol: symbol ?? name, module, name };
		}
		default:
			return reader.refuse(`unknown kind of symbol ${kind}`);
	}
}
