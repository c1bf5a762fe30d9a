import type { ResourceDefinition, TypeDefinition } from '../../wit/type.js';
import { propertyKey, quote } from './names.js';
import { type Member, structureOf } from './structure.js';
import { block, docComment, indent } from './text.js';
import type { Definition, TypeNames } from './type-names.js';
import { caseText, structureText, typeText } from './type-text.js';

/** The TypeScript type of a definition, exported. */
export function printDefinition(definition: TypeDefinition, names: TypeNames): string[] {
	const name = names.ofDefinition(definition);
	const doc = docComment(definitionDoc(definition));
	if (definition.kind === 'alias') return [...doc, `export type ${name} = ${typeText(definition.type, names)};`];
	const type = { kind: 'named', definition } as const;
	const structure = structureOf(type);
	switch (structure.kind) {
		case 'record':
			return [
				...doc,
				...block(
					`export interface ${name}`,
					structure.fields.flatMap((one) => property(one, names)),
				),
			];
		case 'flags': {
			const flags = structure.flags.flatMap((flag) => [
				...docOf(flag),
				`readonly ${propertyKey(flag.member)}?: boolean | undefined;`,
			]);
			return [...doc, ...block(`export interface ${name}`, flags)];
		}
		case 'union':
			return [...doc, ...union(name, structure.cases, (one) => caseText(one, names))];
		case 'enum':
			return [...doc, ...union(name, structure.labels, (label) => quote(label.name))];
		default:
			return [...doc, `export type ${name} = ${structureText(type, names)};`];
	}
}

/** The paragraphs that tell what a definition is. */
export function definitionDoc({ kind, name, owner, doc }: Definition): string[] {
	const origin = `${kind === 'alias' ? 'Type' : capitalized(kind)} \`${name}\` of \`${owner}\`.`;
	return doc === undefined ? [origin] : [doc, origin];
}

/** The interface of a resource's objects, or that of its class. */
export function printResource(
	definition: ResourceDefinition,
	names: TypeNames,
	methods: readonly string[],
	statics: readonly string[],
): string[] {
	const name = names.ofDefinition(definition);
	const doc = docComment([
		...definitionDoc(definition),
		'Python holds objects of it by handles. When it has dropped one, its method `[Symbol.dispose]` is called if there is one.',
	]);
	const objects = methods.length === 0 ? [`export type ${name} = object;`] : block(`export interface ${name}`, methods);
	const classes = [
		'',
		...docComment([`The class of \`${name}\`.`]),
		...block(`export interface ${names.ofClass(definition)}`, statics),
	];
	return [...doc, ...objects, ...(statics.length === 0 ? [] : classes)];
}

function property({ member, type, doc }: Member, names: TypeNames): string[] {
	const optional = structureOf(type).kind === 'option' ? '?' : '';
	return [
		...(doc === undefined ? [] : docComment([doc])),
		`readonly ${propertyKey(member)}${optional}: ${typeText(type, names)};`,
	];
}

function union<T extends { readonly doc?: string }>(
	name: string,
	all: readonly T[],
	text: (one: T) => string,
): string[] {
	const members = all.flatMap((one, index) => [...docOf(one), `| ${text(one)}${index === all.length - 1 ? ';' : ''}`]);
	return [`export type ${name} =`, ...indent(members)];
}

function docOf({ doc }: { readonly doc?: string }): string[] {
	return doc === undefined ? [] : docComment([doc]);
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
