import type { DiagnosticInit } from '../../diagnostics/diagnostic.js';
import { nearest } from '../../diagnostics/nearest.js';
import { pythonName, witName } from '../../wit/name.js';
import { printType } from '../../wit/print.js';
import type { Param } from '../../wit/type.js';
import { isSimple, primitives } from '../../wit/types.js';
import { parseDefault } from '../default-value.js';
import type { FunctionEntry } from '../function-entry.js';
import { keySpan, scalarSource, textSpan, valueSpan } from '../locate.js';
import type { Rule, RuleContext } from '../rule.js';

/** Signatures are WIT function types that this version carries. */
export const signatures: Rule = function* ({ functions, exports, source }) {
	for (const { signature, signaturePath } of [...functions, ...exports]) {
		if (signature.ok) continue;
		for (const { code, message, start, end, hint, note } of signature.problems) {
			yield {
				code,
				message,
				span: textSpan(source, signaturePath, start, end),
				...(hint === undefined ? {} : { hint }),
				...(note === undefined
					? {}
					: { notes: [{ message: note.message, span: textSpan(source, signaturePath, note.start, note.end) }] }),
			};
		}
	}
};

/** C code is given primitives and bytes only: the generated header has no other types. */
export const simpleSignatures: Rule = function* ({ functions, source }) {
	for (const { signature, signaturePath, path } of functions) {
		if (!signature.ok || path[2] !== 'imports') continue;
		const { params, result } = signature.value;
		const whole = { start: 0, end: Number.POSITIVE_INFINITY };
		const all = [...params, ...(result === undefined ? [] : [{ type: result, ...whole }])];
		for (const { type, start, end } of all.filter((one) => !isSimple(one.type))) {
			yield {
				code: 'manifest/unsupported-type',
				message: `functions that C code calls cannot have the type "${printType(type)}"`,
				span: textSpan(source, signaturePath, start, end),
				hint: `supported types: ${[...primitives, 'list<u8>'].join(', ')}`,
			};
		}
	}
};

/** Default values belong to the last parameters and fit their types. */
export const defaults: Rule = function* (context) {
	for (const entry of context.functions) {
		if (!entry.signature.ok) continue;
		const { params } = entry.signature.value;
		const given = new Map<string, string>();
		for (const [spelling, value] of Object.entries(entry.defaults)) {
			yield* defaultProblems(context, entry, params, given, spelling, value);
		}
		yield* gaps(context, entry, params, given);
	}
};

function* defaultProblems(
	{ source }: RuleContext,
	entry: FunctionEntry,
	params: readonly Param[],
	given: Map<string, string>,
	spelling: string,
	value: unknown,
): Iterable<DiagnosticInit> {
	const path = [...entry.path, 'defaults', spelling];
	const param = params.find(({ name }) => name === witName(spelling));
	if (param === undefined) {
		const meant = nearest(
			witName(spelling) ?? spelling,
			params.map(({ name }) => name),
		);
		const known = params.map(({ name }) => name).join(', ');
		const others = known === '' ? 'the function has no parameters' : `parameters: ${known}`;
		yield {
			code: 'manifest/unknown-parameter',
			message: `the function "${entry.name}" has no parameter "${spelling}"`,
			span: keySpan(source, path),
			hint: meant === undefined ? others : `did you mean "${meant}"?`,
		};
		return;
	}
	const earlier = given.get(param.name);
	if (earlier !== undefined) {
		yield {
			code: 'manifest/duplicate-key',
			message: `"${spelling}" and "${earlier}" are the same parameter`,
			span: keySpan(source, path),
			hint: 'remove one of them',
			notes: [{ message: 'the first one is here', span: keySpan(source, [...path.slice(0, -1), earlier]) }],
		};
		return;
	}
	given.set(param.name, spelling);
	const written = scalarSource(source, path);
	const parsed = parseDefault(param.type, { value, written: written ?? '' });
	if (parsed.ok) return;
	yield {
		code: 'manifest/bad-default',
		message: `the default of "${spelling}" does not fit its type, ${printType(param.type)}`,
		span: valueSpan(source, path),
		hint: `give ${parsed.expected}`,
		notes: [{ message: 'the parameter is here', span: textSpan(source, entry.signaturePath, param.start, param.end) }],
	};
}

/** As in Python, no parameter without a default may follow one that has one. */
function* gaps(
	{ source }: RuleContext,
	entry: FunctionEntry,
	params: readonly Param[],
	given: ReadonlyMap<string, string>,
): Iterable<DiagnosticInit> {
	const optional = params.findIndex(({ name }) => given.has(name));
	if (optional === -1) return;
	for (const param of params.slice(optional).filter(({ name }) => !given.has(name))) {
		const before = params[optional]?.name ?? '';
		yield {
			code: 'manifest/bad-default',
			message: `"${param.name}" has no default, but "${before}" before it has one`,
			span: textSpan(source, entry.signaturePath, param.start, param.end),
			hint: `give "${pythonName(param.name)}" a default too, or move it forward`,
			notes: [
				{
					message: `the default of "${before}" is here`,
					span: keySpan(source, [...entry.path, 'defaults', given.get(before) ?? before]),
				},
			],
		};
	}
}
