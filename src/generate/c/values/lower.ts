import { withoutAlias } from '../../../wit/parts.js';
import type { WitType } from '../../../wit/type.js';
import { isPrimitive } from '../../../wit/types.js';
import { cString } from '../literal.js';
import { call, prototype } from '../syntax.js';
import type { ValueNames } from './names.js';
import { type Form, formOf, type Part, tagType } from './parts.js';
import { branch, type Call, callAfter, functionText, ifNegative, inner } from './text.js';

/** Lowers a Python object, a part of an argument, to `*target`: a call that is negative when that fails. */
export function lowerPart(names: ValueNames, type: WitType, object: string, target: string): Call {
	const resolved = withoutAlias(type);
	if (resolved.kind === 'own' || resolved.kind === 'borrow') {
		return {
			head: `cpybuild_lower_${resolved.kind}`,
			items: ['call', object, `&${names.classOf(resolved.resource)}`, target],
		};
	}
	if (isPrimitive(resolved)) {
		if (resolved.kind === 'bool') return { head: 'cpybuild_lower_truth', items: ['call', object, target] };
		if (resolved.kind === 'string') return { head: 'cpybuild_lower_text', items: ['call', object, target] };
		return { head: `cpybuild_lower_${resolved.kind}`, items: ['call->function', 'call->index', object, target] };
	}
	return resolved.kind === 'list' && formOf(resolved).kind === 'leaf'
		? { head: 'cpybuild_lower_blob', items: ['call', object, target] }
		: { head: `lower_${names.of(resolved)}`, items: ['call', object, target] };
}

/** The C function that lowers values of a type; nothing for types that need none. */
export function lowerFunction(names: ValueNames, type: WitType): string {
	const resolved = withoutAlias(type);
	const body = lowerBody(names, resolved);
	if (body === undefined) return '';
	const memory = names.memory(resolved);
	return functionText(
		prototype(`lower_${names.of(resolved)}`, ['cpybuild_call *call', 'PyObject *object', `${memory} *value`]),
		'int',
		body,
	);
}

function lowerBody(names: ValueNames, type: WitType): readonly string[] | undefined {
	const form = formOf(type);
	switch (form.kind) {
		case 'list':
			return lowerList(names, form.element);
		case 'record':
		case 'tuple':
			return lowerFields(names, type, form);
		case 'option':
			return lowerOption(names, form.cases);
		case 'variant':
		case 'result':
			return lowerVariant(names, type, form.cases);
		case 'leaf':
			return lowerLeaf(names, type);
	}
}

function lowerLeaf(names: ValueNames, type: WitType): readonly string[] | undefined {
	if (type.kind !== 'named') return undefined;
	const { definition } = type;
	const items = ['call', 'object', `&${names.classOf(definition)}`, '&number'];
	return [
		'uint32_t number;',
		...ifNegative({ head: `cpybuild_lower_${definition.kind}`, items }, ['return -1;']),
		`*value = (${names.memory(type)})number;`,
		'return 0;',
	];
}

/** The format characters that a buffer of numbers may have; their size is compared too. */
function formatLetters(kind: WitType['kind']): string | undefined {
	if (/^s\d/.test(kind)) return 'bhilq';
	if (/^u\d/.test(kind)) return 'BHILQ';
	return /^f\d/.test(kind) ? 'fd' : undefined;
}

function lowerList(names: ValueNames, element: WitType): readonly string[] {
	const resolved = withoutAlias(element);
	const memory = names.memory(resolved);
	const format = formatLetters(resolved.kind);
	const lower = lowerPart(names, resolved, 'element', '&elements[i]');
	const first = resolved.kind === 'f64' ? 'first' : '0';
	return [
		...(format === undefined ? [] : ['int done;']),
		'PyObject *sequence;',
		`${memory} *elements;`,
		...(resolved.kind === 'f64' ? ['size_t first;'] : []),
		...(format === undefined
			? []
			: [
					`${call('done = cpybuild_lower_numbers', ['call', 'object', cString(format), `sizeof(${memory})`, 'value'])};`,
					...branch('done != 0', ['return done < 0 ? -1 : 0;']),
				]),
		`${call('sequence = cpybuild_open_list', ['call', 'object', `sizeof(${memory})`, 'value'])};`,
		...branch('sequence == NULL', ['return -1;']),
		'elements = value->ptr;',
		...(resolved.kind === 'f64' ? ['first = cpybuild_lower_floats(sequence, elements, value->len);'] : []),
		`for (size_t i = ${first}; i < value->len; i++) {`,
		...inner([
			'PyObject *element = cpybuild_element(sequence, i, value->len);',
			...branch(`element == NULL\n    || ${callAfter('    || ', lower)} < 0`, [
				'Py_DECREF(sequence);',
				'return cpybuild_at_index(call, i);',
			]),
		]),
		'}',
		'Py_DECREF(sequence);',
		'return 0;',
	];
}

function lowerFields(
	names: ValueNames,
	type: WitType,
	{ kind, fields }: Extract<Form, { readonly kind: 'record' | 'tuple' }>,
): readonly string[] {
	const isTuple = kind === 'tuple';
	const open = isTuple
		? { head: 'cpybuild_open_tuple', items: ['call', 'object', String(fields.length)] }
		: { head: 'cpybuild_open_record', items: ['call', 'object', `&${classOfNamed(names, type)}`] };
	const place = isTuple ? 'index' : 'field';
	return [
		isTuple ? 'size_t index;' : 'const char *field;',
		...(isTuple ? [] : ['PyObject **fields;']),
		...ifNegative(open, ['return -1;']),
		'/* What runs below may drop the last other reference. */',
		'Py_INCREF(object);',
		...(isTuple ? [] : [`fields = ${fieldsMacro(names, type)}(object);`]),
		...fields.flatMap((part, index) => {
			const item = isTuple ? `PyTuple_GET_ITEM(object, ${index})` : `cpybuild_field(fields, ${index})`;
			return [
				`${place} = ${isTuple ? index : cString(part.name)};`,
				...ifNegative(lowerPart(names, part.type, item, `&value->${part.member}`), ['goto failed;']),
			];
		}),
		'Py_DECREF(object);',
		'return 0;',
		'',
		'failed:',
		'Py_DECREF(object);',
		`return cpybuild_at_${place}(call, ${place});`,
	];
}

function lowerOption(names: ValueNames, cases: readonly (Part | undefined)[]): readonly string[] {
	const some = cases[1];
	if (some === undefined) throw new Error('an option has a value');
	const none = [...branch('object == Py_None', ['value->tag = 0;', 'return 0;']), 'value->tag = 1;'];
	const target = `&value->${some.member}`;
	if (formOf(some.type).kind !== 'option') {
		return [...none, `return ${callAfter('return ', lowerPart(names, some.type, 'object', target))};`];
	}
	return [
		...none,
		...branch('cpybuild_open_record(call, object, &cpybuild_some_class) < 0', ['return -1;']),
		...lowerPayload(names, some, 'CPYBUILD_FIELDS', target),
	];
}

/** Lowers the only field of an object, and returns. */
function lowerPayload(names: ValueNames, part: Part, fields: string, target: string): readonly string[] {
	const lower = lowerPart(names, part.type, `cpybuild_field(${fields}(object), 0)`, target);
	return [
		'Py_INCREF(object);',
		...ifNegative(lower, ['Py_DECREF(object);', 'return cpybuild_at_field(call, "value");']),
		'Py_DECREF(object);',
		'return 0;',
	];
}

function lowerVariant(names: ValueNames, type: WitType, cases: readonly (Part | undefined)[]): readonly string[] {
	const isResult = type.kind === 'result';
	const fields = isResult ? 'CPYBUILD_FIELDS' : fieldsMacro(names, type);
	const open = isResult
		? { head: 'cpybuild_open_result', items: ['call', 'object'] }
		: { head: 'cpybuild_open_variant', items: ['call', 'object', `&${classOfNamed(names, type)}`] };
	const nothing = { head: 'cpybuild_lower_nothing', items: ['call', 'cpybuild_field(CPYBUILD_FIELDS(object), 0)'] };
	const payloads = cases.flatMap((part, index) => {
		if (part !== undefined) {
			const lower = lowerPayload(names, part, fields, `&value->${part.member}`);
			return [`case ${index}:`, ...inner(lower)];
		}
		return isResult ? [`case ${index}:`, ...inner([`return ${callAfter('    return ', nothing)};`])] : [];
	});
	return [
		`int tag = ${callAfter('int tag = ', open)};`,
		...branch('tag < 0', ['return -1;']),
		`value->tag = (${tagType(cases)})tag;`,
		...(payloads.length === 0 ? ['return 0;'] : ['switch (tag) {', ...payloads, 'default:', '    return 0;', '}']),
	];
}

function classOfNamed(names: ValueNames, type: WitType): string {
	if (type.kind !== 'named') throw new Error('only definitions have classes');
	return names.classOf(type.definition);
}

function fieldsMacro(names: ValueNames, type: WitType): string {
	if (type.kind !== 'named') throw new Error('only definitions have classes');
	return names.isException(type.definition) ? 'CPYBUILD_ERROR_FIELDS' : 'CPYBUILD_FIELDS';
}
