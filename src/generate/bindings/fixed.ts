import { readTemplate } from '../template.js';

/** The two forms of a generated module that have code in them. */
export type Form = 'ts' | 'js';

/** The files of `templates/bindings`, in the order in which generated modules show them. */
const parts: readonly string[] = [
	'guest',
	'text',
	'bytes',
	'errors',
	'heap',
	'parts',
	'handles',
	'mismatch',
	'contract',
	'exports',
];

/** A declaration of the fixed code, with its doc comment. */
interface Declaration {
	readonly name: string;
	readonly text: string;
}

/**
 * The fixed code that a generated module needs: the declarations that it calls, and those that they use. Nothing else
 * is included, since compilers may reject unused declarations.
 */
export function fixedCode(form: Form, caller: string): string {
	const all = declarations(form);
	// Only calls count here: the caller's other names come from the manifest.
	// A name after a dot is a member, unless the dots are three.
	const used = new Set(matches(caller, /(?<!\w|(?<!\.\.)\.)\w+(?=\()/g));
	for (const name of used) {
		const text = all.find((one) => one.name === name)?.text ?? '';
		for (const other of matches(withoutComments(text), /(?<!\w|(?<!\.\.)\.)[A-Za-z_]\w*\b(?!:)/g)) used.add(other);
	}
	return all
		.filter(({ name }) => used.has(name))
		.map(({ text }) => text)
		.join('\n');
}

/** The names of the fixed code, which generated code must not shadow. */
export function fixedNames(): string[] {
	return declarations('ts').map(({ name }) => name);
}

/** Every declaration starts with a doc comment at the margin, before which there are only a file's imports. */
function declarations(form: Form): Declaration[] {
	const texts = parts.flatMap((part) => readTemplate(`bindings/${part}.${form}`).split(/^(?=\/\*\*)/m));
	return texts
		.filter((text) => text.startsWith('/**'))
		.map((text) => ({
			name: /^export (?:class|const|function|interface|type) (\w+)/m.exec(text)?.[1] ?? '',
			text: `${text.replace(/^export /m, '').trimEnd()}\n`,
		}));
}

function matches(code: string, pattern: RegExp): Iterable<string> {
	return Array.from(code.matchAll(pattern), ([match]) => match);
}

function withoutComments(code: string): string {
	// Names in types such as `Guest['raise']` are members too.
	return code
		.replace(/\/\*.*?\*\//gs, '')
		.replace(/^\s*\/\/.*$/gm, '')
		.replace(/\['\w+'\]/g, '');
}
