import type { Primitive, WitType } from '../../wit/type.js';

/** The value types of core wasm that signatures flatten to. */
export type CoreType = 'i32' | 'i64' | 'f32' | 'f64';

/** What of a type the Canonical ABI looks at: many WIT types are the same to it. */
export type Shape =
	/** One core value; `size` bytes in memory, as much as its alignment. */
	| { readonly kind: 'scalar'; readonly core: CoreType; readonly size: 1 | 2 | 4 | 8 }
	/** The address and the length of something in memory. */
	| { readonly kind: 'span' }
	/** Values one after the other. */
	| { readonly kind: 'record'; readonly types: readonly WitType[] }
	/** The number of a case, and that case's payload where it has one. */
	| { readonly kind: 'variant'; readonly cases: readonly (WitType | undefined)[] };

/**
 * The shape of a type: the Canonical ABI's "Despecialization" (tuples are records; enums, options and results are
 * variants), with the scalars of its "Alignment" and "Element Size", and aliases resolved.
 */
export function shapeOf(type: WitType): Shape {
	switch (type.kind) {
		case 'string':
		case 'list':
			return { kind: 'span' };
		case 'tuple':
			return { kind: 'record', types: type.items };
		case 'option':
			return { kind: 'variant', cases: [undefined, type.some] };
		case 'result':
			return { kind: 'variant', cases: [type.ok, type.err] };
		case 'own':
		case 'borrow':
			return handle;
		case 'named':
			return shapeOfNamed(type);
		default:
			return scalars[type.kind];
	}
}

function shapeOfNamed({ definition }: Extract<WitType, { readonly kind: 'named' }>): Shape {
	switch (definition.kind) {
		case 'record':
			return { kind: 'record', types: definition.fields.map(({ type }) => type) };
		case 'variant':
			return { kind: 'variant', cases: definition.cases.map(({ type }) => type) };
		case 'enum':
			return { kind: 'variant', cases: definition.cases.map(() => undefined) };
		case 'flags':
			return { kind: 'scalar', core: 'i32', size: flagsSize(definition.flags.length) };
		case 'alias':
			return shapeOf(definition.type);
	}
}

/** "Alignment" and "Element Size" of flags: the smallest integer with a bit for each; there are at most 32. */
function flagsSize(count: number): 1 | 2 | 4 {
	if (count <= 8) return 1;
	return count <= 16 ? 2 : 4;
}

/** The handle of a resource is an index into a table of the host's. */
const handle: Shape = { kind: 'scalar', core: 'i32', size: 4 };

const scalars: Readonly<Record<Exclude<Primitive, 'string'>, Shape>> = {
	bool: { kind: 'scalar', core: 'i32', size: 1 },
	s8: { kind: 'scalar', core: 'i32', size: 1 },
	s16: { kind: 'scalar', core: 'i32', size: 2 },
	s32: { kind: 'scalar', core: 'i32', size: 4 },
	s64: { kind: 'scalar', core: 'i64', size: 8 },
	u8: { kind: 'scalar', core: 'i32', size: 1 },
	u16: { kind: 'scalar', core: 'i32', size: 2 },
	u32: { kind: 'scalar', core: 'i32', size: 4 },
	u64: { kind: 'scalar', core: 'i64', size: 8 },
	f32: { kind: 'scalar', core: 'f32', size: 4 },
	f64: { kind: 'scalar', core: 'f64', size: 8 },
	char: { kind: 'scalar', core: 'i32', size: 4 },
};
