import { canonical, sha256 } from '../cache/key.js';
import { type ImportedFunction, importedFunctions } from '../manifest/imports.js';
import type { ExportedInterface, Manifest, Module } from '../manifest/manifest.js';
import { type NameOf, printSignature, printType } from '../wit/print.js';
import type { TypeDefinition } from '../wit/type.js';
import { type Outline, type OutlinedInterface, outlineOf } from './outline.js';
import { printWit } from './print-wit.js';
import type { Definition } from './uses.js';

/**
 * What a python.wasm and its host agree on, as plain data: the content of the custom section `cpybuild:contract`.
 * Types are texts in WIT's syntax, except that definitions have the name of their module in front (`demo.query`) and
 * aliases are resolved, so that equal texts are equal types.
 */
export interface Contract {
	/** Raised when the data get another shape. */
	readonly format: 1;
	/** The sha256 of all else. */
	readonly hash: string;
	/** As `cpybuild wit` prints it, without doc comments, and sorted: the order of declarations means nothing. */
	readonly wit: string;
	/** Sorted by module and name. */
	readonly imports: readonly ContractFunction[];
	/** What the host can call, sorted by the names of the core exports. */
	readonly exports: readonly ContractExport[];
	/** What the modules define, `record { text: string }`, by qualified name, sorted. */
	readonly types: Readonly<Record<string, string>>;
}

/** A function that crosses the boundary. */
export interface ContractFunction {
	/** Names of the core import. */
	readonly module: string;
	readonly name: string;
	/** What it is in Python: `demo.bar`, `demo.Cursor.next`. */
	readonly python: string;
	/** `func(q: demo.query) -> string` */
	readonly signature: string;
	/** How many of the last parameters have default values in Python; absent when none has. */
	readonly optional?: number;
}

/** A function that Python code implements. */
export interface ContractExport {
	/** Name of the core export. */
	readonly name: string;
	/** The function that implements it: `acme.billing.quote`. */
	readonly python: string;
	/** As the host calls it: `billing.quote`. */
	readonly host: string;
	readonly signature: string;
}

/** The contract of a manifest. */
export function contractOf(manifest: Manifest): Contract {
	const imported = manifest.modules.flatMap((module) =>
		importedFunctions(module)
			.filter(({ of }) => of.kind !== 'drop')
			.map((one) => ({ one, module })),
	);
	const imports = imported.map(({ one, module }) => contractFunction(one, module)).sort(byCoreName);
	const types = manifest.modules
		.flatMap((module) => (module.kind === 'host' ? module.types : []))
		.flatMap((one) => (one.kind === 'alias' ? [] : [[qualified(one), definitionText(one)] as const]))
		.sort(([a], [b]) => compareTexts(a, b));
	const rest = {
		format: 1,
		wit: printWit(sorted(outlineOf(manifest)), { docs: false }),
		imports,
		exports: manifest.exports.flatMap(contractExports).sort((a, b) => compareTexts(a.name, b.name)),
		types: Object.fromEntries(types),
	} as const;
	return { ...rest, hash: sha256(canonical(plain(rest))) };
}

/** As `Json` wants it, which refuses interfaces. */
function plain({ imports, exports, ...rest }: Omit<Contract, 'hash'>) {
	return { ...rest, imports: imports.map((one) => ({ ...one })), exports: exports.map((one) => ({ ...one })) };
}

function sorted({ imports, exports }: Outline): Outline {
	return { imports: sortedInterfaces(imports), exports: sortedInterfaces(exports) };
}

function sortedInterfaces<T extends OutlinedInterface>(all: readonly T[]): readonly T[] {
	const byName = (a: { readonly name: string }, b: { readonly name: string }) => compareTexts(a.name, b.name);
	return all
		.map((one) => ({ ...one, types: [...one.types].sort(byName), functions: [...one.functions].sort(byName) }))
		.sort((a, b) => compareTexts(`${a.package}/${a.name}`, `${b.package}/${b.name}`));
}

/** By code units, which no locale changes. */
function compareTexts(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function contractFunction(
	{ module, name, signature, python, of }: ImportedFunction,
	{ name: owner }: Module,
): ContractFunction {
	const optional = of.kind === 'function' ? Object.keys(of.function.defaults).length : 0;
	return {
		module,
		name,
		python: `${owner}.${python}`,
		signature: printSignature(signature, qualified),
		...(optional === 0 ? {} : { optional }),
	};
}

function contractExports({ name: owner, pythonModule, functions }: ExportedInterface): readonly ContractExport[] {
	return functions.map(({ name, pythonFunction, exportName, signature }) => ({
		name: exportName,
		python: `${pythonModule}.${pythonFunction}`,
		host: `${owner}.${name}`,
		signature: printSignature(signature, qualified),
	}));
}

function byCoreName(a: ContractFunction, b: ContractFunction): number {
	return compareTexts(`${a.module}\0${a.name}`, `${b.module}\0${b.name}`);
}

/** The text that stands for a definition in contracts: `demo.query`, and for an alias what it stands for. */
export const qualified: NameOf = (definition) =>
	definition.kind === 'alias' ? printType(definition.type, qualified) : `${definition.owner}.${definition.name}`;

function definitionText(definition: Exclude<Definition, { readonly kind: 'alias' }>): string {
	return definition.kind === 'resource' ? 'resource' : `${definition.kind} { ${members(definition).join(', ')} }`;
}

function members(definition: Exclude<TypeDefinition, { readonly kind: 'alias' }>): readonly string[] {
	switch (definition.kind) {
		case 'record':
			return definition.fields.map(({ name, type }) => `${name}: ${printType(type, qualified)}`);
		case 'variant':
			return definition.cases.map(({ name, type }) =>
				type === undefined ? name : `${name}(${printType(type, qualified)})`,
			);
		case 'enum':
			return definition.cases.map(({ name }) => name);
		case 'flags':
			return definition.flags.map(({ name }) => name);
	}
}
