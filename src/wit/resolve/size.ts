import type { TypeNode, TypeUse } from './model.js';

/** How deep a type is, and how many types it is made of, with those of named types each time that they are named. */
export interface Measure {
	readonly depth: number;
	readonly size: number;
}

const leaf: Measure = { depth: 0, size: 1 };

/** Measures a type as wasm-tools' validator does. */
export function measure(use: TypeUse, known: Map<TypeNode, Measure> = new Map()): Measure {
	if (use.kind === 'nameless' && use.name !== 'borrow') return around(use.args, known);
	if (use.kind !== 'named' || use.isOwn) return leaf;
	const { type } = use;
	const before = known.get(type);
	if (before !== undefined) return before;
	const found = measureBody(type, known);
	known.set(type, found);
	return found;
}

function measureBody({ body }: TypeNode, known: Map<TypeNode, Measure>): Measure {
	if (body.kind === 'same') return measure({ kind: 'named', type: body.of, isOwn: false }, known);
	if (body.kind === 'alias') return measure(body.type, known);
	if (body.kind === 'record' || body.kind === 'variant') {
		const types = body.members.map(({ type }) => type);
		return around(types, known);
	}
	return leaf;
}

function around(parts: readonly (TypeUse | undefined)[], known: Map<TypeNode, Measure>): Measure {
	const measures = parts.map((part) => (part === undefined ? leaf : measure(part, known)));
	const depth = measures.reduce((most, part) => Math.max(most, part.depth), 0);
	return { depth: depth + 1, size: measures.reduce((sum, { size }) => sum + size, 1) };
}
