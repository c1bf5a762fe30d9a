import { pythonClass, pythonMember, pythonVariable } from '../../../manifest/python-spelling.js';
import type {
	EnumDefinition,
	FlagsDefinition,
	RecordDefinition,
	ResourceDefinition,
	TypeDefinition,
	VariantDefinition,
} from '../../../wit/type.js';
import { type PayloadError, payloadDoc } from '../../python/errors.js';
import { indent } from '../../template.js';
import { cLines, cString, withoutNul } from '../literal.js';
import { wrapNames } from '../parameters.js';
import { call } from '../syntax.js';
import type { ValueNames } from './names.js';

/** What a module has for a definition: the C variable that describes its class, and how the class is made. */
export interface ClassText {
	readonly text: string;
	/** Head of the call that adds the class to `module`; its last argument follows. */
	readonly add: string;
}

/** The C type of the variable that describes a definition's class; an alias has none. */
export function classVariableType({ kind }: TypeDefinition | ResourceDefinition): string | undefined {
	switch (kind) {
		case 'record':
			return 'cpybuild_class';
		case 'variant':
			return 'cpybuild_variant';
		case 'enum':
		case 'flags':
			return 'cpybuild_enum';
		case 'resource':
			return 'cpybuild_resource_class';
		case 'alias':
			return undefined;
	}
}

/** Describes the class of a definition; resources, which have functions, are described with those. */
export function definitionClass(names: ValueNames, definition: TypeDefinition): ClassText | undefined {
	switch (definition.kind) {
		case 'record':
			return recordClass(names, definition);
		case 'variant':
			return variantClass(names, definition);
		case 'enum':
		case 'flags':
			return enumClass(names, definition);
		case 'alias':
			return undefined;
	}
}

/** Describes an exception class that carries a payload. */
export function payloadClass(variable: string, error: PayloadError): ClassText {
	const { owner, name, payload } = error;
	// An error that says nothing can be raised by its class alone.
	const signature = payload === undefined ? `${name}(payload=None)` : `${name}(payload)`;
	const doc = { name: `${variable}_doc`, text: `${signature}\n--\n\n${payloadDoc(error)}` };
	const fields = classFields({
		owner,
		path: name,
		fields: `${variable}_fields`,
		count: 1,
		required: payload === undefined ? 0 : 1,
		doc: doc.name,
		error: true,
		positional: true,
	});
	const text = [
		docVariable(doc),
		fieldNames(`${variable}_fields`, ['payload']),
		`cpybuild_class ${variable} = {\n${indent(fields, '    ')}\n};`,
	].join('\n');
	return { text: `\n${text}\n`, add: `cpybuild_add_class(module, &${variable})` };
}

function recordClass(names: ValueNames, definition: RecordDefinition): ClassText {
	const variable = names.classOf(definition);
	const fields = definition.fields.map(({ name }) => pythonVariable(name));
	const name = pythonClass(definition.name);
	const notes = definition.fields.flatMap(({ name, doc }) =>
		doc === undefined ? [] : [`${pythonVariable(name)}: ${doc}`],
	);
	const doc = {
		name: `${variable}_doc`,
		text: `${name}(${fields.join(', ')})\n--\n\n${[definition.doc, notes.join('\n')].filter(Boolean).join('\n\n')}`,
	};
	const text = [
		docVariable(doc),
		fieldNames(`${variable}_fields`, fields),
		`cpybuild_class ${variable} = {\n${indent(
			classFields({
				owner: definition.owner,
				path: name,
				fields: `${variable}_fields`,
				count: fields.length,
				doc: doc.name,
				error: names.isException(definition),
				positional: false,
			}),
			'    ',
		)}\n};`,
	].join('\n');
	return { text: `\n${text}\n`, add: `cpybuild_add_class(module, &${variable})` };
}

function variantClass(names: ValueNames, definition: VariantDefinition): ClassText {
	const variable = names.classOf(definition);
	const name = pythonClass(definition.name);
	const error = names.isException(definition);
	const cases = definition.cases.map((one, index) => {
		const path = `${name}.${pythonClass(one.name)}`;
		const fields = one.type === undefined ? [] : ['value'];
		const doc = {
			name: `${variable}_doc_${index}`,
			text: `${pythonClass(one.name)}(${fields.join('')})\n--\n\n${one.doc ?? ''}`,
		};
		return {
			doc: docVariable(doc),
			text: classFields({
				owner: definition.owner,
				path,
				fields: one.type === undefined ? 'NULL' : `${variable}_fields`,
				count: fields.length,
				doc: doc.name,
				error,
				positional: true,
			}),
		};
	});
	const doc = definition.doc === undefined ? [] : [docVariable({ name: `${variable}_doc`, text: definition.doc })];
	const text = [
		...doc,
		...cases.map((one) => one.doc),
		...(definition.cases.some(({ type }) => type !== undefined) ? [fieldNames(`${variable}_fields`, ['value'])] : []),
		`static cpybuild_class ${variable}_cases[] = {\n${cases.map((one) => `    {\n${indent(one.text, '        ')}\n    },`).join('\n')}\n};`,
		`cpybuild_variant ${variable} = {\n${indent(
			items([
				cString(`${definition.owner}.${name}`),
				String(Buffer.byteLength(definition.owner)),
				doc.length === 0 ? 'NULL' : `${variable}_doc`,
				String(error),
				`${variable}_cases`,
				String(cases.length),
				'NULL',
			]),
			'    ',
		)}\n};`,
	].join('\n');
	return { text: `\n${text}\n`, add: `cpybuild_add_variant(module, &${variable})` };
}

function enumClass(names: ValueNames, definition: EnumDefinition | FlagsDefinition): ClassText {
	const variable = names.classOf(definition);
	const isFlags = definition.kind === 'flags';
	const labels = isFlags ? definition.flags : definition.cases;
	const doc = definition.doc === undefined ? [] : [docVariable({ name: `${variable}_doc`, text: definition.doc })];
	const text = [
		...doc,
		fieldNames(
			`${variable}_labels`,
			labels.map(({ name }) => pythonMember(name)),
		),
		...(isFlags ? [] : [`static PyObject *${variable}_members[${labels.length}];`]),
		`cpybuild_enum ${variable} = {\n${indent(
			items([
				cString(`${definition.owner}.${pythonClass(definition.name)}`),
				String(Buffer.byteLength(definition.owner)),
				doc.length === 0 ? 'NULL' : `${variable}_doc`,
				`${variable}_labels`,
				String(labels.length),
				String(isFlags),
				'NULL',
				isFlags ? 'NULL' : `${variable}_members`,
				'NULL',
			]),
			'    ',
		)}\n};`,
	].join('\n');
	return { text: `\n${text}\n`, add: `cpybuild_add_enum(module, &${variable})` };
}

/** The members of a `cpybuild_class`. */
function classFields(one: {
	readonly owner: string;
	/** Within the module: `Shape.Circle`. */
	readonly path: string;
	readonly fields: string;
	readonly count: number;
	/** How many arguments its constructor needs; default: all. */
	readonly required?: number;
	readonly doc: string;
	readonly error: boolean;
	readonly positional: boolean;
}): string {
	return `CPYBUILD_CLASS_METHODS,\n{${cString(one.path)}, ${one.fields}, ${one.count}, ${one.required ?? one.count}},\n${items(
		[
			cString(`${one.owner}.${one.path}`),
			String(Buffer.byteLength(one.owner)),
			one.doc,
			String(one.error),
			String(one.positional),
			'0',
			'NULL',
		],
	)}`;
}

/** Initializers, broken into lines. */
function items(list: readonly string[]): string {
	return call('', list).slice(1, -1).replaceAll(/\n +/g, '\n');
}

function docVariable({ name, text }: { readonly name: string; readonly text: string }): string {
	return `PyDoc_STRVAR(${name},\n${cLines(withoutNul(text))});`;
}

function fieldNames(variable: string, list: readonly string[]): string {
	return list.length === 0
		? `static const char *const ${variable}[1] = {NULL};`
		: `static const char *const ${variable}[] = {\n${wrapNames(list)}\n};`;
}
