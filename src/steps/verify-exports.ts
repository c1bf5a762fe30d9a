import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';
import { exportedType } from '../generate/abi/core.js';
import type { ExportedFunction, Manifest } from '../manifest/manifest.js';
import type { Export } from '../wasm/module.js';
import { formatExternType, formatFunctionType } from '../wasm/types.js';
import { compareExports, type ExpectedExport } from '../wasm/verify.js';

/** A core export that a manifest asks for. */
export interface DeclaredExport {
	readonly core: ExpectedExport;
	/** The function that it belongs to, and how the host calls that. */
	readonly of: ExportedFunction;
	readonly host: string;
}

/** The functions that Python code implements as the Canonical ABI has them, with those that free their results, sorted. */
export function exportsOf({ exports }: Manifest): readonly DeclaredExport[] {
	return exports
		.flatMap(({ name: owner, functions }) =>
			functions.flatMap((of) => coreExports(of).map((core) => ({ core, of, host: `${owner}.${of.name}` }))),
		)
		.sort((a, b) => (a.core.name < b.core.name ? -1 : 1));
}

function coreExports({ exportName, signature }: ExportedFunction): readonly ExpectedExport[] {
	const { params, results, returnPointer } = exportedType(signature);
	const post = { name: `cabi_post_${exportName}`, params: ['i32'], results: [] };
	return [{ name: exportName, params, results }, ...(returnPointer ? [post] : [])];
}

/** What is wrong with the exports of a linked module. */
export function exportProblems(found: readonly Export[], manifest: Manifest): readonly Diagnostic[] {
	const declared = new Map(exportsOf(manifest).map((one) => [one.core.name, one]));
	const { missing, mismatched } = compareExports(
		found,
		[...declared.values()].map(({ core }) => core),
	);
	const hint = 'look for C code of your own that defines the same symbol or the same export';
	const placeOf = ({ name }: ExpectedExport) => {
		const span = declared.get(name)?.of.span;
		return span === undefined ? {} : { span };
	};
	return [
		...missing.map((one) =>
			diagnostic({
				code: 'verify/export-missing',
				message: `python.wasm does not export "${one.name}", by which hosts call ${declared.get(one.name)?.host}`,
				...placeOf(one),
				hint,
			}),
		),
		...mismatched.map(({ found: one, expected }) =>
			diagnostic({
				code: 'verify/export-type',
				message: `python.wasm exports "${one.name}" as ${formatExternType(one.type)}, the manifest makes it ${formatFunctionType(expected)}`,
				...placeOf(expected),
				hint,
			}),
		),
	];
}
