import type { DiagnosticInit, Span } from '../../diagnostics/diagnostic.js';
import { keySpan, valueAt, valueSpan } from '../locate.js';
import { reservedModules, stdlibModules } from '../python-names.js';
import type { Rule } from '../rule.js';
import { takenExport } from './exports.js';

/** WIT files are there and right, and one world of them is meant. */
export const witFiles: Rule = function* ({ source, wit }) {
	if (wit === undefined) return;
	const isLong = valueAt(source.data, ['wit', 'path']) !== undefined;
	const span = valueSpan(source, isLong ? ['wit', 'path'] : ['wit']);
	if (wit.kind === 'missing') {
		const hint = 'relative paths start in the folder of the manifest';
		yield { code: 'manifest/missing-file', message: `"${wit.path}" does not exist`, span, hint };
	} else if (wit.isEmpty) {
		const hint = 'name the folder that holds .wit files';
		yield { code: 'manifest/bad-path', message: `"${wit.path}" has no .wit files`, span, hint };
	}
	const { choice, problems } = wit.world;
	if (choice !== undefined) {
		const path = valueAt(source.data, ['wit', 'world']) === undefined ? ['wit'] : ['wit', 'world'];
		yield { code: 'manifest/unknown-world', ...choice, span: valueSpan(source, path) };
	}
	for (const { code, message, hint, note, ...at } of problems) {
		yield {
			code,
			message,
			span: wit.span(at),
			...(hint === undefined ? {} : { hint }),
			...(note === undefined ? {} : { notes: [{ message: note.message, span: wit.span(note) }] }),
		};
	}
};

/** What a world imports gets names of Python that nothing else has. */
export const witModules: Rule = function* ({ source, input, wit }) {
	const first = new Map<string, Span>(
		Object.keys(input.modules).map((name) => [name, keySpan(source, ['modules', name])]),
	);
	for (const { name, at } of wit?.world.modules ?? []) {
		const span = wit?.span(at) ?? keySpan(source, ['wit']);
		const earlier = first.get(name);
		if (earlier === undefined) first.set(name, span);
		else yield collision(name, span, earlier);
		yield* unusableName(name, span);
	}
};

/** What a world exports is Python's to implement, and the host's to call by its name. */
export const witExports: Rule = function* ({ source, input, wit }) {
	if (wit === undefined) return;
	const { modules, exports } = wit.world;
	const builtin = new Set([...Object.keys(input.modules), ...modules.map(({ name }) => name)]);
	const first = new Map(Object.keys(input.exports ?? {}).map((name) => [name, keySpan(source, ['exports', name])]));
	for (const { name, pythonModule, at } of exports) {
		const span = wit.span(at);
		const earlier = first.get(name);
		if (builtin.has(pythonModule)) {
			const message = `the module "${pythonModule}" is imported from the host, so that Python code cannot implement it`;
			yield { code: 'manifest/bad-export', message, span, hint: 'export another interface' };
		} else if (earlier !== undefined) {
			yield {
				code: 'manifest/name-collision',
				message: `two exports are "${name}" for the host`,
				span,
				hint: 'rename one of them',
				notes: [{ message: 'the first one is here', span: earlier }],
			};
		} else first.set(name, span);
	}
	for (const { exportName, at } of exports.flatMap(({ functions }) => functions)) {
		if (!takenExport.test(exportName)) continue;
		yield {
			code: 'manifest/bad-export',
			message: `the export "${exportName}" belongs to the interpreter`,
			span: wit.span(at),
			hint: 'rename the function, or declare it in an interface',
		};
	}
};

function* unusableName(name: string, span: Span): Iterable<DiagnosticInit> {
	const [top = ''] = name.split('.');
	if (stdlibModules.has(top) || reservedModules.has(top)) {
		const owner = stdlibModules.has(top) ? "Python's standard library" : 'the interpreter';
		const hint = 'rename the package, or what the world imports';
		yield { code: 'manifest/reserved-name', message: `the module name "${top}" belongs to ${owner}`, span, hint };
	}
}

function collision(name: string, span: Span, earlier: Span): DiagnosticInit {
	return {
		code: 'manifest/name-collision',
		message: `two modules are "${name}" in Python`,
		span,
		hint: 'rename one of them',
		notes: [{ message: 'the first one is here', span: earlier }],
	};
}
