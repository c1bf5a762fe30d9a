import { witText } from './name.js';
import type { ResourceDefinition, Signature, TypeDefinition, WitType } from './type.js';

/** The text that stands for a definition. */
export type NameOf = (definition: TypeDefinition | ResourceDefinition) => string;

const ownName: NameOf = ({ name }) => witText(name);

/** The canonical WIT text of a signature: `func(max-bytes: u32) -> list<u8>`. */
export function printSignature({ params, result, isAsync }: Signature, nameOf: NameOf = ownName): string {
	const list = params.map(({ name, type }) => `${witText(name)}: ${printType(type, nameOf)}`).join(', ');
	return `${isAsync === true ? 'async ' : ''}func(${list})${result === undefined ? '' : ` -> ${printType(result, nameOf)}`}`;
}

/** The WIT text of a type, definitions by their names. */
export function printType(type: WitType, nameOf: NameOf = ownName): string {
	const print = (part: WitType): string => printType(part, nameOf);
	switch (type.kind) {
		case 'list':
			return `list<${print(type.element)}>`;
		case 'tuple':
			return `tuple<${type.items.map(print).join(', ')}>`;
		case 'option':
			return `option<${print(type.some)}>`;
		case 'result':
			return printResult(type, print);
		case 'named':
			return nameOf(type.definition);
		case 'own':
			return nameOf(type.resource);
		case 'borrow':
			return `borrow<${nameOf(type.resource)}>`;
		default:
			return type.kind;
	}
}

function printResult(
	{ ok, err }: Extract<WitType, { readonly kind: 'result' }>,
	print: (type: WitType) => string,
): string {
	if (err === undefined) return ok === undefined ? 'result' : `result<${print(ok)}>`;
	return `result<${ok === undefined ? '_' : print(ok)}, ${print(err)}>`;
}
