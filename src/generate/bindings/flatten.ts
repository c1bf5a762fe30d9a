import type { WitType } from '../../wit/type.js';
import { layoutOf, layoutRecord, layoutVariant } from '../abi/layout.js';
import type { CoreType } from '../abi/shape.js';
import { accessOf, caseAccess, get } from './lift.js';
import type { Scope } from './names.js';
import { type Structure, structureOf, type UnionCase } from './structure.js';
import { block } from './text.js';

/** The core values of a value in memory: expressions, and the statements that they need before. */
export interface Flattened {
	readonly statements: readonly string[];
	readonly values: readonly string[];
}

/** Reads a value in memory as the core values that it is passed as (`lower_flat`); uses `view`. */
export function flattenLoaded(type: WitType, base: string, offset: number, scope: Scope): Flattened {
	const structure = structureOf(type);
	switch (structure.kind) {
		case 'record':
			return flattenParts(
				structure.fields.map((field) => field.type),
				base,
				offset,
				scope,
			);
		case 'tuple':
			return flattenParts(structure.items, base, offset, scope);
		case 'option':
			return flattenCases(type, [{ tag: 'none' }, { tag: 'some', type: structure.some }], base, offset, scope);
		case 'union':
			return flattenCases(type, structure.cases, base, offset, scope);
		default:
			return { statements: [], values: flattenLeaf(type, structure, base, offset) };
	}
}

function flattenLeaf(type: WitType, structure: Structure, base: string, offset: number): string[] {
	const access = accessOf(type, structure);
	return layoutOf(type).flat.map((_, index) => get(access, base, offset + index * 4));
}

function flattenParts(types: readonly WitType[], base: string, offset: number, scope: Scope): Flattened {
	const { offsets } = layoutRecord(types);
	const parts = types.map((type, index) => flattenLoaded(type, base, offset + (offsets[index] ?? 0), scope));
	return {
		statements: parts.flatMap(({ statements }) => statements),
		values: parts.flatMap(({ values }) => values),
	};
}

/** Cases share core values, whose types are those that hold all of them; what a case does not use is 0. */
function flattenCases(
	type: WitType,
	cases: readonly UnionCase[],
	base: string,
	offset: number,
	scope: Scope,
): Flattened {
	const [, ...shared] = layoutOf(type).flat;
	const { payloadOffset } = layoutVariant(cases.map((one) => one.type));
	const variables = shared.map(() => scope.take('part'));
	const tag = get(caseAccess(cases), base, offset);
	const branches = cases.flatMap((one, index) => {
		if (one.type === undefined) return [];
		const { statements, values } = flattenLoaded(one.type, base, offset + payloadOffset, scope);
		const flat = layoutOf(one.type).flat;
		const assigned = values.map((value, at) => `${variables[at]} = ${widen(value, flat[at], shared[at])};`);
		return block(`case ${index}:`, [...statements, ...assigned, 'break;']);
	});
	return {
		statements: [
			...variables.map((name, index) => `let ${name} = ${shared[index] === 'i64' ? '0n' : '0'};`),
			...(branches.length === 0 ? [] : block(`switch (${tag})`, branches)),
		],
		values: [tag, ...variables],
	};
}

/** A core value in the type that all cases share: its bits, and zeros before them (`lower_flat_variant`). */
function widen(value: string, own: CoreType | undefined, shared: CoreType | undefined): string {
	if (own === shared) return value;
	if (own === 'f64') return `doubleBits(${value})`;
	const bits = own === 'f32' ? `floatBits(${value})` : value;
	return shared === 'i64' ? `longBits(${bits})` : bits;
}
