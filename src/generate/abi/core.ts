import type { Signature, WitType } from '../../wit/signature.js';
import { type AbiType, abiOf, type CoreType } from './type.js';

/** The core wasm function type of an import, and how its values travel. */
export interface CoreSignature {
	readonly params: readonly CoreType[];
	readonly results: readonly CoreType[];
	/** The parameters are in memory, as a record; the first core parameter is its address. */
	readonly spilled: boolean;
	/** The result is written to memory; the last core parameter is its address. */
	readonly returnPointer: boolean;
}

/** Where the fields of a record stand in memory. */
export interface RecordLayout {
	readonly offsets: readonly number[];
	readonly size: number;
	readonly alignment: number;
}

/** From the Canonical ABI: more flat parameters than this are spilled to memory. */
const maxFlatParams = 16;

/** From the Canonical ABI: more flat results than this are written to memory. */
const maxFlatResults = 1;

/** The Canonical ABI's lowering of a signature, as a guest imports it. */
export function coreType(signature: Signature): CoreSignature {
	const flatParams = signature.params.flatMap((param) => abiOf(param.type).flat);
	const flatResults = signature.result === undefined ? [] : abiOf(signature.result).flat;
	const spilled = flatParams.length > maxFlatParams;
	const returnPointer = flatResults.length > maxFlatResults;
	const params: readonly CoreType[] = spilled ? ['i32'] : flatParams;
	return {
		params: returnPointer ? [...params, 'i32'] : params,
		results: returnPointer ? [] : flatResults,
		spilled,
		returnPointer,
	};
}

/** Lays out values one after the other, each at its alignment, as the Canonical ABI does for records. */
export function layoutRecord(types: readonly WitType[]): RecordLayout {
	const offsets: number[] = [];
	let end = 0;
	let alignment = 1;
	for (const type of types) {
		const field: AbiType = abiOf(type);
		const offset = alignTo(end, field.alignment);
		offsets.push(offset);
		end = offset + field.size;
		alignment = Math.max(alignment, field.alignment);
	}
	return { offsets, size: alignTo(end, alignment), alignment };
}

function alignTo(offset: number, alignment: number): number {
	return Math.ceil(offset / alignment) * alignment;
}
