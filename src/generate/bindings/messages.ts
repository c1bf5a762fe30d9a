import { printType } from '../../wit/print.js';
import type { ResourceDefinition, WitType } from '../../wit/type.js';
import { methodsOf, type Structure } from './structure.js';

/** A type as messages name it: `a row`, `an option<u32>`. */
export function withArticle(type: WitType): string {
	const text = printType(type);
	return `${/^(?:[aeio]|[fs]\d)/.test(text) ? 'an' : 'a'} ${text}`;
}

/** What the host should have given, as messages name it: `a row (object)`. */
export function wantedText(type: WitType, structure: Structure): string {
	const form = formText(structure);
	return form === '' ? withArticle(type) : `${withArticle(type)} (${form})`;
}

function formText(structure: Structure): string {
	switch (structure.kind) {
		case 'numbers':
			return structure.array;
		case 'list':
			return 'array';
		case 'tuple':
			return `array of ${structure.items.length}`;
		case 'record':
		case 'union':
		case 'flags':
			return 'object';
		case 'handle': {
			const methods = methodsOf(structure.resource).map(({ member }) => member);
			return methods.length === 0 ? 'object' : `object with ${methods.join(', ')}`;
		}
		default:
			return '';
	}
}

/** A resource as messages name it, and as the bindings tell it from others: `demo.counter`. */
export function resourceText({ owner, name }: ResourceDefinition): string {
	return `${owner}.${name}`;
}

/** The bit of a flag, as code says it. */
export function flagText(index: number): string {
	return `0x${(2 ** index).toString(16)}`;
}
