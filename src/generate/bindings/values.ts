import type { Primitive } from '../../wit/type.js';

/** How TypeScript sees values of a primitive type, and how they are lifted and lowered. Expressions are source text. */
export interface ValueForm {
	/** The TypeScript type. */
	readonly type: string;
	/** Lifts core values; `name` is the function's name as a literal. */
	readonly lift: (core: readonly string[], name: string) => string;
	/** The end of the `DataView` methods that read and write the type's core value; pairs are two `Uint32`. */
	readonly access: string;
	readonly lower: Lowering;
}

/** How a result goes back to the guest. */
export type Lowering =
	/** A helper writes it to the return area. */
	| { readonly kind: 'area'; readonly helper: string }
	/** A helper gives the core value, and raises by itself. */
	| { readonly kind: 'helper'; readonly helper: string }
	/** An expression over the value, taken when a check over it holds; else an error says what was wanted. */
	| {
			readonly kind: 'inline';
			readonly check: (value: string) => string;
			readonly value: (value: string) => string;
			readonly wanted: string;
			/** The JavaScript type of the numbers that may be out of range. */
			readonly numbers?: 'number' | 'bigint';
	  };

const same = (value: string): string => value;

/** The form of an integer of up to 32 bits; `wrap` gives the nearest value of the type to a number. */
function small(kind: string, article: string, access: string, wrap: (value: string) => string, lift = wrap): ValueForm {
	return {
		type: 'number',
		access,
		lift: ([value = '']) => lift(value),
		lower: {
			kind: 'inline',
			check: (value) => `typeof ${value} === 'number' && (${wrap(value)}) === ${value}`,
			value: same,
			wanted: `${article} ${kind}`,
			numbers: 'number',
		},
	};
}

/** The form of a 64-bit integer. */
function big(kind: string, article: string, access: string, wrap: string, lift: (value: string) => string): ValueForm {
	return {
		type: 'bigint',
		access,
		lift: ([value = '']) => lift(value),
		lower: {
			kind: 'inline',
			check: (value) => `typeof ${value} === 'bigint' && ${wrap}(64, ${value}) === ${value}`,
			value: same,
			wanted: `${article} ${kind} (bigint)`,
			numbers: 'bigint',
		},
	};
}

const primitiveForms: Readonly<Record<Primitive, ValueForm>> = {
	bool: {
		type: 'boolean',
		access: 'Uint8',
		lift: ([value = '']) => `${value} !== 0`,
		lower: {
			kind: 'inline',
			check: (value) => `typeof ${value} === 'boolean'`,
			value: (value) => `${value} ? 1 : 0`,
			wanted: 'a bool (boolean)',
		},
	},
	s8: small('s8', 'an', 'Int8', (value) => `(${value} << 24) >> 24`),
	s16: small('s16', 'an', 'Int16', (value) => `(${value} << 16) >> 16`),
	s32: small('s32', 'an', 'Int32', (value) => `${value} | 0`, same),
	u8: small('u8', 'a', 'Uint8', (value) => `${value} & 0xff`),
	u16: small('u16', 'a', 'Uint16', (value) => `${value} & 0xffff`),
	u32: small('u32', 'a', 'Uint32', (value) => `${value} >>> 0`),
	s64: big('s64', 'an', 'BigInt64', 'BigInt.asIntN', same),
	u64: big('u64', 'a', 'BigUint64', 'BigInt.asUintN', (value) => `BigInt.asUintN(64, ${value})`),
	f32: {
		type: 'number',
		access: 'Float32',
		lift: ([value = '']) => value,
		lower: {
			kind: 'inline',
			// A finite number may round to infinity, an infinite one is what it is.
			check: (value) =>
				`typeof ${value} === 'number' && (Number.isFinite(Math.fround(${value})) || !Number.isFinite(${value}))`,
			value: (value) => `Math.fround(${value})`,
			wanted: 'an f32 (number)',
			numbers: 'number',
		},
	},
	f64: {
		type: 'number',
		access: 'Float64',
		lift: ([value = '']) => value,
		lower: { kind: 'inline', check: (value) => `typeof ${value} === 'number'`, value: same, wanted: 'an f64 (number)' },
	},
	char: {
		type: 'string',
		access: 'Uint32',
		lift: ([value = ''], name) => `liftChar(${value}, ${name})`,
		lower: { kind: 'helper', helper: 'lowerChar' },
	},
	string: {
		type: 'string',
		access: 'Uint32',
		lift: (pair, name) => `liftString(guest, ${pair.join(', ')}, ${name})`,
		lower: { kind: 'area', helper: 'lowerString' },
	},
};

/** The form of `list<u8>`, the only list that needs no function of its own. */
export const bytesForm: ValueForm = {
	type: 'Uint8Array',
	access: 'Uint32',
	lift: (pair, name) => `liftBytes(guest, ${pair.join(', ')}, ${name})`,
	lower: { kind: 'area', helper: 'lowerBytes' },
};

/** The form of a primitive type. */
export function primitiveForm(primitive: Primitive): ValueForm {
	return primitiveForms[primitive];
}
