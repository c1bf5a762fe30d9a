import type { Reader } from './reader.js';
import type { ExternType, FunctionType, Limits, ValueType } from './types.js';

const numberTypes: ReadonlyMap<number, ValueType> = new Map([
	[0x7f, 'i32'],
	[0x7e, 'i64'],
	[0x7d, 'f32'],
	[0x7c, 'f64'],
	[0x7b, 'v128'],
	[0x78, 'i8'],
	[0x77, 'i16'],
]);

/** Abstract heap types by their byte; `<name>ref` is short for a nullable reference to one. */
const heapTypes: ReadonlyMap<number, string> = new Map([
	[0x74, 'noexn'],
	[0x73, 'nofunc'],
	[0x72, 'noextern'],
	[0x71, 'none'],
	[0x70, 'func'],
	[0x6f, 'extern'],
	[0x6e, 'any'],
	[0x6d, 'eq'],
	[0x6c, 'i31'],
	[0x6b, 'struct'],
	[0x6a, 'array'],
	[0x69, 'exn'],
]);

/** Reads a value, reference or packed type. */
export function readValueType(reader: Reader): ValueType {
	const code = reader.byte();
	if (code === 0x63) return `(ref null ${readHeapType(reader)})`;
	if (code === 0x64) return `(ref ${readHeapType(reader)})`;
	const number = numberTypes.get(code);
	if (number !== undefined) return number;
	const heap = heapTypes.get(code);
	return heap === undefined ? reader.refuse(`unknown value type 0x${code.toString(16)}`) : `${heap}ref`;
}

/** Reads a heap type: an abstract one's name, or the index of a defined type. */
export function readHeapType(reader: Reader): string {
	const type = reader.s33();
	if (type >= 0) return String(type);
	const name = type >= -64 ? heapTypes.get(type & 0x7f) : undefined;
	return name ?? reader.refuse(`unknown heap type ${type}`);
}

/** Reads the limits of a memory or table. */
export function readLimits(reader: Reader): Limits {
	const flags = reader.byte();
	if (flags > 0x0f) reader.refuse(`unknown limits 0x${flags.toString(16)}`);
	const wide = (flags & 4) !== 0;
	const size = wide ? reader.u64 : reader.u32;
	const min = size();
	const max = flags & 1 ? { max: size() } : {};
	const page = flags & 8 ? { pageSize: 2 ** Math.min(reader.u32(), 64) } : {};
	return { min, ...max, shared: (flags & 2) !== 0, address: wide ? 'i64' : 'i32', ...page };
}

/** Reads the type section: one entry per type index, `undefined` where it is not a function. */
export function readTypes(reader: Reader): (FunctionType | undefined)[] {
	const readGroup = (): (FunctionType | undefined)[] => {
		const form = reader.byte();
		return form === 0x4e ? reader.list(() => readSubtype(reader, reader.byte())) : [readSubtype(reader, form)];
	};
	return reader.list(readGroup).flat();
}

function readSubtype(reader: Reader, form: number): FunctionType | undefined {
	if (form === 0x50 || form === 0x4f) {
		reader.list(reader.u32);
		return readComposite(reader, reader.byte());
	}
	return readComposite(reader, form);
}

function readComposite(reader: Reader, form: number): FunctionType | undefined {
	const readValue = (): ValueType => readValueType(reader);
	const skipField = (): void => {
		readValueType(reader);
		reader.skip(1);
	};
	switch (form) {
		case 0x60:
			return { params: reader.list(readValue), results: reader.list(readValue) };
		case 0x5f:
			reader.list(skipField);
			return undefined;
		case 0x5e:
			skipField();
			return undefined;
		default:
			return reader.refuse(`unknown kind of type 0x${form.toString(16)}`);
	}
}

/** Reads a type index that must be a function's. */
export function readFunctionType(reader: Reader, types: readonly (FunctionType | undefined)[]): FunctionType {
	const index = reader.u32();
	return types[index] ?? reader.refuse(`there is no function type ${index}`);
}

/** Reads a table's type. */
export function readTableType(reader: Reader): ExternType & { kind: 'table' } {
	return { kind: 'table', element: readValueType(reader), limits: readLimits(reader) };
}

/** Reads a global's type. */
export function readGlobalType(reader: Reader): ExternType & { kind: 'global' } {
	return { kind: 'global', value: readValueType(reader), mutable: (reader.byte() & 1) === 1 };
}

/** Reads a tag's type. */
export function readTagType(
	reader: Reader,
	types: readonly (FunctionType | undefined)[],
): ExternType & { kind: 'tag' } {
	reader.skip(1);
	return { kind: 'tag', ...readFunctionType(reader, types) };
}
