import type { DiagnosticInit, Span } from '../../diagnostics/diagnostic.js';
import { jsName, suggestWitName } from '../../wit/name.js';
import { nameInComponents } from '../interface-name.js';
import { keySpan, type Path } from '../locate.js';
import type { Rule, RuleContext } from '../rule.js';
import { errorModules } from './exports.js';

interface Named {
	readonly name: string;
	readonly span: Span;
	/** Of a module that nobody has declared: what Python code implements, whose errors it has. */
	readonly errorsOf?: string;
}

/**
 * A builtin module is found by a C function that is called after it, `PyInit_acme_billing`, in which dots are
 * underscores: `acme.billing` and `acme_billing` cannot both be there, nor can a package that a module is in.
 */
export const initNames: Rule = function* (context) {
	const modules = moduleNames(context);
	const first = new Map<string, Named>();
	for (const one of modules) {
		const parts = one.name.split('.');
		// The packages first, since a module of the same name is the package itself.
		for (const length of parts.keys()) {
			const name = parts.slice(0, length + 1).join('.');
			const symbol = name.replaceAll('.', '_');
			const earlier = first.get(symbol);
			if (earlier === undefined) first.set(symbol, { ...one, name });
			else if (earlier.name !== name) yield sameInC({ ...one, name }, earlier, symbol);
		}
	}
};

function moduleNames(context: RuleContext): readonly Named[] {
	const { source, input, wit } = context;
	return [
		...Object.keys(input.modules).map((name) => ({ name, span: keySpan(source, ['modules', name]) })),
		...(wit?.world.modules ?? []).map(({ name, at }) => ({ name, span: wit?.span(at) ?? keySpan(source, ['wit']) })),
		...errorModules(context),
	];
}

function sameInC(one: Named, earlier: Named, symbol: string): DiagnosticInit {
	const { name, span } = one;
	return {
		code: 'manifest/name-collision',
		message: `"${name}" and "${earlier.name}" are both "PyInit_${symbol}" in C`,
		span,
		hint: 'rename one of them: dots and underscores make no difference',
		notes: [
			{ message: `"${earlier.name}" is here`, span: earlier.span },
			...[earlier, one].flatMap(({ name, errorsOf }) =>
				errorsOf === undefined ? [] : [{ message: `"${name}" has the errors that "${errorsOf}" raises for the host` }],
			),
		],
	};
}

/**
 * In a component, names that differ by case, hyphens or underscores alone are one. Without a component they get further
 * words, in the contract only; in a component a host would have to know those.
 */
export const componentNames: Rule = function* ({ input, functions, exports, source }) {
	if (!input.build.component) return;
	const first = new Map<string, { readonly name: string; readonly path: Path }>();
	const named = (key: 'modules' | 'exports') =>
		Object.keys(input[key] ?? {}).map((name) => ({ name, path: [key, name] as Path }));
	for (const one of [...named('modules'), ...functions, ...named('exports'), ...exports]) {
		const wit = suggestWitName(one.name);
		if (wit === undefined) continue;
		// Interfaces share one world; functions only have those of their interface beside them.
		const scope = one.path.length > 2 ? one.path.slice(0, 2) : [];
		const key = JSON.stringify([...scope, nameInComponents(wit)]);
		const earlier = first.get(key);
		if (earlier === undefined) first.set(key, one);
		// Names that are one in TypeScript have been told.
		else if (jsName(earlier.name) !== jsName(one.name) || earlier.path[0] !== one.path[0]) {
			yield {
				code: 'manifest/name-collision',
				message: `"${one.name}" and "${earlier.name}" are one name in a component`,
				span: keySpan(source, one.path),
				hint: 'rename one of them: case, hyphens and underscores make no difference',
				notes: [{ message: `"${earlier.name}" is here`, span: keySpan(source, earlier.path) }],
			};
		}
	}
};
