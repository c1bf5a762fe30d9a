import { resolve } from 'node:path';
import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import { keySpan, type Path, valueSpan } from '../locate.js';
import type { PathKind } from '../path-kind.js';
import type { Rule, RuleContext } from '../rule.js';

/** Macros have names that the C preprocessor takes. */
export const macros: Rule = function* ({ input, source }) {
	for (const [name, module] of Object.entries(input.modules)) {
		for (const [macro, value] of Object.entries(module.define ?? {})) {
			const path = ['modules', name, 'define', macro];
			if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(macro)) {
				const message = `"${macro}" is not a name for a macro`;
				const hint = 'use letters, digits and underscores';
				yield { code: 'manifest/bad-define', message, span: keySpan(source, path), hint };
			}
			if (typeof value === 'string' && /[\r\n\0]/.test(value)) {
				const message = `the value of the macro "${macro}" must be one line`;
				yield {
					code: 'manifest/bad-define',
					message,
					span: valueSpan(source, path),
					hint: 'put longer text in a header',
				};
			}
		}
	}
};

/** Whatever is a path leads to something of the right kind. */
export const paths: Rule = function* (context) {
	const { python, modules } = context.input;
	if (typeof python !== 'string' && python.source !== undefined && 'path' in python.source) {
		yield* missing(context, ['python', 'source', 'path'], python.source.path, ['file', 'folder']);
	}
	for (const [name, module] of Object.entries(modules)) {
		for (const [key, wanted, ending] of listsOfPaths) {
			for (const [index, path] of (module[key] ?? []).entries()) {
				const at = ['modules', name, key, index];
				yield* repeated(context, at, module[key] ?? [], index);
				const problems = [...missing(context, at, path, [wanted])];
				yield* problems;
				if (problems.length === 0 && ending !== undefined && !path.endsWith(ending)) {
					const message = `"${path}" is not ${key === 'sources' ? 'a C file' : 'a static library'}`;
					const hint = `"${key}" takes files that end with "${ending}"`;
					yield { code: 'manifest/bad-path', message, span: valueSpan(context.source, at), hint };
				}
			}
		}
	}
};

const listsOfPaths = [
	['sources', 'file', '.c'],
	['libs', 'file', '.a'],
	['include', 'folder', undefined],
] as const;

function* missing(
	{ source, folder, kindOf }: RuleContext,
	at: Path,
	path: string,
	wanted: readonly PathKind[],
): Iterable<DiagnosticInit> {
	const kind = kindOf(resolve(folder, path));
	if (wanted.includes(kind)) return;
	const span = valueSpan(source, at);
	if (kind === 'missing') {
		const hint = 'relative paths start in the folder of the manifest';
		yield { code: 'manifest/missing-file', message: `"${path}" does not exist`, span, hint };
	} else {
		const message = `"${path}" is a ${kind}, not a ${wanted.join(' or ')}`;
		yield { code: 'manifest/bad-path', message, span, hint: `name a ${wanted.join(' or ')}` };
	}
}

/** A file that is compiled or linked twice defines everything twice. */
function* repeated(
	{ source, folder }: RuleContext,
	at: Path,
	all: readonly string[],
	index: number,
): Iterable<DiagnosticInit> {
	const here = all[index];
	if (here === undefined) return;
	const first = all.findIndex((one) => resolve(folder, one) === resolve(folder, here));
	if (first === index) return;
	yield {
		code: 'manifest/bad-path',
		message: `"${here}" is in the list twice`,
		span: valueSpan(source, at),
		hint: 'remove one of them',
		notes: [{ message: 'the first one is here', span: valueSpan(source, [...at.slice(0, -1), first]) }],
	};
}
