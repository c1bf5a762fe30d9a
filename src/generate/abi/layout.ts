import type { WitType } from '../../wit/type.js';
import { type CoreType, shapeOf } from './shape.js';

/** How values of a type travel. */
export interface Layout {
	/** The core values that a value is passed as, where values are passed flat. */
	readonly flat: readonly CoreType[];
	/** Bytes in memory, and the alignment of its address there. */
	readonly size: number;
	readonly alignment: number;
}

/** Where the fields of a record stand in memory. Tuples and spilled parameters are records too. */
export interface RecordLayout extends Layout {
	readonly offsets: readonly number[];
}

/** Where the number of a variant's case stands in memory, at its beginning, and where the payload. */
export interface VariantLayout extends Layout {
	readonly discriminantSize: 1 | 2 | 4;
	/** Of every case's payload. */
	readonly payloadOffset: number;
}

/** The layout of a type: the Canonical ABI's "Alignment", "Element Size" and "Flattening". */
export function layoutOf(type: WitType): Layout {
	const shape = shapeOf(type);
	switch (shape.kind) {
		case 'scalar':
			return { flat: [shape.core], size: shape.size, alignment: shape.size };
		case 'span':
			return { flat: ['i32', 'i32'], size: 8, alignment: 4 };
		case 'record':
			return layoutRecord(shape.types);
		case 'variant':
			return layoutVariant(shape.cases);
	}
}

/** Lays out values one after the other, each at its alignment (`elem_size_record`, `flatten_record`). */
export function layoutRecord(types: readonly WitType[]): RecordLayout {
	const offsets: number[] = [];
	const flat: CoreType[] = [];
	let end = 0;
	let alignment = 1;
	for (const type of types) {
		const field = layoutOf(type);
		const offset = alignTo(end, field.alignment);
		offsets.push(offset);
		for (const one of field.flat) flat.push(one);
		end = offset + field.size;
		alignment = Math.max(alignment, field.alignment);
	}
	return { offsets, flat, size: alignTo(end, alignment), alignment };
}

/**
 * Lays out a variant of cases by their payloads: the number of the case, then room for the largest payload at the
 * largest alignment (`elem_size_variant`); flat, the payloads share core values (`flatten_variant`).
 */
export function layoutVariant(cases: readonly (WitType | undefined)[]): VariantLayout {
	const payloads = cases.flatMap((type) => (type === undefined ? [] : [layoutOf(type)]));
	const discriminant = discriminantSize(cases.length);
	const payloadAlignment = payloads.reduce((largest, { alignment }) => Math.max(largest, alignment), 1);
	const payloadOffset = alignTo(discriminant, payloadAlignment);
	const alignment = Math.max(discriminant, payloadAlignment);
	const end = payloadOffset + payloads.reduce((largest, { size }) => Math.max(largest, size), 0);
	return {
		discriminantSize: discriminant,
		payloadOffset,
		flat: ['i32', ...payloads.map(({ flat }) => flat).reduce(joinAll, [])],
		size: alignTo(end, alignment),
		alignment,
	};
}

/** The smallest integer that numbers all cases from 0 (`discriminant_type`). */
function discriminantSize(cases: number): 1 | 2 | 4 {
	if (cases <= 2 ** 8) return 1;
	return cases <= 2 ** 16 ? 2 : 4;
}

function joinAll(a: readonly CoreType[], b: readonly CoreType[]): readonly CoreType[] {
	const [longer, shorter] = a.length < b.length ? [b, a] : [a, b];
	return longer.map((one, index) => join(one, shorter[index] ?? one));
}

/**
 * The core type that holds the bits of either (`join`). A value of a narrower type is reinterpreted as an integer of
 * its own width, and that is zero-extended.
 */
function join(a: CoreType, b: CoreType): CoreType {
	if (a === b) return a;
	const isNarrow = (type: CoreType): boolean => type === 'i32' || type === 'f32';
	return isNarrow(a) && isNarrow(b) ? 'i32' : 'i64';
}

function alignTo(offset: number, alignment: number): number {
	return Math.ceil(offset / alignment) * alignment;
}
