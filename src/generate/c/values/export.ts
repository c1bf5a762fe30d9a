import type { ExportedFunction, ExportedInterface } from '../../../manifest/manifest.js';
import { containsType, fallibleOf, withoutAlias } from '../../../wit/parts.js';
import type { ResourceDefinition, Signature, TypeDefinition, WitType } from '../../../wit/type.js';
import { coreType } from '../../abi/core.js';
import { layoutOf, layoutRecord } from '../../abi/layout.js';
import { indent, readTemplate, render } from '../../template.js';
import { cAttributeString, cCommentText, cString } from '../literal.js';
import { call, declare, prototype } from '../syntax.js';
import { isPlainType } from '../type.js';
import { abandonFunctions, abandonPart, canLose, type Loss } from './abandon.js';
import { classVariableType } from './classes.js';
import { coreTypes, type ExportResult, flatDeclarations, lowerAnswer, resultDeclarations } from './export-result.js';
import { liftFunction, liftPart } from './lift.js';
import { lowerFunction } from './lower.js';
import type { ValueNames } from './names.js';
import { formOf, partsOf } from './parts.js';
import { structDefinition } from './struct.js';
import { branch, callAfter, functionText } from './text.js';
import { unflatten } from './unflatten.js';
import { usedTypes } from './used.js';

/** Whether an export has values that are made of others, or too many to come one by one. */
export function takesValues(signature: Signature): boolean {
	const types = [...signature.params.map(({ type }) => type), signature.result];
	return coreType(signature).spilled || types.some((type) => type !== undefined && !isPlainType(type));
}

/** An exception class that has a payload: its C variable, and the Python module that makes it. */
interface PayloadClass {
	readonly variable: string;
	readonly owner: string;
}

/** Tells the class that has the error of a `result` as its payload; undefined where the error is an exception itself. */
export type RaisedBy = (result: Extract<WitType, { readonly kind: 'result' }>) => PayloadClass | undefined;

/** What the C file of exports has for types that are made of others: structs, what lifts and lowers, classes. */
export function exportTypes(
	names: ValueNames,
	signatures: readonly Signature[],
	payloads: readonly PayloadClass[],
): string {
	const params = signatures.flatMap((one) => one.params.map(({ type }) => type));
	const lifted = usedTypes(names, params);
	// A result at the top is its value, or was raised: it is no Python object itself.
	const lowered = usedTypes(
		names,
		signatures.flatMap((signature) => {
			const result = fallibleOf(signature);
			return result === undefined ? (signature.result ?? []) : partsOf(result);
		}),
	);
	const types = usedTypes(names, [...lifted, ...lowered, ...signatures.flatMap(({ result }) => result ?? [])]);
	const definitions = new Set(types.flatMap((type) => definitionIn(type) ?? []));
	const some = types.some((type) => type.kind === 'option' && formOf(type.some).kind === 'option');
	const results = [...lifted, ...lowered].some(({ kind }) => kind === 'result');
	const owners = new Set([...definitions, ...payloads].map(({ owner }) => owner));
	const needs = [
		...[...owners].map((owner) => `cpybuild_need_module(${cString(owner)})`),
		...(some ? ['cpybuild_need_class(&cpybuild_some_class)'] : []),
		...(results ? ['cpybuild_need_class(&cpybuild_ok_class)', 'cpybuild_need_class(&cpybuild_err_class)'] : []),
	];
	const externs = [
		...[...definitions].map((one) => `extern ${classVariableType(one)} ${names.classOf(one)};`),
		...payloads.map(({ variable }) => `extern cpybuild_class ${variable};`),
	];
	return [
		externs.length === 0 ? '' : `\n${externs.join('\n')}\n`,
		...types.map((type) => structDefinition(names, type)),
		...lowered.map((type) => lowerFunction(names, type)),
		...lifted.map((type) => liftFunction(names, type)),
		...losses.map((loss) => abandonFunctions(names, params, loss)),
		functionText('need_classes(void)', 'int', [
			...needs.flatMap((one) => branch(`${one} < 0`, ['return -1;'])),
			'return 0;',
		]),
	].join('');
}

function definitionIn(type: WitType): TypeDefinition | ResourceDefinition | undefined {
	if (type.kind === 'own' || type.kind === 'borrow') return type.resource;
	return type.kind === 'named' ? type.definition : undefined;
}

/** What is lost of parameters that cannot be lifted: handles lie in blocks. */
const losses: readonly Loss[] = ['handles', 'blocks'];

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
	raised: RaisedBy,
): string {
	const { signature } = one;
	const core = coreType(signature);
	const params = signature.params.map(({ type }, index): ExportParam => {
		const flat = layoutOf(type).flat.map((_, at) => `core${index}_${at}`);
		return { type, place: core.spilled ? `params->value${index}` : `value${index}`, flat };
	});
	const result = resultOf(names, one, raised);
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
		BODY: indent(
			body(names, `${owner.name}.${one.name}`, symbol, signature, params, result).join('\n'),
			'    ',
		).replaceAll(/^ +(?=(?:lifted|refused):$)/gm, ''),
		POST: core.returnPointer
			? render(readTemplate('c/values-post.c.in'), {
					...parts,
					POST_NAME: cAttributeString(`cabi_post_${one.exportName}`),
				}).trimEnd()
			: '',
	});
}

/** The result, and the class of the exceptions that are its error. */
function resultOf(names: ValueNames, { signature }: ExportedFunction, raised: RaisedBy): ExportResult | undefined {
	const { result } = signature;
	if (result === undefined) return undefined;
	const plain = withoutAlias(result);
	const inMemory = coreType(signature).returnPointer;
	if (plain.kind !== 'result') return { type: result, inMemory, isPayload: false };
	const payload = raised(plain);
	if (payload !== undefined) return { type: result, inMemory, raised: `${payload.variable}.type`, isPayload: true };
	const err = plain.err && withoutAlias(plain.err);
	if (err?.kind !== 'named') throw new Error('an error without an exception');
	return { type: result, inMemory, raised: `${names.classOf(err.definition)}.type`, isPayload: false };
}

function spilledRecord(names: ValueNames, symbol: string, params: readonly ExportParam[]): string {
	return render(readTemplate('c/record.h.in'), {
		RECORD: `${symbol}_params`,
		FIELDS: params.map(({ type }, index) => `${declare(names.memory(type), `value${index}`)};`).join('\n'),
		SIZE: String(layoutRecord(params.map(({ type }) => type)).size),
	}).trimEnd();
}

function coreParams(symbol: string, spilled: boolean, params: readonly ExportParam[]): readonly string[] {
	const constant = params.some(({ type }) => canLose(type, 'handles')) ? '' : 'const ';
	if (spilled) return [`${constant}${symbol}_params *params`];
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
	result: ExportResult | undefined,
): readonly string[] {
	const { spilled, returnPointer } = coreType(signature);
	const borrows = params.some(({ type }) => containsType(type, ({ kind }) => kind === 'borrow'));
	const refused = ['cpybuild_refuse_answer(call);'];
	const lost = losses.flatMap((loss) =>
		params.filter(({ type }) => canLose(type, loss)).map(({ type, place }) => abandonPart(names, type, place, loss)),
	);
	const failed = lost.length === 0 ? 'goto lifted;' : 'goto refused;';
	const nothing = result === undefined ? 'return;' : returnPointer ? 'return NULL;' : 'return 0;';
	return [
		...(result === undefined ? [] : resultDeclarations(names, name, result)),
		'cpybuild_entry here;',
		'cpybuild_call context;',
		'cpybuild_call *call = &context;',
		...(spilled ? [] : params.map(({ type, place }) => `${declare(names.memory(type), place)};`)),
		`PyObject *args[${params.length + 1}] = {NULL};`,
		'PyObject *answer;',
		...(borrows ? ['cpybuild_resource *borrowed;'] : []),
		...(result === undefined || returnPointer ? [] : flatDeclarations(result)),
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
					// Blocks of what was not lifted any more are freed with the others, and handles are dropped.
					'refused:',
					...lost,
				]),
		'',
		'lifted:',
		'cpybuild_claims = NULL;',
		...(borrows ? ['borrowed = call->borrowed;'] : []),
		'cpybuild_end(call);',
		`answer = ${call('cpybuild_call_export', [`&${symbol}`, 'args', String(params.length)])};`,
		...(result === undefined ? ['Py_XDECREF(answer);'] : lowerAnswer(names, symbol, name, result)),
		...(borrows ? ['cpybuild_return_borrowed(borrowed);'] : []),
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
