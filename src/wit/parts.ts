import type { Signature, TypeDefinition, WitType } from './type.js';

/** The type that a type is when no alias names it. */
export function withoutAlias(type: WitType): WitType {
	return type.kind === 'named' && type.definition.kind === 'alias' ? withoutAlias(type.definition.type) : type;
}

/** The `result` that a function gives, whose error is raised or thrown; undefined where it gives no such, or nothing. */
export function fallibleOf({ result }: Signature): Extract<WitType, { readonly kind: 'result' }> | undefined {
	const plain = result && withoutAlias(result);
	return plain?.kind === 'result' ? plain : undefined;
}

/** The types that a type is directly made of, those of its definition included. A resource has none. */
export function partsOf(type: WitType): readonly WitType[] {
	switch (type.kind) {
		case 'list':
			return [type.element];
		case 'tuple':
			return type.items;
		case 'option':
			return [type.some];
		case 'result':
			return [type.ok, type.err].filter((part) => part !== undefined);
		case 'named':
			return partsOfDefinition(type.definition);
		default:
			return [];
	}
}

/** The types that a definition is directly made of. */
export function partsOfDefinition(definition: TypeDefinition): readonly WitType[] {
	switch (definition.kind) {
		case 'record':
			return definition.fields.map(({ type }) => type);
		case 'variant':
			return definition.cases.flatMap(({ type }) => type ?? []);
		case 'alias':
			return [definition.type];
		default:
			return [];
	}
}

/** Whether a type, or one that it is made of, however deep, is such a one. */
export function containsType(type: WitType, isSuch: (part: WitType) => boolean): boolean {
	return isSuch(type) || partsOf(type).some((part) => containsType(part, isSuch));
}
