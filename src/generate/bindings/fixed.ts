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

/** The file whose declarations take the place of others in debug builds. */
const DEBUG = 'debug';

/** The same where Python may have to wait for the host. */
const WAITING: readonly string[] = ['noting', 'waiting'];

/** What some of the fixed code depends on. */
interface Circumstances {
	readonly debug: boolean;
	readonly waits: boolean;
}

/** A declaration of the fixed code, with its doc comment. */
interface Declaration {
	readonly name: string;
	readonly text: string;
}

/**
 * The fixed code that a generated module needs: the declarations that it calls, and those that they use. Nothing else
 * is included, since compilers may reject unused declarations. What may have to wait notes where it stores addresses.
 */
export function fixedCode(form: Form, caller: string, { debug, waits }: Circumstances): string {
	const others = [...(debug ? [DEBUG] : []), ...(waits ? WAITING : [])];
	const all = replaced(declarations(form, parts), declarations(form, others));
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
	return declarations('ts', [...parts, DEBUG, ...WAITING]).map(({ name }) => name);
}

/** Declarations, with others in the place of those of the same name; the rest of the others comes last. */
function replaced(all: readonly Declaration[], others: readonly Declaration[]): Declaration[] {
	const kept = all.map((one) => others.find(({ name }) => name === one.name) ?? one);
	return [...kept, ...others.filter((one) => !kept.includes(one))];
}

/** Every declaration starts with a doc comment at the margin, before which there are only a file's imports. */
function declarations(form: Form, files: readonly string[]): Declaration[] {
	const texts = files.flatMap((part) => readTemplate(`bindings/${part}.${form}`).split(/^(?=\/\*\*)/m));
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
