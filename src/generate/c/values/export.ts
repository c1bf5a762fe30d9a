import type { ExportedFunction, ExportedInterface } from '../../../manifest/manifest.js';
import type { Signature, WitType } from '../../../wit/type.js';
import { coreType } from '../../abi/core.js';
import { layoutOf, layoutRecord } from '../../abi/layout.js';
import type { CoreType } from '../../abi/shape.js';
import { indent, readTemplate, render } from '../../template.js';
import { cAttributeString, cCommentText, cString } from '../literal.js';
import { call, declare, prototype } from '../syntax.js';
import { isPlainType } from '../type.js';
import { abandonFunctions, abandonPart, canLose } from './abandon.js';
import { classVariableType } from './classes.js';
import { flatten } from './flat.js';
import { liftFunction, liftPart } from './lift.js';
import { lowerFunction, lowerPart } from './lower.js';
import type { ValueNames } from './names.js';
import { formOf } from './parts.js';
import { structDefinition } from './struct.js';
import { branch, callAfter, functionText, ifNegative } from './text.js';
import { unflatten } from './unflatten.js';
import { usedTypes } from './used.js';

/** Whether an export has values that are made of others, or too many to come one by one. */
export function takesValues(signature: Signature): boolean {
	const types = [...signature.params.map(({ type }) => type), signature.result];
	return coreType(signature).spilled || types.some((type) => type !== undefined && !isPlainType(type));
}

/** What the C file of exports has for types that are made of others: structs, what lifts and lowers, classes. */
export function exportTypes(names: ValueNames, signatures: readonly Signature[]): string {
	const params = signatures.flatMap((one) => one.params.map(({ type }) => type));
	const lifted = usedTypes(names, params);
	const lowered = usedTypes(
		names,
		signatures.flatMap(({ result }) => result ?? []),
	);
	const types = usedTypes(names, [...lifted, ...lowered]);
	const definitions = new Set(types.flatMap((type) => (type.kind === 'named' ? [type.definition] : [])));
	const some = types.some((type) => type.kind === 'option' && formOf(type.some).kind === 'option');
	const results = types.some(({ kind }) => kind === 'result');
	const needs = [
		...new Set([...definitions].map(({ owner }) => `cpybuild_need_module(${cString(owner)})`)),
		...(some ? ['cpybuild_need_class(&cpybuild_some_class)'] : []),
		...(results ? ['cpybuild_need_class(&cpybuild_ok_class)', 'cpybuild_need_class(&cpybuild_err_class)'] : []),
	];
	return [
		definitions.size === 0
			? ''
			: `\n${[...definitions].map((one) => `extern ${classVariableType(one)} ${names.classOf(one)};`).join('\n')}\n`,
		...types.map((type) => structDefinition(names, type)),
		...lowered.map((type) => lowerFunction(names, type)),
		...lifted.map((type) => liftFunction(names, type)),
		abandonFunctions(names, params, 'blocks'),
		functionText('need_classes(void)', 'int', [
			...needs.flatMap((one) => branch(`${one} < 0`, ['return -1;'])),
			'return 0;',
		]),
	].join('');
}

/** A parameter in C. */
interface ExportParam {
	readonly type: WitType;
	/** Its value in memory: a variable, or a member of the record of all. */
	readonly place: string;
	/** Names of its core values. */
	readonly flat: readonly string[];
}

/** An export whose values are made of others. */
export function valueExport(
	names: ValueNames,
	owner: ExportedInterface,
	one: ExportedFunction,
	symbol: string,
): string {
	const { signature } = one;
	const core = coreType(signature);
	const params = signature.params.map(({ type }, index): ExportParam => {
		const flat = layoutOf(type).flat.map((_, at) => `core${index}_${at}`);
		return { type, place: core.spilled ? `params->value${index}` : `value${index}`, flat };
	});
	const result = resultOf(signature);
	const parts = {
		EXPORT: cCommentText(one.exportName),
		SYMBOL: symbol,
	};
	return render(readTemplate('c/export.c.in'), {
		...parts,
		RECORD: [
			...(core.spilled ? [spilledRecord(names, symbol, params)] : []),
			...(core.returnPointer ? [`static cpybuild_call ${symbol}_kept;`] : []),
		].join('\n'),
		MODULE: cString(owner.pythonModule),
		FUNCTION: cString(one.pythonFunction),
		EXPORT_NAME: cAttributeString(one.exportName),
		TYPE: core.returnPointer ? 'const void *' : result === undefined ? 'void' : coreTypes[core.results[0] ?? 'i32'],
		DEFINITION: prototype(`${symbol}_export`, coreParams(symbol, core.spilled, params)),
		BODY: indent(body(names, `${owner.name}.${one.name}`, symbol, signature, params).join('\n'), '    ').replaceAll(
			/^ +(?=(?:lifted|refused):$)/gm,
			'',
		),
		POST: core.returnPointer
			? render(readTemplate('c/values-post.c.in'), {
					...parts,
					POST_NAME: cAttributeString(`cabi_post_${one.exportName}`),
				}).trimEnd()
			: '',
	});
}

const coreTypes: Readonly<Record<CoreType, string>> = {
	i32: 'uint32_t',
	i64: 'uint64_t',
	f32: 'float',
	f64: 'double',
};

function resultOf({ result }: Signature): WitType | undefined {
	return result;
}

function spilledRecord(names: ValueNames, symbol: string, params: readonly ExportParam[]): string {
	return render(readTemplate('c/record.h.in'), {
		RECORD: `${symbol}_params`,
		FIELDS: params.map(({ type }, index) => `${declare(names.memory(type), `value${index}`)};`).join('\n'),
		SIZE: String(layoutRecord(params.map(({ type }) => type)).size),
	}).trimEnd();
}

function coreParams(symbol: string, spilled: boolean, params: readonly ExportParam[]): readonly string[] {
	if (spilled) return [`const ${symbol}_params *params`];
	return params.flatMap(({ type, flat }) =>
		layoutOf(type).flat.map((core, index) => declare(coreTypes[core], flat[index] ?? '')),
	);
}

function body(
	names: ValueNames,
	name: string,
	symbol: string,
	signature: Signature,
	params: readonly ExportParam[],
): readonly string[] {
	const { spilled, returnPointer } = coreType(signature);
	const { result } = signature;
	const refused = ['cpybuild_refuse_answer(call);'];
	const lost = params.filter(({ type }) => canLose(type, 'blocks'));
	const failed = lost.length === 0 ? 'goto lifted;' : 'goto refused;';
	const nothing = result === undefined ? 'return;' : returnPointer ? 'return NULL;' : 'return 0;';
	return [
		...(result === undefined
			? []
			: [
					'static const char *const parameters[] = {"result"};',
					`static const cpybuild_function function = {\n    ${cString(name)}, parameters, 1, 1\n};`,
					`static ${declare(names.memory(result), 'value')};`,
				]),
		'cpybuild_entry here;',
		'cpybuild_call context;',
		'cpybuild_call *call = &context;',
		...(spilled ? [] : params.map(({ type, place }) => `${declare(names.memory(type), place)};`)),
		`PyObject *args[${params.length + 1}] = {NULL};`,
		'PyObject *answer;',
		...(result !== undefined && !returnPointer ? flatResult(result).declarations : []),
		'',
		...branch('cpybuild_begin_entry(&here) < 0', [nothing]),
		`${call('cpybuild_begin', ['call', cString(name), 'NULL'])};`,
		'cpybuild_claims = &call->received;',
		...(spilled
			? branch('!cpybuild_is_received(params, sizeof(*params), NULL)', [
					'cpybuild_refuse_value(call, "list of parameters");',
					...refused,
					'goto lifted;',
				])
			: unflattenAll(names, params, refused)),
		...branch(spilled ? 'need_classes() < 0' : 'PyErr_Occurred() || need_classes() < 0', [failed]),
		...params.flatMap(({ type, place }, index) => [
			`args[${index + 1}] = ${callAfter(`args[${index + 1}] = `, liftPart(names, type, place))};`,
			...branch(`args[${index + 1}] == NULL`, [...refused, failed]),
		]),
		...(lost.length === 0
			? []
			: [
					'goto lifted;',
					'',
					// Blocks of what was not lifted any more are freed with the others.
					'refused:',
					...lost.map(({ type, place }) => abandonPart(names, type, place, 'blocks')),
				]),
		'',
		'lifted:',
		'cpybuild_claims = NULL;',
		'cpybuild_end(call);',
		`answer = ${call('cpybuild_call_export', [`&${symbol}`, 'args', String(params.length)])};`,
		...(result === undefined
			? ['Py_XDECREF(answer);']
			: returnPointer
				? resultInMemory(names, symbol, name, result)
				: flatAnswer(names, name, result)),
		'cpybuild_end_entry(&here);',
		...(result === undefined ? [] : [`return ${returnPointer ? '&value' : 'flat'};`]),
	];
}

/** All parameters get their core values, also when one is refused, so that what they point to is known. */
function unflattenAll(
	names: ValueNames,
	params: readonly ExportParam[],
	refused: readonly string[],
): readonly string[] {
	const lines = params.flatMap(({ type, place, flat }) => {
		const core = layoutOf(type).flat;
		const values = flat.map((text, index) => ({ text, core: core[index] ?? 'i32' }));
		return unflatten(names, type, place, values, refused);
	});
	const cleared = params
		.filter(({ type }) => formOf(type).kind !== 'leaf')
		.map(({ place }) => `memset(&${place}, 0, sizeof(${place}));`);
	return [...(lines.some((line) => line.includes(refused.join())) ? cleared : []), ...lines];
}

/** The result stays where it is, with what it borrows from, until the host has read it. */
function resultInMemory(names: ValueNames, symbol: string, name: string, result: WitType): readonly string[] {
	return [
		`call = &${symbol}_kept;`,
		'cpybuild_end(call);',
		`${call('cpybuild_begin', ['call', cString(name), '&function'])};`,
		'memset(&value, 0, sizeof(value));',
		...branch('answer != NULL', [
			...branch(
				`cpybuild_keep(call, answer) == 0\n    && ${callAfter('    && ', lowerPart(names, result, 'answer', '&value'))} < 0`,
				['cpybuild_refuse_argument(call);', 'cpybuild_refuse_answer_of(&function);'],
			),
			'Py_DECREF(answer);',
		]),
	];
}

function flatResult(result: WitType) {
	const flat = flatten(result, 'value', 'part');
	const [core] = layoutOf(result).flat;
	return {
		...flat,
		declarations: [
			...flat.locals.map((local) => `${declare(local.type, local.name)} = 0;`),
			`${declare(coreTypes[core ?? 'i32'], 'flat')} = 0;`,
		],
	};
}

function flatAnswer(names: ValueNames, name: string, result: WitType): readonly string[] {
	const { statements, values } = flatResult(result);
	return [
		`${call('cpybuild_begin', ['call', cString(name), '&function'])};`,
		...branch('answer != NULL', [
			...ifNegative(lowerPart(names, result, 'answer', '&value'), [
				'cpybuild_refuse_argument(call);',
				'cpybuild_refuse_answer_of(&function);',
			]),
			'else {',
			...[...statements, `flat = (${coreTypes[layoutOf(result).flat[0] ?? 'i32']})${values[0]};`].map(
				(line) => `    ${line}`,
			),
			'}',
			'Py_DECREF(answer);',
		]),
		'cpybuild_end(call);',
	];
}
