import type * as z from 'zod/mini';
import type { DiagnosticInit } from '../diagnostics/diagnostic.js';
import { nearest } from '../diagnostics/nearest.js';
import { allowedKeys } from './json-schema.js';
import { keySpan, type Path, scalarSource, valueAt, valueSpan } from './locate.js';
import { unquotedVersion } from './version.js';
import type { YamlSource } from './yaml-source.js';

/** Something that the schema does not accept, with unions already resolved to the form that the author meant. */
export interface ShapeIssue {
	readonly path: Path;
	readonly problem:
		| { readonly kind: 'unknown-keys'; readonly keys: readonly string[] }
		| { readonly kind: 'wrong-type'; readonly expected: readonly string[] }
		| { readonly kind: 'not-one-of'; readonly values: readonly string[] }
		| { readonly kind: 'empty' };
}

/** The schema's complaints in our own terms. */
export function shapeIssues(issues: readonly z.core.$ZodIssue[]): readonly ShapeIssue[] {
	return issues.flatMap((issue) => shapeIssue(issue));
}

function shapeIssue(issue: z.core.$ZodIssue): readonly ShapeIssue[] {
	const { path } = issue;
	switch (issue.code) {
		case 'unrecognized_keys':
			return [{ path, problem: { kind: 'unknown-keys', keys: issue.keys } }];
		case 'invalid_type':
			return [{ path, problem: { kind: 'wrong-type', expected: [typeNames[issue.expected] ?? issue.expected] } }];
		case 'invalid_value': {
			const values = issue.values.map(String);
			// A lone value is not a choice but a type of its own: `true` among the values of a macro.
			if (values.length === 1) return [{ path, problem: { kind: 'wrong-type', expected: values } }];
			return [{ path, problem: { kind: 'not-one-of', values } }];
		}
		case 'too_small':
			return [{ path, problem: { kind: 'empty' } }];
		case 'invalid_union':
			return unionIssues(issue.errors.map((errors) => shapeIssues(errors))).map(({ path: inner, problem }) => ({
				path: [...path, ...inner],
				problem,
			}));
		default:
			throw new Error(`the schema has a check that is not translated: ${issue.code}`);
	}
}

const typeNames: Readonly<Record<string, string>> = {
	string: 'a text',
	number: 'a number',
	boolean: 'true or false',
	array: 'a list',
	object: 'a mapping',
	record: 'a mapping',
};

/** Of the forms that a value may have, the complaints about the nearest; of none when not even its type fits one. */
function unionIssues(forms: readonly (readonly ShapeIssue[])[]): readonly ShapeIssue[] {
	const isOfOtherType = ({ path, problem }: ShapeIssue) => path.length === 0 && problem.kind === 'wrong-type';
	const fitting = forms.filter((issues) => !issues.some(isOfOtherType));
	const [best] = [...fitting].sort((a, b) => a.length - b.length);
	if (best !== undefined) return best;
	const expected = forms.flat().flatMap(({ problem }) => (problem.kind === 'wrong-type' ? problem.expected : []));
	return [{ path: [], problem: { kind: 'wrong-type', expected: [...new Set(expected)] } }];
}

/** What is shown for the schema's complaints. */
export function explainIssues(
	source: YamlSource,
	issues: readonly ShapeIssue[],
	pinned: readonly string[],
): readonly DiagnosticInit[] {
	const misspelled = misspelledKeys(issues);
	return issues.flatMap(({ path, problem }): readonly DiagnosticInit[] => {
		if (problem.kind === 'unknown-keys') return problem.keys.map((key) => unknownKey(source, path, key));
		if (problem.kind === 'empty') return [wrong(source, path, `${subject(path)} must not be empty`)];
		const isMissing = path.length > 0 && valueAt(source.data, path) === undefined;
		if (isMissing) return misspelled.has(path.join('\n')) ? [] : [missingKey(source, path)];
		if (problem.kind === 'not-one-of') return [notOneOf(source, path, problem.values)];
		return [wrongType(source, path, problem.expected, pinned)];
	});
}

/** Missing keys that an unknown key nearby explains: `sgnature` is one mistake, not two. */
function misspelledKeys(issues: readonly ShapeIssue[]): ReadonlySet<string> {
	return new Set(
		issues.flatMap(({ path, problem }) => {
			if (problem.kind !== 'unknown-keys') return [];
			const words = allowedKeys(path);
			return problem.keys.map((key) => [...path, nearest(key, words) ?? ''].join('\n'));
		}),
	);
}

function unknownKey(source: YamlSource, path: Path, key: string): DiagnosticInit {
	const words = allowedKeys(path);
	const meant = nearest(key, words);
	return {
		code: 'manifest/unknown-key',
		message: `unknown key "${key}"${path.length === 0 ? '' : ` in "${String(path.at(-1))}"`}`,
		span: keySpan(source, [...path, key]),
		hint: meant === undefined ? `known keys: ${words.join(', ')}` : `did you mean "${meant}"?`,
	};
}

function missingKey(source: YamlSource, path: Path): DiagnosticInit {
	const parent = path.slice(0, -1);
	return {
		code: 'manifest/missing-key',
		message: `${parent.length === 0 ? 'the manifest' : subject(parent)} lacks the key "${String(path.at(-1))}"`,
		span: keySpan(source, parent),
		hint: path.at(-1) === 'python' ? 'name the version of CPython: python: "3.13.5"' : `add "${String(path.at(-1))}:"`,
	};
}

function wrongType(
	source: YamlSource,
	path: Path,
	expected: readonly string[],
	pinned: readonly string[],
): DiagnosticInit {
	const value = valueAt(source.data, path);
	const written = scalarSource(source, path) ?? '';
	if (path[0] === 'python' && typeof value === 'number') {
		return unquotedVersion(written, String(path.at(-1)), valueSpan(source, path), pinned);
	}
	const hint = conversion(value, written, expected);
	return {
		code: 'manifest/wrong-type',
		message: `${subject(path)} must be ${alternatives(expected)}, not ${described(value, written)}`,
		span: valueSpan(source, path),
		...(hint === undefined ? {} : { hint }),
	};
}

/** How to write a value that is of a wrong type and still clear. */
function conversion(value: unknown, written: string, expected: readonly string[]): string | undefined {
	if (expected.includes('true') && value === false) return 'leave it out';
	if (expected.includes('a text') && (typeof value === 'number' || typeof value === 'boolean')) {
		return `quote it: "${written}"`;
	}
	if (expected.includes('a list') && typeof value === 'string') return `write [${written}]`;
	const truth = expected.includes('true or false') ? booleans.get(written) : undefined;
	return truth === undefined ? undefined : `write ${truth}`;
}

function alternatives(words: readonly string[]): string {
	return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** What YAML 1.1 took for truth values, and people still write. */
const booleans: ReadonlyMap<string, boolean> = new Map([
	['yes', true],
	['on', true],
	['no', false],
	['off', false],
]);

function described(value: unknown, written: string): string {
	if (value === null) return 'empty';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'a mapping';
	return typeof value === 'string' ? `the text "${value}"` : written;
}

function notOneOf(source: YamlSource, path: Path, values: readonly string[]): DiagnosticInit {
	const written = scalarSource(source, path);
	const meant = written === undefined ? undefined : nearest(written, values);
	const given = written === undefined || written === '' ? '' : `, not "${written}"`;
	const hint = meant === undefined ? {} : { hint: `did you mean "${meant}"?` };
	return { ...wrong(source, path, `${subject(path)} must be one of ${values.join(', ')}${given}`), ...hint };
}

function wrong(source: YamlSource, path: Path, message: string): DiagnosticInit {
	return { code: 'manifest/bad-value', message, span: valueSpan(source, path) };
}

function subject(path: Path): string {
	const last = path.at(-1);
	if (last === undefined) return 'the manifest';
	return typeof last === 'number' ? `item ${last + 1} of "${String(path.at(-2))}"` : `"${String(last)}"`;
}
