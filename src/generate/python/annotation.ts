import { printType } from '../../wit/print.js';
import type { WitType } from '../../wit/type.js';

/** The annotations of a type in stub files, as names of builtins. */
export interface Annotation {
	/** What a function takes. */
	readonly parameter: readonly string[];
	/** What it gives. */
	readonly result: string;
}

/** How stub files annotate a WIT type. */
export function annotationOf(type: WitType): Annotation {
	switch (type.kind) {
		case 'bool':
			return plain('bool');
		case 's8':
		case 's16':
		case 's32':
		case 's64':
		case 'u8':
		case 'u16':
		case 'u32':
		case 'u64':
			return plain('int');
		case 'f32':
		case 'f64':
			return plain('float');
		case 'char':
		case 'string':
			return plain('str');
		case 'list':
			if (type.element.kind === 'u8') return { parameter: ['bytes', 'bytearray', 'memoryview'], result: 'bytes' };
			break;
		default:
	}
	throw new Error(`stub files carry no ${printType(type)}`);
}

function plain(builtin: string): Annotation {
	return { parameter: [builtin], result: builtin };
}
