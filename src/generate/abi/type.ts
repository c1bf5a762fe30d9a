import type { Primitive, WitType } from '../../wit/signature.js';

/** The value types of core wasm that signatures flatten to. */
export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';

/** What the generators know of one WIT type. */
export interface AbiType {
	/** WIT spelling. */
	readonly name: string;
	/** The core values it flattens to. */
	readonly flat: readonly CoreType[];
	/** Bytes in memory, and the alignment of its address there. */
	readonly size: number;
	readonly alignment: number;
	readonly c: CType;
	readonly python: PythonType;
}

/** How generated C handles a type. */
export interface CType {
	/** Type of a value that Python or C code gives; its memory layout is the Canonical ABI's. */
	readonly value: string;
	/** Type of a value that the host gives: the core type when flat, a buffer to be freed when in memory. */
	readonly received: string;
	/** Type of a result as C code gets it from a checked call. */
	readonly result: string;
	/** The flat values that a value is passed as. */
	readonly flat: readonly CFlat[];
	/** Last part of the functions `cpybuild_lower_*`, `cpybuild_lift_*` and `cpybuild_check_*` in `cpybuild.h`. */
	readonly suffix: string;
	/** The lowered value may borrow from the Python object, which must be released after the call. */
	readonly holds: boolean;
	/** The host can give values that are none of the type. */
	readonly checked: boolean;
}

/** One flat value of a C value. */
export interface CFlat {
	readonly type: string;
	/** Member of the value that it is; absent when it is the value itself. */
	readonly member?: string;
	/** What its parameter's name has after the value's name. */
	readonly suffix: string;
}

/** The annotations of a type in stub files, as names of builtins. */
export interface PythonType {
	readonly parameter: readonly string[];
	readonly result: string;
}

/** The row of a WIT type. Compound types are made of the rows of their parts. */
export function abiOf(type: WitType): AbiType {
	if (type.kind !== 'list') {
		return primitives[type.kind];
	}
	if (type.element.kind === 'u8') {
		return bytes;
	}
	throw new Error(`no lowering of list<${abiOf(type.element).name}>`);
}

const bytes: AbiType = {
	name: 'list<u8>',
	...pointerAndLength('cpybuild_bytes', 'const uint8_t *', 'bytes', { holds: true }),
	python: { parameter: ['bytes', 'bytearray', 'memoryview'], result: 'bytes' },
};

const primitives: Readonly<Record<Primitive, AbiType>> = {
	bool: scalar('bool', 'i32', 1, { value: 'bool', flat: 'uint32_t', python: 'bool' }),
	s8: scalar('s8', 'i32', 1, { value: 'int8_t', flat: 'int32_t', python: 'int', checked: true }),
	s16: scalar('s16', 'i32', 2, { value: 'int16_t', flat: 'int32_t', python: 'int', checked: true }),
	s32: scalar('s32', 'i32', 4, { value: 'int32_t', flat: 'int32_t', python: 'int' }),
	s64: scalar('s64', 'i64', 8, { value: 'int64_t', flat: 'int64_t', python: 'int' }),
	u8: scalar('u8', 'i32', 1, { value: 'uint8_t', flat: 'uint32_t', python: 'int', checked: true }),
	u16: scalar('u16', 'i32', 2, { value: 'uint16_t', flat: 'uint32_t', python: 'int', checked: true }),
	u32: scalar('u32', 'i32', 4, { value: 'uint32_t', flat: 'uint32_t', python: 'int' }),
	u64: scalar('u64', 'i64', 8, { value: 'uint64_t', flat: 'uint64_t', python: 'int' }),
	f32: scalar('f32', 'f32', 4, { value: 'float', flat: 'float', python: 'float' }),
	f64: scalar('f64', 'f64', 8, { value: 'double', flat: 'double', python: 'float' }),
	char: scalar('char', 'i32', 4, { value: 'uint32_t', flat: 'uint32_t', python: 'str', checked: true }),
	string: {
		name: 'string',
		...pointerAndLength('cpybuild_string', 'const char *', 'string', { holds: false }),
		python: { parameter: ['str'], result: 'str' },
	},
};

/** A type of one core value, as large in memory as it is aligned. */
function scalar(
	name: Primitive,
	core: CoreType,
	size: number,
	c: { readonly value: string; readonly flat: string; readonly python: string; readonly checked?: boolean },
): AbiType {
	return {
		name,
		flat: [core],
		size,
		alignment: size,
		c: {
			value: c.value,
			received: c.flat,
			result: c.value,
			flat: [{ type: c.flat, suffix: '' }],
			suffix: name,
			holds: false,
			checked: c.checked ?? false,
		},
		python: { parameter: [c.python], result: c.python },
	};
}

/** A type that lives in memory and is passed as its address and its length. */
function pointerAndLength(
	value: string,
	pointer: string,
	suffix: string,
	{ holds }: { readonly holds: boolean },
): Omit<AbiType, 'name' | 'python'> {
	return {
		flat: ['i32', 'i32'],
		size: 8,
		alignment: 4,
		c: {
			value,
			received: 'cpybuild_buffer',
			result: 'cpybuild_buffer',
			flat: [
				{ type: pointer, member: 'ptr', suffix: '' },
				{ type: 'size_t', member: 'len', suffix: '_len' },
			],
			suffix,
			holds,
			checked: true,
		},
	};
}
