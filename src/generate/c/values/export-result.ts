import { containsType, withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import { layoutOf } from '../../abi/layout.js';
import type { CoreType } from '../../abi/shape.js';
import { cString } from '../literal.js';
import { call, declare } from '../syntax.js';
import { flatten } from './flat.js';
import { lowerPart } from './lower.js';
import type { ValueNames } from './names.js';
import { formOf, type Part } from './parts.js';
import { branch, type Call, callAfter, ifNegative } from './text.js';

/** The C types of core values. */
export const coreTypes: Readonly<Record<CoreType, string>> = {
	i32: 'uint32_t',
	i64: 'uint64_t',
	f32: 'float',
	f64: 'double',
};

/** What a function returns that Python code implements. */
export interface ExportResult {
	readonly type: WitType;
	/** It is in memory, and the core function returns where. */
	readonly inMemory: boolean;
	/** The C expression for the Python class of the exceptions that are the error of a `result`. */
	readonly raised?: string;
	/** The exception has the error as its payload, and is none itself. */
	readonly isPayload: boolean;
}

/** The variables that the result needs. */
export function resultDeclarations(names: ValueNames, name: string, { type, raised }: ExportResult): readonly string[] {
	const described = (variable: string, parameter: string, list: string): readonly string[] => [
		`static const char *const ${list}[] = {${cString(parameter)}};`,
		`static const cpybuild_function ${variable} = {\n    ${cString(name)}, ${list}, 1, 1\n};`,
	];
	const [, err] = casesOf(type);
	return [
		...described('function', 'result', 'parameters'),
		...(err === undefined ? [] : described('failure', 'error', 'errors')),
		`static ${declare(names.memory(type), 'value')};`,
		...(raised === undefined ? [] : ['PyObject *error;']),
	];
}

/** The variables in which a result is that is one core value. */
export function flatDeclarations({ type }: ExportResult): readonly string[] {
	const [core] = layoutOf(type).flat;
	return [
		...flatten(type, 'value', 'part').locals.map((local) => `${declare(local.type, local.name)} = 0;`),
		`${declare(coreTypes[core ?? 'i32'], 'flat')} = 0;`,
	];
}

/** Lowers what the Python function has returned, or raised: the variable `answer` is NULL then. */
export function lowerAnswer(names: ValueNames, symbol: string, name: string, result: ExportResult): readonly string[] {
	const { inMemory, raised } = result;
	return [
		// What is in memory stays there, with what it borrows from, until the host has read it.
		...(inMemory ? [`call = &${symbol}_kept;`, 'cpybuild_end(call);'] : []),
		`${call('cpybuild_begin', ['call', cString(name), '&function'])};`,
		...(inMemory || raised !== undefined ? ['memset(&value, 0, sizeof(value));'] : []),
		...branch('answer != NULL', [...lowerReturned(names, result), 'Py_DECREF(answer);']),
		...(raised === undefined ? [] : lowerRaised(names, raised, result)),
		...(inMemory ? [] : ['cpybuild_end(call);']),
	];
}

function lowerReturned(names: ValueNames, result: ExportResult): readonly string[] {
	const { type, raised } = result;
	if (raised === undefined) return lowerValue(result, lowerPart(names, type, 'answer', '&value'), 'answer', 'function');
	const [ok] = casesOf(type);
	if (ok !== undefined)
		return lowerValue(result, lowerPart(names, ok.type, 'answer', `&value.${ok.member}`), 'answer', 'function');
	return result.inMemory ? [] : flatValue(result);
}

/** The error of a `result`: `answer` was NULL, and an exception of its class makes it a value. */
function lowerRaised(names: ValueNames, raised: string, result: ExportResult): readonly string[] {
	const [, err] = casesOf(result.type);
	const lower = err && lowerError(names, err, result);
	const lines = [
		'value.tag = 1;',
		...(lower === undefined ? (result.inMemory ? [] : flatValue(result)) : ['call->function = &failure;', ...lower]),
		'Py_DECREF(error);',
	];
	const [head, ...rest] = branch(`(error = cpybuild_take_error(\n             ${raised})) != NULL`, lines);
	return [`else ${head}`, ...rest];
}

function lowerError(names: ValueNames, err: Part, result: ExportResult): readonly string[] {
	const target = `&value.${err.member}`;
	if (!result.isPayload) return lowerValue(result, lowerPart(names, err.type, 'error', target), 'error', 'failure');
	const payload = 'cpybuild_field(CPYBUILD_ERROR_FIELDS(error), 0)';
	return lowerValue(result, lowerPart(names, err.type, payload, target), 'error', 'failure', [
		'cpybuild_at_field(call, "payload");',
	]);
}

/** @param more What is still to be said of where the value is wrong. */
function lowerValue(
	result: ExportResult,
	lower: Call,
	object: string,
	described: string,
	more: readonly string[] = [],
): readonly string[] {
	const gives = containsType(result.type, ({ kind }) => kind === 'own');
	const refuse = [
		...more,
		'cpybuild_refuse_argument(call);',
		`cpybuild_refuse_answer_of(&${described});`,
		// The host gets nothing, so that Python keeps what it would have given away.
		...(gives ? ['cpybuild_end(call);', call('cpybuild_begin', ['call', 'NULL', 'NULL']).concat(';')] : []),
	];
	const done = [...(gives ? ['cpybuild_give(call);'] : []), ...(result.inMemory ? [] : flatValue(result))];
	const otherwise = done.length === 0 ? [] : ['else {', ...done.map((line) => `    ${line}`), '}'];
	if (!result.inMemory) return [...ifNegative(lower, refuse), ...otherwise];
	const failed = `cpybuild_keep(call, ${object}) == 0\n    && ${callAfter('    && ', lower)} < 0`;
	if (!gives) return branch(failed, refuse);
	return [
		...branch(`cpybuild_keep(call, ${object}) < 0\n    || ${callAfter('    || ', lower)} < 0`, refuse),
		...otherwise,
	];
}

function flatValue({ type }: ExportResult): readonly string[] {
	const { statements, values } = flatten(type, 'value', 'part');
	return [...statements, `flat = (${coreTypes[layoutOf(type).flat[0] ?? 'i32']})${values[0]};`];
}

/** The payloads of a `result`. */
function casesOf(type: WitType): readonly (Part | undefined)[] {
	const form = formOf(withoutAlias(type));
	return form.kind === 'result' ? form.cases : [];
}
