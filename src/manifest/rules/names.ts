import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import { jsName } from '../../wit/name.js';
import { keySpan, type Path } from '../locate.js';
import { pythonKeywords, reservedModules, stdlibModules } from '../python-names.js';
import type { Rule } from '../rule.js';

/** Modules have Python names that nothing else has. */
export const moduleNames: Rule = function* ({ input, source }) {
	for (const name of Object.keys(input.modules)) {
		const path = ['modules', name];
		const span = keySpan(source, path);
		const [top = ''] = name.split('.');
		if (stdlibModules.has(top) || reservedModules.has(top)) {
			const owner = stdlibModules.has(top) ? "Python's standard library" : 'the interpreter';
			const message = `the module name "${name}" belongs to ${owner}`;
			yield {
				code: 'manifest/reserved-name',
				message,
				span,
				hint: `choose another name, for example "host_${bare(name)}"`,
			};
		} else if (!isDotted(name)) yield* badIdentifier(name, 'module', span);
	}
};

/** Whether a name is one of a module in packages: `acme.billing`. */
function isDotted(name: string): boolean {
	const parts = name.split('.');
	return parts.length > 1 && parts.every((part) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(part) && !pythonKeywords.has(part));
}

/** Functions have Python names. */
export const functionNames: Rule = function* ({ functions, exports, source }) {
	for (const { name, path } of [...functions, ...exports]) {
		const span = keySpan(source, path);
		if (/^__.*__$/.test(name)) {
			const message = `the function name "${name}" has a meaning of its own in Python`;
			yield { code: 'manifest/bad-name', message, span, hint: 'choose a name without the underscores around it' };
		} else yield* badIdentifier(name, 'function', span);
	}
};

function* badIdentifier(
	name: string,
	noun: string,
	span: NonNullable<DiagnosticInit['span']>,
): Iterable<DiagnosticInit> {
	const code = 'manifest/bad-name';
	if (pythonKeywords.has(name)) {
		const message = `"${name}" is a Python keyword and cannot be a ${noun} name`;
		yield { code, message, span, hint: `add an underscore: "${name}_"` };
	} else if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
		const suggestion = identifierLike(name);
		const hint = suggestion === '' ? 'use ASCII letters, digits and underscores' : `write "${suggestion}"`;
		yield { code, message: `"${name}" is not a Python name for a ${noun}`, span, hint };
	}
}

function identifierLike(name: string): string {
	const words = name.split(/[^A-Za-z0-9_]+/).filter((word) => word !== '');
	const joined = words.join('_');
	return /^\d/.test(joined) ? `_${joined}` : joined;
}

function bare(name: string): string {
	return name.replace(/^_+|_+$/g, '');
}

interface Named {
	readonly name: string;
	readonly path: Path;
}

/**
 * Names that differ in Python differ in TypeScript too: those of modules and of what is exported, and those of functions
 * in one of them.
 */
export const nameCollisions: Rule = function* ({ input, functions, exports, source }) {
	const first = new Map<string, Named>();
	const modules = Object.keys(input.modules).map((name): Named => ({ name, path: ['modules', name] }));
	const interfaces = Object.keys(input.exports ?? {}).map((name): Named => ({ name, path: ['exports', name] }));
	for (const one of [...modules, ...functions, ...interfaces, ...exports]) {
		const name = jsName(one.name);
		const key = JSON.stringify([name, one.path[0], one.path.length > 2 ? one.path[1] : undefined]);
		const earlier = first.get(key);
		if (earlier === undefined) first.set(key, one);
		else {
			yield {
				code: 'manifest/name-collision',
				message: `"${one.name}" and "${earlier.name}" are both "${name}" in TypeScript`,
				span: keySpan(source, one.path),
				hint: 'rename one of them',
				notes: [{ message: `"${earlier.name}" is here`, span: keySpan(source, earlier.path) }],
			};
		}
	}
};
