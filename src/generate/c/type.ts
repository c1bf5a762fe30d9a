import { printType } from '../../wit/print.js';
import type { Primitive, WitType } from '../../wit/type.js';
import { isPrimitive } from '../../wit/types.js';

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

/** Whether C code handles a type as it is: a primitive, or `list<u8>`. */
export function isPlainType(type: WitType): boolean {
	return isPrimitive(type) || (type.kind === 'list' && type.element.kind === 'u8');
}

/** How C handles a WIT type. */
export function cTypeOf(type: WitType): CType {
	if (isPrimitive(type)) return primitives[type.kind];
	if (type.kind === 'list' && type.element.kind === 'u8') return bytes;
	throw new Error(`generated C carries no ${printType(type)}`);
}

const primitives: Readonly<Record<Primitive, CType>> = {
	bool: scalar('bool', { value: 'bool', flat: 'uint32_t' }),
	s8: scalar('s8', { value: 'int8_t', flat: 'int32_t', checked: true }),
	s16: scalar('s16', { value: 'int16_t', flat: 'int32_t', checked: true }),
	s32: scalar('s32', { value: 'int32_t', flat: 'int32_t' }),
	s64: scalar('s64', { value: 'int64_t', flat: 'int64_t' }),
	u8: scalar('u8', { value: 'uint8_t', flat: 'uint32_t', checked: true }),
	u16: scalar('u16', { value: 'uint16_t', flat: 'uint32_t', checked: true }),
	u32: scalar('u32', { value: 'uint32_t', flat: 'uint32_t' }),
	u64: scalar('u64', { value: 'uint64_t', flat: 'uint64_t' }),
	f32: scalar('f32', { value: 'float', flat: 'float' }),
	f64: scalar('f64', { value: 'double', flat: 'double' }),
	char: scalar('char', { value: 'uint32_t', flat: 'uint32_t', checked: true }),
	string: pointerAndLength('cpybuild_string', 'const char *', 'string', { holds: false }),
};

const bytes: CType = pointerAndLength('cpybuild_bytes', 'const uint8_t *', 'bytes', { holds: true });

/** A type of one core value. */
function scalar(
	name: Primitive,
	{ value, flat, checked = false }: { readonly value: string; readonly flat: string; readonly checked?: boolean },
): CType {
	return {
		value,
		received: flat,
		result: value,
		flat: [{ type: flat, suffix: '' }],
		suffix: name,
		holds: false,
		checked,
	};
}

/** A type that lives in memory and is passed as its address and its length. */
function pointerAndLength(
	value: string,
	pointer: string,
	suffix: string,
	{ holds }: { readonly holds: boolean },
): CType {
	return {
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
	};
}
