import { withoutAlias } from '../../../wit/parts.js';
import type { Primitive, WitType } from '../../../wit/type.js';
import { isPrimitive } from '../../../wit/types.js';
import { cString } from '../literal.js';
import { prototype } from '../syntax.js';
import type { ValueNames } from './names.js';
import { formOf, type Part } from './parts.js';
import { describeType } from './struct.js';
import { branch, type Call, callAfter, functionText, inner } from './text.js';

/** Makes a Python object of a value in C memory: a call that is NULL when that fails. */
export function liftPart(names: ValueNames, type: WitType, value: string): Call {
	const resolved = withoutAlias(type);
	if (isPrimitive(resolved)) return liftPrimitive(resolved.kind, value);
	if (resolved.kind === 'own') {
		return { head: 'cpybuild_lift_own', items: [`&${names.classOf(resolved.resource)}`, `&${value}`] };
	}
	if (resolved.kind === 'borrow') {
		return { head: 'cpybuild_lift_borrow', items: ['call', `&${names.classOf(resolved.resource)}`, `&${value}`] };
	}
	if (resolved.kind === 'named' && resolved.definition.kind === 'flags') {
		return { head: 'cpybuild_lift_flags', items: [`&${names.classOf(resolved.definition)}`, value] };
	}
	if (resolved.kind === 'named' && resolved.definition.kind === 'enum') {
		return { head: 'cpybuild_lift_enum', items: ['call', `&${names.classOf(resolved.definition)}`, value] };
	}
	return resolved.kind === 'list' && formOf(resolved).kind === 'leaf'
		? { head: 'cpybuild_lift_blob', items: ['call', `&${value}`] }
		: { head: `lift_${names.of(resolved)}`, items: ['call', `&${value}`] };
}

function liftPrimitive(kind: Primitive, value: string): Call {
	switch (kind) {
		case 'bool':
			return { head: 'PyBool_FromLong', items: [`${value} != 0`] };
		case 'u32':
			return { head: 'PyLong_FromUnsignedLong', items: [value] };
		case 's64':
			return { head: 'PyLong_FromLongLong', items: [value] };
		case 'u64':
			return { head: 'PyLong_FromUnsignedLongLong', items: [value] };
		case 'f32':
		case 'f64':
			return { head: 'PyFloat_FromDouble', items: [kind === 'f32' ? `(double)${value}` : value] };
		case 'char':
			return { head: 'cpybuild_lift_char', items: ['call->name', value] };
		case 'string':
			return { head: 'cpybuild_lift_text', items: ['call', `&${value}`] };
		default:
			return { head: 'PyLong_FromLong', items: [value] };
	}
}

/** The C function that lifts values of a type; nothing for types that need none. */
export function liftFunction(names: ValueNames, type: WitType): string {
	const resolved = withoutAlias(type);
	const form = formOf(resolved);
	if (form.kind === 'leaf') return '';
	const head = prototype(`lift_${names.of(resolved)}`, [
		'cpybuild_call *call',
		`const ${names.memory(resolved)} *value`,
	]);
	const body = (): readonly string[] => {
		switch (form.kind) {
			case 'list':
				return liftList(names, resolved, form.element);
			case 'tuple':
				return liftTuple(names, form.fields);
			case 'record':
				return liftRecord(names, resolved, form.fields);
			default:
				return liftVariant(names, resolved, form.cases);
		}
	};
	return functionText(head, 'PyObject *', body());
}

/** Typecodes of the module array, as they are where Python runs. */
const typecodes: Readonly<Record<string, string>> = {
	s8: 'b',
	s16: 'h',
	s32: 'i',
	s64: 'q',
	u16: 'H',
	u32: 'I',
	u64: 'Q',
	f32: 'f',
	f64: 'd',
};

function liftList(names: ValueNames, type: WitType, element: WitType): readonly string[] {
	const resolved = withoutAlias(element);
	const memory = names.memory(resolved);
	const typecode = typecodes[resolved.kind];
	const shown = cString(describeType(type));
	if (typecode !== undefined) {
		const items = ['call', 'value', `sizeof(${memory})`, cString(typecode), shown];
		return [`return ${callAfter('return ', { head: 'cpybuild_lift_numbers', items })};`];
	}
	const open = {
		head: 'cpybuild_open_received',
		items: ['call', 'value', `sizeof(${memory})`, `_Alignof(${memory})`, shown],
	};
	const lift = liftPart(names, resolved, 'elements[i]');
	return [
		`const ${memory} *elements;`,
		'PyObject *list;',
		`elements = ${callAfter('elements = ', open)};`,
		...branch('elements == NULL', ['return NULL;']),
		'list = PyList_New((Py_ssize_t)value->len);',
		...branch('list == NULL', ['return NULL;']),
		'for (size_t i = 0; i < value->len; i++) {',
		...inner([
			`PyObject *element = ${callAfter('PyObject *element = ', lift)};`,
			...branch('element == NULL', ['Py_DECREF(list);', 'cpybuild_at_index(call, i);', 'return NULL;']),
			'PyList_SET_ITEM(list, (Py_ssize_t)i, element);',
		]),
		'}',
		'return list;',
	];
}

function liftTuple(names: ValueNames, fields: readonly Part[]): readonly string[] {
	return [
		`PyObject *tuple = PyTuple_New(${fields.length});`,
		'PyObject *item;',
		'size_t index;',
		...branch('tuple == NULL', ['return NULL;']),
		...fields.flatMap((part, index) => [
			`index = ${index};`,
			`item = ${callAfter('item = ', liftPart(names, part.type, `value->${part.member}`))};`,
			...branch('item == NULL', ['goto failed;']),
			`PyTuple_SET_ITEM(tuple, ${index}, item);`,
		]),
		'return tuple;',
		'',
		'failed:',
		'Py_DECREF(tuple);',
		'cpybuild_at_index(call, index);',
		'return NULL;',
	];
}

function liftRecord(names: ValueNames, type: WitType, fields: readonly Part[]): readonly string[] {
	if (type.kind !== 'named') throw new Error('only definitions have classes');
	const isException = names.isException(type.definition);
	return [
		`PyObject *record = cpybuild_new_record(&${names.classOf(type.definition)});`,
		'PyObject **fields;',
		'const char *field;',
		...branch('record == NULL', ['return NULL;']),
		`fields = ${isException ? 'CPYBUILD_ERROR_FIELDS' : 'CPYBUILD_FIELDS'}(record);`,
		...fields.flatMap((part, index) => [
			`field = ${cString(part.name)};`,
			`fields[${index}] = ${callAfter(`fields[${index}] = `, liftPart(names, part.type, `value->${part.member}`))};`,
			...branch(`fields[${index}] == NULL`, ['goto failed;']),
		]),
		...(isException ? [] : ['PyObject_GC_Track(record);']),
		'return record;',
		'',
		'failed:',
		'cpybuild_at_field(call, field);',
		'Py_DECREF(record);',
		'return NULL;',
	];
}

function liftVariant(names: ValueNames, type: WitType, cases: readonly (Part | undefined)[]): readonly string[] {
	const classes = type.kind === 'named' ? `${names.classOf(type.definition)}.cases` : '';
	const classOf = (tag: number | string): string => {
		if (type.kind === 'option') return '&cpybuild_some_class';
		if (type.kind === 'result') return tag === 0 ? '&cpybuild_ok_class' : '&cpybuild_err_class';
		return `&${classes}[${tag}]`;
	};
	const isWrapped = type.kind !== 'option' || cases.some((part) => part && formOf(part.type).kind === 'option');
	const hasPayload = isWrapped && cases.some((part) => part !== undefined);
	const lifted = cases.flatMap((part, tag) => {
		const statements =
			part === undefined
				? [liftNothing(type, classOf(tag))]
				: [
						`${hasPayload ? 'payload =' : 'return'} ${callAfter('payload = ', liftPart(names, part.type, `value->${part.member}`))};`,
					];
		return [`case ${tag}:`, ...inner([...statements, ...(part !== undefined && hasPayload ? ['break;'] : [])])];
	});
	const name = type.kind === 'named' ? type.definition.name : describeType(type);
	const wrapped =
		type.kind === 'result' ? 'value->tag == 0 ? &cpybuild_ok_class : &cpybuild_err_class' : classOf('value->tag');
	return [
		...(hasPayload ? ['PyObject *payload;'] : []),
		'switch (value->tag) {',
		...lifted,
		'default:',
		`    return cpybuild_refuse_value(call, ${cString(name)});`,
		'}',
		...(hasPayload
			? [`return ${callAfter('return ', { head: 'cpybuild_lift_case', items: ['call', wrapped, 'payload'] })};`]
			: []),
	];
}

/** A case without a payload. */
function liftNothing(type: WitType, classOf: string): string {
	if (type.kind === 'option') return 'return Py_NewRef(Py_None);';
	return type.kind === 'result'
		? `return cpybuild_new_case(${classOf}, Py_NewRef(Py_None));`
		: `return cpybuild_new_empty_case(${classOf});`;
}
