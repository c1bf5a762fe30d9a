import type { ResourceDefinition, Signature, TypeDefinition, WitType } from '../wit/type.js';
import type { OutlinedInterface } from './outline.js';

/** A definition of any kind. */
export type Definition = TypeDefinition | ResourceDefinition;

/** The definitions that an interface names, in the order in which it does so first. */
export function definitionsUsedBy({ types, functions }: OutlinedInterface): ReadonlySet<Definition> {
	return new Set([
		...types.flatMap(definitionsNamedBy),
		...functions.flatMap(({ function: one }) => signatureDefinitions(one.signature)),
	]);
}

function definitionsNamedBy(definition: Definition): readonly Definition[] {
	switch (definition.kind) {
		case 'record':
			return definition.fields.flatMap(({ type }) => typeDefinitions(type));
		case 'variant':
			return definition.cases.flatMap(({ type }) => (type === undefined ? [] : typeDefinitions(type)));
		case 'alias':
			return typeDefinitions(definition.type);
		case 'resource':
			return definition.functions.flatMap(({ signature }) => signatureDefinitions(signature));
		case 'enum':
		case 'flags':
			return [];
	}
}

function signatureDefinitions({ params, result }: Signature): readonly Definition[] {
	return [...params.map(({ type }) => type), ...(result === undefined ? [] : [result])].flatMap(typeDefinitions);
}

function typeDefinitions(type: WitType): readonly Definition[] {
	switch (type.kind) {
		case 'list':
			return typeDefinitions(type.element);
		case 'tuple':
			return type.items.flatMap(typeDefinitions);
		case 'option':
			return typeDefinitions(type.some);
		case 'result':
			return [type.ok, type.err].flatMap((one) => (one === undefined ? [] : typeDefinitions(one)));
		case 'named':
			return [type.definition];
		case 'own':
		case 'borrow':
			return [type.resource];
		default:
			return [];
	}
}
