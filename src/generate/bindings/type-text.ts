import type { WitType } from '../../wit/type.js';
import { quote } from './names.js';
import { structureOf, type UnionCase } from './structure.js';
import type { TypeNames } from './type-names.js';
import { primitiveForm } from './values.js';

/** The TypeScript type of a WIT type; definitions and aliases by their names. */
export function typeText(type: WitType, names: TypeNames): string {
	return type.kind === 'named' ? names.ofDefinition(type.definition) : structureText(type, names);
}

/** The same, written out where it has a name. */
export function structureText(type: WitType, names: TypeNames): string {
	const text = (part: WitType): string => typeText(part, names);
	const structure = structureOf(type);
	switch (structure.kind) {
		case 'primitive':
			return primitiveForm(structure.primitive).type;
		case 'numbers':
			return structure.array;
		case 'list':
			return `readonly ${bracketed(text(structure.element))}[]`;
		case 'tuple':
			return `readonly [${structure.items.map(text).join(', ')}]`;
		case 'option':
			return `${text(structure.some)} | undefined`;
		case 'union':
			return structure.cases.map((one) => caseText(one, names)).join(' | ');
		case 'enum':
			return structure.labels.map(({ name }) => quote(name)).join(' | ');
		case 'handle':
			return names.ofDefinition(structure.resource);
		case 'record':
		case 'flags':
			throw new Error(`a ${structure.kind} has no type without a name`);
	}
}

/** The TypeScript type of a case of a union. */
export function caseText({ tag, type }: UnionCase, names: TypeNames): string {
	const payload = type === undefined ? '' : `; readonly val: ${typeText(type, names)}`;
	return `{ readonly tag: ${quote(tag)}${payload} }`;
}

/** A type in brackets if it has several words, to stand before `[]`. */
export function bracketed(text: string): string {
	return text.includes(' ') ? `(${text})` : text;
}
