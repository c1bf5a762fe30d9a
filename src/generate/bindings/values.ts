import { printType } from '../../wit/print.js';
import type { Primitive, WitType } from '../../wit/type.js';
import { isPrimitive } from '../../wit/types.js';

/** How TypeScript sees values of a WIT type, and how they are lifted and lowered. Expressions are source text. */
export interface ValueForm {
	/** The TypeScript type. */
	readonly type: string;
	/** Lifts core values; `name` is the function's name as a literal. */
	readonly lift: (core: readonly string[], name: string) => string;
	/** The `DataView` method that reads the type's core value from memory; pairs are read as two `getUint32`. */
	readonly get: string;
	readonly lower: Lowering;
}

/** How a result goes back to the guest. */
export type Lowering =
	/** A helper writes it to the return area. */
	| { readonly kind: 'area'; readonly helper: string }
	/** A helper gives the core value, and raises by itself. */
	| { readonly kind: 'helper'; readonly helper: string }
	/** An expression over `result`, taken when a check over `result` holds; else `reject` is told what was wanted. */
	| {
			readonly kind: 'inline';
			readonly check: string;
			readonly value: string;
			readonly wanted: string;
			/** The JavaScript type of the numbers that may be out of range. */
			readonly numbers?: 'number' | 'bigint';
	  };

/** The form of an integer of up to 32 bits; `wrap` gives the nearest value of the type to a number. */
function small(kind: string, article: string, get: string, wrap: (value: string) => string, lift = wrap): ValueForm {
	return {
		type: 'number',
		get,
		lift: ([value = '']) => lift(value),
		lower: {
			kind: 'inline',
			check: `typeof result === 'number' && (${wrap('result')}) === result`,
			value: 'result',
			wanted: `${article} ${kind}`,
			numbers: 'number',
		},
	};
}

/** The form of a 64-bit integer. */
function big(kind: string, article: string, get: string, wrap: string, lift: (value: string) => string): ValueForm {
	return {
		type: 'bigint',
		get,
		lift: ([value = '']) => lift(value),
		lower: {
			kind: 'inline',
			check: `typeof result === 'bigint' && ${wrap}(64, result) === result`,
			value: 'result',
			wanted: `${article} ${kind} (bigint)`,
			numbers: 'bigint',
		},
	};
}

const same = (value: string): string => value;

const primitiveForms: Readonly<Record<Primitive, ValueForm>> = {
	bool: {
		type: 'boolean',
		get: 'getUint8',
		lift: ([value = '']) => `${value} !== 0`,
		lower: {
			kind: 'inline',
			check: `typeof result === 'boolean'`,
			value: 'result ? 1 : 0',
			wanted: 'a bool (boolean)',
		},
	},
	s8: small('s8', 'an', 'getInt8', (value) => `(${value} << 24) >> 24`),
	s16: small('s16', 'an', 'getInt16', (value) => `(${value} << 16) >> 16`),
	s32: small('s32', 'an', 'getInt32', (value) => `${value} | 0`, same),
	u8: small('u8', 'a', 'getUint8', (value) => `${value} & 0xff`),
	u16: small('u16', 'a', 'getUint16', (value) => `${value} & 0xffff`),
	u32: small('u32', 'a', 'getUint32', (value) => `${value} >>> 0`),
	s64: big('s64', 'an', 'getBigInt64', 'BigInt.asIntN', same),
	u64: big('u64', 'a', 'getBigUint64', 'BigInt.asUintN', (value) => `BigInt.asUintN(64, ${value})`),
	f32: {
		type: 'number',
		get: 'getFloat32',
		lift: ([value = '']) => value,
		lower: {
			kind: 'inline',
			// A finite number may round to infinity, an infinite one is what it is.
			check: `typeof result === 'number' && (Number.isFinite(Math.fround(result)) || !Number.isFinite(result))`,
			value: 'Math.fround(result)',
			wanted: 'an f32 (number)',
			numbers: 'number',
		},
	},
	f64: {
		type: 'number',
		get: 'getFloat64',
		lift: ([value = '']) => value,
		lower: { kind: 'inline', check: `typeof result === 'number'`, value: 'result', wanted: 'an f64 (number)' },
	},
	char: {
		type: 'string',
		get: 'getUint32',
		lift: ([value = ''], name) => `liftChar(${value}, ${name})`,
		lower: { kind: 'helper', helper: 'lowerChar' },
	},
	string: {
		type: 'string',
		get: 'getUint32',
		lift: (pair, name) => `liftString(guest, ${pair.join(', ')}, ${name})`,
		lower: { kind: 'area', helper: 'lowerString' },
	},
};

const bytesForm: ValueForm = {
	type: 'Uint8Array',
	get: 'getUint32',
	lift: (pair, name) => `liftBytes(guest, ${pair.join(', ')}, ${name})`,
	lower: { kind: 'area', helper: 'lowerBytes' },
};

/** The TypeScript form of a WIT type. */
export function valueForm(type: WitType): ValueForm {
	if (isPrimitive(type)) return primitiveForms[type.kind];
	if (type.kind === 'list' && type.element.kind === 'u8') return bytesForm;
	throw new Error(`bindings carry no ${printType(type)}`);
}
