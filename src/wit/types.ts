import { partsOf } from './parts.js';
import type { Primitive, ResourceDefinition, Signature, TypeDefinition, WitType } from './type.js';

/** The WIT types without arguments, in the order in which hints list them. */
export const primitives: readonly Primitive[] = [
	'bool',
	's8',
	's16',
	's32',
	's64',
	'u8',
	'u16',
	'u32',
	'u64',
	'f32',
	'f64',
	'char',
	'string',
];

/** Whether a type is one of them. */
export function isPrimitive(type: WitType): type is { readonly kind: Primitive } {
	return primitives.some((kind) => kind === type.kind);
}

/** Whether a word is the name of one of them. */
export function isPrimitiveName(name: string): name is Primitive {
	return primitives.some((one) => one === name);
}

/** WIT's type constructors: how many arguments each takes. */
export const constructors: ReadonlyMap<string, { readonly min: number; readonly max: number }> = new Map([
	['list', { min: 1, max: 2 }],
	['option', { min: 1, max: 1 }],
	['result', { min: 0, max: 2 }],
	['tuple', { min: 1, max: 10_000 }],
	['future', { min: 0, max: 1 }],
	['stream', { min: 0, max: 1 }],
	['map', { min: 2, max: 2 }],
	['own', { min: 1, max: 1 }],
	['borrow', { min: 1, max: 1 }],
]);

/** What people write from other languages, and the WIT type that they mean. */
export const foreignTypes: ReadonlyMap<string, string> = new Map([
	['int', 's32'],
	['integer', 's32'],
	['i8', 's8'],
	['i16', 's16'],
	['i32', 's32'],
	['i64', 's64'],
	['int8', 's8'],
	['int16', 's16'],
	['int32', 's32'],
	['int64', 's64'],
	['long', 's64'],
	['uint', 'u32'],
	['uint8', 'u8'],
	['uint16', 'u16'],
	['uint32', 'u32'],
	['uint64', 'u64'],
	['usize', 'u32'],
	['size_t', 'u32'],
	['byte', 'u8'],
	['float', 'f64'],
	['float32', 'f32'],
	['float64', 'f64'],
	['double', 'f64'],
	['number', 'f64'],
	['boolean', 'bool'],
	['str', 'string'],
	['text', 'string'],
	['bytes', 'list<u8>'],
	['bytearray', 'list<u8>'],
	['buffer', 'list<u8>'],
	['blob', 'list<u8>'],
	['uint8array', 'list<u8>'],
]);

/** Words that people write for "no result". */
export const foreignNothing: ReadonlySet<string> = new Set(['void', 'none', 'unit', 'null', 'nil', 'undefined']);

/** The types that signatures may use in this version, as hints name them. */
export const carriedTypes: readonly string[] = [...primitives, 'list<T>', 'option<T>', 'result<T, E>', 'tuple<A, B>'];

/** What to say of an async function that Python would implement, and what to do about it. */
export const asyncExport = 'async functions are not supported where Python implements them';
export const asyncHint = 'leave out "async": the host waits for Python, not Python for the host';

/** What to say to whoever wrote something that is no type. */
export const typesHint = `supported types: ${carriedTypes.join(', ')}, and those that "types:" declares`;

/**
 * What this version carries across the boundary besides primitives and `list<u8>`. A kind is added when C and bindings
 * both carry it.
 */
const carriedKinds: ReadonlySet<Exclude<WitType['kind'], 'named'> | TypeDefinition['kind']> = new Set([
	'list',
	'tuple',
	'option',
	'result',
	'record',
	'variant',
	'enum',
	'flags',
	'alias',
	'own',
	'borrow',
]);

/** Whether a type is one that C code too can be given: a primitive, or bytes. */
export function isSimple(type: WitType): boolean {
	return isPrimitive(type) || (type.kind === 'list' && type.element.kind === 'u8');
}

/** Whether this version carries a type across the boundary. */
export function isCarried(type: WitType): boolean {
	if (isPrimitive(type)) return true;
	if (type.kind === 'named') return isDefinitionCarried(type.definition);
	return carriedKinds.has(type.kind) && partsOf(type).every(isCarried);
}

/** Whether this version carries what a definition defines; a resource with all its functions. */
export function isDefinitionCarried(definition: TypeDefinition | ResourceDefinition): boolean {
	switch (definition.kind) {
		case 'record':
			return carriedKinds.has('record') && definition.fields.every(({ type }) => isCarried(type));
		case 'variant':
			return carriedKinds.has('variant') && definition.cases.every(({ type }) => type === undefined || isCarried(type));
		case 'alias':
			return carriedKinds.has('alias') && isCarried(definition.type);
		case 'enum':
		case 'flags':
			return carriedKinds.has(definition.kind);
		case 'resource':
			return carriedKinds.has('own') && definition.functions.every(({ signature }) => isSignatureCarried(signature));
	}
}

function isSignatureCarried({ params, result }: Signature): boolean {
	return params.every(({ type }) => isCarried(type)) && (result === undefined || isCarried(result));
}
