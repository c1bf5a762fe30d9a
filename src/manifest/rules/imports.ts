import { keySpan, valueSpan } from '../locate.js';
import type { Rule } from '../rule.js';

/** The import module that belongs to WASI itself. */
const wasi = 'wasi_snapshot_preview1';

/** Import names are free, but never empty and never WASI's. */
export const importNames: Rule = function* ({ functions, source }) {
	for (const { name, path, importModule, importName } of functions) {
		for (const [key, value] of [
			['import_module', importModule],
			['import_name', importName],
		] as const) {
			const span = valueSpan(source, [...path, key]);
			if (value === '') {
				const fallback = key === 'import_name' ? "the function's name" : "the module's name";
				const hint = `leave it out to use ${fallback}`;
				yield { code: 'manifest/bad-import-name', message: `"${key}" must not be empty`, span, hint };
			} else if (key === 'import_module' && value === wasi) {
				const message = `the import module "${wasi}" belongs to WASI; "${name}" cannot be in it`;
				yield { code: 'manifest/bad-import-name', message, span, hint: 'give another "import_module"' };
			}
		}
	}
};

/** Each function is an import of its own: the host could not tell two apart. */
export const duplicateImports: Rule = function* ({ functions, source }) {
	const first = new Map<string, (typeof functions)[number]>();
	for (const one of functions) {
		const key = JSON.stringify([one.importModule, one.importName]);
		const earlier = first.get(key);
		if (earlier === undefined) first.set(key, one);
		else {
			yield {
				code: 'manifest/duplicate-import',
				message: `"${one.name}" and "${earlier.name}" are the same import, "${one.importModule}.${one.importName}"`,
				span: placeOfImport(one),
				hint: 'give one of them another "import_name" or "import_module"',
				notes: [{ message: 'the first one is here', span: placeOfImport(earlier) }],
			};
		}
	}

	function placeOfImport({ path, importPath }: (typeof functions)[number]) {
		return importPath === undefined ? keySpan(source, path) : valueSpan(source, importPath);
	}
};
