import type { Signature } from '../../wit/type.js';
import { layoutOf, layoutRecord } from './layout.js';
import type { CoreType } from './shape.js';

/** The core wasm function type of an import, and how its values travel. */
export interface CoreSignature {
	readonly params: readonly CoreType[];
	readonly results: readonly CoreType[];
	/** The parameters are in memory, as a record; the first core parameter is its address. */
	readonly spilled: boolean;
	/** The result is written to memory; the last core parameter is its address. */
	readonly returnPointer: boolean;
}

/** `MAX_FLAT_PARAMS`: more flat parameters than this are spilled to memory. */
const maxFlatParams = 16;

/** `MAX_FLAT_RESULTS`: more flat results than this are written to memory. */
const maxFlatResults = 1;

/** The lowering of a signature, as a guest imports it: the Canonical ABI's "Flattening", `flatten_functype`. */
export function coreType(signature: Signature): CoreSignature {
	const flatParams = layoutRecord(signature.params.map(({ type }) => type)).flat;
	const flatResults = signature.result === undefined ? [] : layoutOf(signature.result).flat;
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

/** The lowering of a signature as a guest exports it: of a result in memory it returns the address. */
export function exportedType(signature: Signature): Pick<CoreSignature, 'params' | 'results' | 'returnPointer'> {
	const { params, results, returnPointer } = coreType(signature);
	return returnPointer
		? { params: params.slice(0, -1), results: ['i32'], returnPointer }
		: { params, results, returnPointer };
}
