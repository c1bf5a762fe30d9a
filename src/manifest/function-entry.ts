import { type Parsed, parseSignature } from '../wit/parse.js';
import type { Signature } from '../wit/type.js';
import type { Path } from './locate.js';
import { pythonKeywords } from './python-names.js';
import type { FunctionInput, ManifestInput } from './schema.js';

/** A host function wherever a manifest declares one, its short and long form made alike. */
export interface FunctionEntry {
	readonly name: string;
	readonly path: Path;
	readonly signature: Parsed<Signature>;
	readonly signaturePath: Path;
	readonly importModule: string;
	readonly importName: string;
	/** What decides the import's names: one of them when given, else the function's key. */
	readonly importPath: Path | undefined;
	readonly defaults: Readonly<Record<string, unknown>>;
	readonly doc: string | undefined;
}

/** All host functions of a manifest, in its order. */
export function functionEntries({ modules }: ManifestInput): readonly FunctionEntry[] {
	return Object.entries(modules).flatMap(([moduleName, module]) =>
		(['functions', 'imports'] as const).flatMap((key) =>
			moduleFunctions(moduleName, ['modules', moduleName, key], module[key] ?? {}),
		),
	);
}

/** The host functions of one mapping from names to signatures. */
export function moduleFunctions(
	moduleName: string,
	path: Path,
	functions: Readonly<Record<string, FunctionInput>>,
): readonly FunctionEntry[] {
	return Object.entries(functions).map(([name, input]) => functionEntry(moduleName, name, [...path, name], input));
}

function functionEntry(moduleName: string, name: string, path: Path, input: FunctionInput): FunctionEntry {
	const long = typeof input === 'string' ? { signature: input } : input;
	const given = (['import_name', 'import_module'] as const).find((key) => long[key] !== undefined);
	return {
		name,
		path,
		signature: parseSignature(long.signature, { reserved: pythonKeywords }),
		signaturePath: typeof input === 'string' ? path : [...path, 'signature'],
		importModule: long.import_module ?? moduleName,
		importName: long.import_name ?? name,
		importPath: given === undefined ? undefined : [...path, given],
		defaults: long.defaults ?? {},
		doc: long.doc,
	};
}
