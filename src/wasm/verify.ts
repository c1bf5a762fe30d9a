import type { Export, Import } from './module.js';
import type { ExternType, FunctionType } from './types.js';

/** A host function that a manifest declares, as a core wasm import. */
export interface ExpectedImport extends FunctionType {
	readonly module: string;
	readonly name: string;
}

/** A function that Python code implements, as a core wasm export. */
export interface ExpectedExport extends FunctionType {
	readonly name: string;
}

/** How the exports of a module differ from those that were expected; it may have others. */
export interface ExportDifference {
	readonly missing: readonly ExpectedExport[];
	/** They have another type, or are no functions. */
	readonly mismatched: readonly { readonly found: Export; readonly expected: ExpectedExport }[];
}

/** How the imports of a module differ from those that were expected. */
export interface ImportDifference {
	/** The module needs them, nobody declared them. */
	readonly unexpected: readonly Import[];
	/** They are declared, the module does not need them. */
	readonly missing: readonly ExpectedImport[];
	/** They are declared with another type, or are no functions in the module. */
	readonly mismatched: readonly { readonly found: Import; readonly expected: ExpectedImport }[];
}

/** The import module that every WASI host offers; it is always allowed. */
export const wasiModule = 'wasi_snapshot_preview1';

/** Compares the imports that a module has with those that it should have. */
export function compareImports(found: readonly Import[], expected: readonly ExpectedImport[]): ImportDifference {
	const own = found.filter((one) => one.module !== wasiModule);
	const expectedOf = new Map(expected.map((one) => [importKey(one), one]));
	const foundKeys = new Set(own.map(importKey));
	return {
		unexpected: own.filter((one) => !expectedOf.has(importKey(one))),
		missing: expected.filter((one) => !foundKeys.has(importKey(one))),
		mismatched: own.flatMap((one) => {
			const wanted = expectedOf.get(importKey(one));
			return wanted === undefined || isOfType(one.type, wanted) ? [] : [{ found: one, expected: wanted }];
		}),
	};
}

/** Compares the exports that a module has with those that it must have. */
export function compareExports(found: readonly Export[], expected: readonly ExpectedExport[]): ExportDifference {
	const foundOf = new Map(found.map((one) => [one.name, one]));
	return {
		missing: expected.filter(({ name }) => !foundOf.has(name)),
		mismatched: expected.flatMap((wanted) => {
			const one = foundOf.get(wanted.name);
			return one === undefined || isOfType(one.type, wanted) ? [] : [{ found: one, expected: wanted }];
		}),
	};
}

/** Module and name as one key; names may hold any character, dots included. */
function importKey(one: { readonly module: string; readonly name: string }): string {
	return JSON.stringify([one.module, one.name]);
}

function isOfType(type: ExternType, expected: FunctionType): boolean {
	return type.kind === 'func' && equal(type.params, expected.params) && equal(type.results, expected.results);
}

function equal(left: readonly string[], right: readonly string[]): boolean {
	return left.length === right.length && left.every((value, index) => value === right[index]);
}
