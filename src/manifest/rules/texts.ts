import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import { isUtf8Text } from '../default-value.js';
import { type Path, valueSpan } from '../locate.js';
import type { Rule, RuleContext } from '../rule.js';
import { exportTexts } from './exports.js';

/** Docstrings, import names, paths and arguments go into C, where a NUL ends a text, and into UTF-8. */
export const texts: Rule = function* (context) {
	const { input, functions } = context;
	for (const [name, module] of Object.entries(input.modules)) {
		yield* unusable(context, ['modules', name, 'doc'], module.doc);
		for (const key of ['sources', 'include', 'cflags', 'libs'] as const) {
			for (const [index, text] of (module[key] ?? []).entries()) {
				yield* unusable(context, ['modules', name, key, index], text);
			}
		}
	}
	for (const { path, importModule, importName, doc } of functions) {
		yield* unusable(context, [...path, 'import_module'], importModule);
		yield* unusable(context, [...path, 'import_name'], importName);
		yield* unusable(context, [...path, 'doc'], doc);
	}
	for (const [path, text] of exportTexts(context)) yield* unusable(context, path, text);
};

function* unusable({ source }: RuleContext, path: Path, text: string | undefined): Iterable<DiagnosticInit> {
	if (text === undefined) return;
	const what = text.includes('\0') ? 'a NUL character' : isUtf8Text(text) ? undefined : 'half of a surrogate pair';
	if (what === undefined) return;
	yield {
		code: 'manifest/bad-value',
		message: `"${String(path.at(-1))}" contains ${what}`,
		span: valueSpan(source, path),
		hint: 'remove the escape sequence that makes it',
	};
}
