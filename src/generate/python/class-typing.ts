import { pythonClass, pythonMember, pythonVariable } from '../../manifest/python-spelling.js';
import type {
	Case,
	EnumDefinition,
	FlagsDefinition,
	RecordDefinition,
	ResourceDefinition,
	ResourceFunction,
	TypeDefinition,
	VariantDefinition,
	WitType,
} from '../../wit/type.js';
import { indent } from '../template.js';
import { annotate, baseName, localName, type Spelling, unionName } from './annotation.js';
import { type PayloadError, payloadDoc, type RaisedErrors } from './errors.js';
import { answerTyping, definition as functionDefinition } from './function-typing.js';
import { pythonDocString } from './literal.js';

/** The class of a definition, and what type checkers need besides; an alias stands for its type everywhere. */
export function classTyping(
	definition: TypeDefinition | ResourceDefinition,
	{ isException }: RaisedErrors,
	spelling: Spelling,
): readonly string[] {
	switch (definition.kind) {
		case 'record':
			return [recordTyping(definition, isException(definition), spelling)];
		case 'variant':
			return variantTyping(definition, isException(definition), spelling);
		case 'enum':
		case 'flags':
			return [enumTyping(definition, spelling)];
		case 'resource':
			return [resourceTyping(definition, spelling)];
		case 'alias':
			return [];
	}
}

/** An exception that carries a payload. */
export function payloadErrorTyping(error: PayloadError, spelling: Spelling): readonly string[] {
	const fields = [{ name: 'payload', type: error.payload }];
	return [
		final(classText(`${error.name}(Exception)`, payloadDoc(error), fieldTypings(fields, spelling, false)), spelling),
	];
}

interface FieldTyping {
	readonly name: string;
	/** Absent when the value is None. */
	readonly type: WitType | undefined;
}

function recordTyping(definition: RecordDefinition, isException: boolean, spelling: Spelling): string {
	const fields = definition.fields.map(({ name, type }) => ({ name: pythonVariable(name), type }));
	const head = isException ? `${localName(definition)}(Exception)` : localName(definition);
	return final(classText(head, definition.doc, fieldTypings(fields, spelling, isException)), spelling);
}

function variantTyping(definition: VariantDefinition, isException: boolean, spelling: Spelling): readonly string[] {
	const name = localName(definition);
	const alias = spelling.imported('typing', 'TypeAlias');
	// Within the class, the name of the variant may mean a case.
	const isHidden = definition.cases.some((one) => pythonClass(one.name) === name);
	const base = isHidden ? baseName(name) : name;
	const cases = definition.cases.map((one) => caseTyping(one, base, isException, spelling));
	return [
		classText(isException ? `${name}(Exception)` : name, definition.doc, [
			noInstances(spelling),
			...(isException ? [payloadTyping(spelling)] : []),
			...cases,
		]),
		...(isHidden ? [`${base}: ${alias} = ${name}`] : []),
		`${unionName(name)}: ${alias} = ${definition.cases.map((one) => `${name}.${pythonClass(one.name)}`).join(' | ')}`,
	];
}

function caseTyping({ name, type, doc }: Case, variant: string, isException: boolean, spelling: Spelling): string {
	const fields = type === undefined ? [] : [{ name: 'value', type }];
	return final(
		classText(`${pythonClass(name)}(${variant})`, doc, fieldTypings(fields, spelling, isException)),
		spelling,
	);
}

/** The members of a class of fields. */
function fieldTypings(fields: readonly FieldTyping[], spelling: Spelling, hasPayload: boolean): readonly string[] {
	const annotated = (type: WitType | undefined, direction: 'given' | 'received') =>
		type === undefined ? 'None' : annotate(type, direction, spelling);
	const names = fields.map(({ name }) => `"${name}"`).join(', ');
	const parameters = fields.map(
		({ name, type }) => `${name}: ${annotated(type, 'given')}${type === undefined ? ' = None' : ''}`,
	);
	const overrides = (name: string) => (hasPayload && exceptionMembers.has(name) ? '  # type: ignore' : '');
	return [
		`__match_args__ = (${names}${fields.length === 1 ? ',' : ''})`,
		...fields.map(({ name, type }) => `${name}: ${annotated(type, 'received')}${overrides(name)}`),
		...(hasPayload && !fields.some(({ name }) => name === 'payload') ? [payloadTyping(spelling)] : []),
		`def __init__(${['self', ...parameters].join(', ')}) -> None: ...`,
		`def __eq__(self, other: ${spelling.builtin('object')}, /) -> ${spelling.builtin('bool')}: ...`,
		`__hash__: ${spelling.imported('typing', 'ClassVar')}[None]  # type: ignore[assignment]`,
	];
}

/** What every exception has already. */
const exceptionMembers: ReadonlySet<string> = new Set(['args', 'add_note', 'with_traceback']);

function payloadTyping(spelling: Spelling): string {
	return `@property\ndef payload(self) -> ${spelling.imported('typing', 'Self')}: ...`;
}

function enumTyping(definition: EnumDefinition | FlagsDefinition, spelling: Spelling): string {
	const isFlags = definition.kind === 'flags';
	const labels = isFlags ? definition.flags : definition.cases;
	const base = spelling.imported('enum', isFlags ? 'Flag' : 'Enum');
	return classText(
		`${localName(definition)}(${base})`,
		definition.doc,
		labels.map(({ name }, index) => `${pythonMember(name)} = ${isFlags ? 2 ** index : index}`),
	);
}

function resourceTyping(definition: ResourceDefinition, spelling: Spelling): string {
	const self = spelling.imported('typing', 'Self');
	const object = spelling.builtin('object');
	const hasConstructor = definition.functions.some(({ kind }) => kind === 'constructor');
	return final(
		classText(localName(definition), definition.doc, [
			...(hasConstructor ? [] : [noInstances(spelling)]),
			...definition.functions.map((one) => resourceFunctionTyping(one, spelling)),
			`def __enter__(self) -> ${self}: ...`,
			`def __exit__(self, *args: ${object}) -> None: ...`,
		]),
		spelling,
	);
}

function resourceFunctionTyping({ kind, name, signature, doc }: ResourceFunction, spelling: Spelling): string {
	const params = signature.params
		.slice(kind === 'method' ? 1 : 0)
		.map((param) => `${pythonVariable(param.name)}: ${annotate(param.type, 'given', spelling)}`);
	const answer = answerTyping(signature, spelling);
	switch (kind) {
		case 'constructor':
			return `def __init__(${['self', ...params].join(', ')}) -> None: ...`;
		case 'method':
			return functionDefinition(`def ${pythonVariable(name)}(${['self', ...params].join(', ')}) -> ${answer}:`, doc);
		case 'static':
			return `@staticmethod\n${functionDefinition(`def ${pythonVariable(name)}(${params.join(', ')}) -> ${answer}:`, doc)}`;
	}
}

/** Programs cannot make instances of some classes. */
function noInstances(spelling: Spelling): string {
	return `def __init__(self, never: ${spelling.imported('typing', 'Never')}, /) -> None: ...`;
}

function final(text: string, spelling: Spelling): string {
	return `@${spelling.imported('typing', 'final')}\n${text}`;
}

function classText(head: string, doc: string | undefined, members: readonly string[]): string {
	const body = [...(doc === undefined ? [] : [pythonDocString(doc)]), ...members];
	return `class ${head}:\n${indent(body.join('\n') || '...', '    ')}`;
}
