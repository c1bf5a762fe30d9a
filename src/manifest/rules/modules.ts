import { keySpan, valueAt } from '../locate.js';
import type { Rule } from '../rule.js';

const nativeKeys = ['include', 'define', 'cflags', 'libs', 'imports'] as const;

/** There is something for Python to import. */
export const anyModules: Rule = function* ({ source }) {
	const { data } = source;
	if (typeof data !== 'object' || data === null || Array.isArray(data) || 'modules' in data || 'wit' in data) return;
	yield {
		code: 'manifest/missing-key',
		message: 'the manifest lacks the key "modules"',
		span: keySpan(source, []),
		hint: 'add "modules:"',
	};
};

/** A module is either the host's or C, and has only the keys of its kind. The host's may have types alone: resources have functions. */
export const moduleKinds: Rule = function* ({ input, source }) {
	for (const name of Object.keys(input.modules)) {
		const path = ['modules', name];
		// What the author wrote counts, also where its value is of a wrong shape.
		const keys = new Set(Object.keys(valueAt(source.data, path) ?? {}));
		const hasFunctions = keys.has('functions');
		const hasSources = keys.has('sources');
		const hasTypes = keys.has('types');
		if (hasFunctions && hasSources) {
			yield {
				code: 'manifest/module-kind',
				message: `the module "${name}" has both "functions" and "sources"`,
				span: keySpan(source, [...path, 'sources']),
				hint: 'declare host functions of C code under "imports", or make two modules',
				notes: [{ message: '"functions" is here', span: keySpan(source, [...path, 'functions']) }],
			};
		} else if (hasTypes && hasSources) {
			yield {
				code: 'manifest/module-kind',
				message: `the module "${name}" has both "types" and "sources"`,
				span: keySpan(source, [...path, 'types']),
				hint: 'C code is called with simple types: move "types" to a module with "functions"',
			};
		} else if (!hasFunctions && !hasSources && !hasTypes) {
			yield {
				code: 'manifest/module-kind',
				message: `the module "${name}" has neither "functions" nor "sources"`,
				span: keySpan(source, path),
				hint: 'add "functions:" for host functions, or "sources:" for C files',
			};
		} else if (!hasSources) {
			for (const key of nativeKeys.filter((one) => keys.has(one))) {
				yield {
					code: 'manifest/module-kind',
					message: `"${key}" is for modules with C "sources"`,
					span: keySpan(source, [...path, key]),
					hint: key === 'imports' ? 'move its entries to "functions"' : `remove "${key}"`,
				};
			}
		}
	}
};
