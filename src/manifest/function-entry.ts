import type { DiagnosticCode } from '../diagnostics/diagnostic.js';
import { type Parsed, parseSignature } from '../wit/parse.js';
import type { WitProblem } from '../wit/problem.js';
import type { Signature } from '../wit/type.js';
import type { Path } from './locate.js';
import type { ManifestTypes } from './module-types.js';
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
export function functionEntries({ modules }: ManifestInput, types: ManifestTypes): readonly FunctionEntry[] {
	return Object.entries(modules).flatMap(([moduleName, module]) =>
		(['functions', 'imports'] as const).flatMap((key) =>
			moduleFunctions(moduleName, ['modules', moduleName, key], module[key] ?? {}, types),
		),
	);
}

/** The host functions of one mapping from names to signatures. */
export function moduleFunctions(
	moduleName: string,
	path: Path,
	functions: Readonly<Record<string, FunctionInput>>,
	types: ManifestTypes,
): readonly FunctionEntry[] {
	return Object.entries(functions).map(([name, input]) =>
		functionEntry(moduleName, name, [...path, name], input, types),
	);
}

function functionEntry(
	moduleName: string,
	name: string,
	path: Path,
	input: FunctionInput,
	types: ManifestTypes,
): FunctionEntry {
	const long = typeof input === 'string' ? { signature: input } : input;
	const given = (['import_name', 'import_module'] as const).find((key) => long[key] !== undefined);
	return {
		name,
		path,
		signature: readSignature(long.signature, [moduleName], types, { carriesAsync: true }),
		signaturePath: typeof input === 'string' ? path : [...path, 'signature'],
		importModule: long.import_module ?? moduleName,
		importName: long.import_name ?? name,
		importPath: given === undefined ? undefined : [...path, given],
		defaults: long.defaults ?? {},
		doc: long.doc,
	};
}

/** Reads a signature, which can name the types of some modules; of two types of a name, the first one. */
export function readSignature(
	text: string,
	named: readonly string[],
	{ modules, problems }: ManifestTypes,
	{ carriesAsync = false } = {},
): Parsed<Signature> {
	const scopes = named.map((module) => modules.get(module)?.scope ?? new Map()).reverse();
	const scope = new Map(scopes.flatMap((one) => [...one]));
	const parsed = parseSignature(text, { reserved: pythonKeywords, scope, carriesAsync });
	if (parsed.ok) return parsed;
	// Signatures do not repeat what is wrong with the types that they name.
	const isRepeated = (name: string): boolean =>
		modules.size === 0 ? problems.length > 0 : named.some((module) => modules.get(module)?.declared.has(name) === true);
	const own = parsed.problems.filter(({ code, start, end }) => code !== unknown || !isRepeated(text.slice(start, end)));
	return { ok: false, problems: own.map((one) => ({ ...one, ...useHint(one, text, modules) })) };
}

const unknown: DiagnosticCode = 'manifest/unknown-type';

/** A type that another module declares is only one line away. */
function useHint(
	{ code, start, end }: WitProblem,
	text: string,
	modules: ManifestTypes['modules'],
): Pick<WitProblem, 'hint'> {
	const name = text.slice(start, end);
	const home = [...modules].find(([, { types }]) => types.some((type) => type.name === name));
	if (code !== unknown || home === undefined) return {};
	return { hint: `add to "types:": use ${home[1].interface}.{${name}};` };
}
