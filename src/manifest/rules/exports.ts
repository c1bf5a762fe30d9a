import type { DiagnosticInit, Span } from '../../diagnostics/diagnostic.js';
import { nearest } from '../../diagnostics/nearest.js';
import type { ExportEntry } from '../export-entry.js';
import { needsErrorClass, typesModuleName } from '../export-modules.js';
import { keySpan, type Path, valueSpan } from '../locate.js';
import { pythonKeywords } from '../python-names.js';
import type { Rule, RuleContext } from '../rule.js';

/** Exports that every python.wasm has, and what only the ABI names so. */
export const takenExport = /^(memory|_start|_initialize|cabi_.*|cpybuild_.*)$/;

/** The modules and functions that implement exports have Python names, and are Python's. */
export const exportedPython: Rule = function* ({ input, exports, source }) {
	for (const [name, { module = name }] of Object.entries(input.exports ?? {})) {
		const given = input.exports?.[name]?.module !== undefined;
		const path = ['exports', name];
		const span = given ? valueSpan(source, [...path, 'module']) : keySpan(source, path);
		if (!isIdentifier(name)) {
			const message = `"${name}" is not a name for an interface`;
			const hint = `use ASCII letters, digits and underscores${given ? '' : `, and add "module: ${name}"`}`;
			yield { code: 'manifest/bad-name', message, span: keySpan(source, path), hint };
			if (!given) continue;
		}
		if (input.modules[module] !== undefined) {
			yield {
				code: 'manifest/bad-export',
				message: `the module "${module}" is one of "modules", which Python code cannot implement`,
				span,
				hint: `name the Python module that implements "${name}" with "module:"`,
				notes: [{ message: `"${module}" is here`, span: keySpan(source, ['modules', module]) }],
			};
		} else if (!module.split('.').every(isIdentifier)) {
			const hint = given ? 'write it as in "import acme.billing"' : 'use ASCII letters, digits and underscores';
			yield { code: 'manifest/bad-name', message: `"${module}" is not the name of a Python module`, span, hint };
		}
	}
	for (const [name, { use = [] }] of Object.entries(input.exports ?? {})) {
		for (const [index, module] of use.entries()) {
			if (input.modules[module] !== undefined) continue;
			const meant = nearest(module, Object.keys(input.modules));
			yield {
				code: 'manifest/bad-export',
				message: `"${module}" is none of "modules", whose types exports can use`,
				span: valueSpan(source, ['exports', name, 'use', index]),
				hint:
					meant === undefined
						? 'declare types under "modules:", in the "types:" of a module'
						: `did you mean "${meant}"?`,
			};
		}
	}
	for (const { path, name: own, function: name } of exports) {
		const span = valueSpan(source, [...path, 'function']);
		if (name === own || isIdentifier(name)) continue;
		const hint = 'name a function of the module, without its module and without parentheses';
		yield { code: 'manifest/bad-name', message: `"${name}" is not the name of a Python function`, span, hint };
	}
};

/** Each function is an export of its own. */
export const exportNames: Rule = function* (context) {
	const first = new Map<string, ExportEntry>();
	for (const one of context.exports) {
		const { exportName } = one;
		const span = placeOf(context, one);
		const earlier = first.get(exportName);
		if (exportName === '') {
			const hint = 'leave it out to use the names of interface and function';
			yield { code: 'manifest/bad-export', message: '"export_name" must not be empty', span, hint };
		} else if (takenExport.test(exportName)) {
			const message = `the export "${exportName}" belongs to the interpreter; "${one.name}" cannot have its name`;
			yield { code: 'manifest/bad-export', message, span, hint: 'give another "export_name"' };
		} else if (earlier !== undefined) yield duplicate(context, one, earlier);
		else first.set(exportName, one);
	}
};

/** The classes of errors for the host have a module, which no C code makes. */
export const exportErrors: Rule = function* (context) {
	const { input, source } = context;
	for (const { name, module, errorsOf, span } of errorModules(context)) {
		if (input.modules[name]?.sources === undefined) continue;
		yield {
			code: 'manifest/name-collision',
			message: `"${name}" is the module with the errors that "${module}" raises for the host`,
			span: keySpan(source, ['modules', name]),
			hint: `choose another name, or declare the errors in a type of "modules:"`,
			notes: [{ message: `"${errorsOf}" is here`, span }],
		};
	}
};

/** A module with the classes of errors that Python code raises for the host. */
export interface ErrorModule {
	readonly name: string;
	/** The Python code that raises them. */
	readonly module: string;
	/** What it implements, and where that is declared. */
	readonly errorsOf: string;
	readonly span: Span;
}

/** The modules for errors that exports need, whether or not a module of that name is declared. */
export function errorModules({ source, input, exports, wit }: RuleContext): readonly ErrorModule[] {
	const declared = Object.entries(input.exports ?? {}).flatMap(([name, { module = name }]): readonly ErrorModule[] => {
		const own = exports.filter(({ owner }) => owner === name);
		if (!own.some(({ signature }) => signature.ok && needsErrorClass(signature.value))) return [];
		return [{ name: typesModuleName(module), module, errorsOf: name, span: keySpan(source, ['exports', name]) }];
	});
	const inWit = (wit?.world.exports ?? []).flatMap((one): readonly ErrorModule[] => {
		if (!one.functions.some(({ signature }) => needsErrorClass(signature))) return [];
		const span = wit?.span(one.at) ?? keySpan(source, ['wit']);
		return [{ name: one.typesModule, module: one.pythonModule, errorsOf: one.name, span }];
	});
	return [...declared, ...inWit];
}

function duplicate(context: RuleContext, one: ExportEntry, earlier: ExportEntry): DiagnosticInit {
	return {
		code: 'manifest/bad-export',
		message: `"${one.name}" and "${earlier.name}" are the same export, "${one.exportName}"`,
		span: placeOf(context, one),
		hint: 'give one of them another "export_name"',
		notes: [{ message: 'the first one is here', span: placeOf(context, earlier) }],
	};
}

function placeOf({ source }: RuleContext, { path, exportNameGiven }: ExportEntry) {
	return exportNameGiven ? valueSpan(source, [...path, 'export_name']) : keySpan(source, path);
}

/** The texts of exports go into C, where a NUL ends them: where each stands in the manifest. */
export function exportTexts({ input, exports }: RuleContext): readonly (readonly [Path, string | undefined])[] {
	return [
		...Object.entries(input.exports ?? {}).map(([name, { doc }]) => [['exports', name, 'doc'], doc] as const),
		...exports.flatMap(({ path, doc, exportName }) => [
			[[...path, 'doc'], doc] as const,
			[[...path, 'export_name'], exportName] as const,
		]),
	];
}

function isIdentifier(name: string): boolean {
	return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !pythonKeywords.has(name);
}
