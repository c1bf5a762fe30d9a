import { partsOf, partsOfDefinition } from '../wit/parts.js';
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
	return definition.kind === 'resource'
		? definition.functions.flatMap(({ signature }) => signatureDefinitions(signature))
		: partsOfDefinition(definition).flatMap(typeDefinitions);
}

function signatureDefinitions({ params, result }: Signature): readonly Definition[] {
	return [...params.map(({ type }) => type), ...(result === undefined ? [] : [result])].flatMap(typeDefinitions);
}

/** The definitions that a type names itself, not those that they name in turn. */
function typeDefinitions(type: WitType): readonly Definition[] {
	switch (type.kind) {
		case 'named':
			return [type.definition];
		case 'own':
		case 'borrow':
			return [type.resource];
		default:
			return partsOf(type).flatMap(typeDefinitions);
	}
}
