import { witText } from './name.js';
import type { Signature, WitType } from './signature.js';

/** The canonical WIT text of a signature: `func(max-bytes: u32) -> list<u8>`. */
export function printSignature({ params, result }: Signature): string {
	const list = params.map(({ name, type }) => `${witText(name)}: ${printType(type)}`).join(', ');
	return `func(${list})${result === undefined ? '' : ` -> ${printType(result)}`}`;
}

/** The WIT text of a type. */
export function printType(type: WitType): string {
	return type.kind === 'list' ? `list<${printType(type.element)}>` : type.kind;
}
