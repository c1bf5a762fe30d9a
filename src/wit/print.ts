import { witText } from './name.js';
import type { Signature, WitType } from './type.js';

/** The canonical WIT text of a signature: `func(max-bytes: u32) -> list<u8>`. */
export function printSignature({ params, result }: Signature): string {
	const list = params.map(({ name, type }) => `${witText(name)}: ${printType(type)}`).join(', ');
	return `func(${list})${result === undefined ? '' : ` -> ${printType(result)}`}`;
}

/** The WIT text of a type, definitions by their names. */
export function printType(type: WitType): string {
	switch (type.kind) {
		case 'list':
			return `list<${printType(type.element)}>`;
		case 'tuple':
			return `tuple<${type.items.map(printType).join(', ')}>`;
		case 'option':
			return `option<${printType(type.some)}>`;
		case 'result':
			return printResult(type);
		case 'named':
			return witText(type.definition.name);
		case 'own':
			return witText(type.resource.name);
		case 'borrow':
			return `borrow<${witText(type.resource.name)}>`;
		default:
			return type.kind;
	}
}

function printResult({ ok, err }: Extract<WitType, { readonly kind: 'result' }>): string {
	if (err === undefined) return ok === undefined ? 'result' : `result<${printType(ok)}>`;
	return `result<${ok === undefined ? '_' : printType(ok)}, ${printType(err)}>`;
}
