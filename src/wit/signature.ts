/** The WIT primitive types that a signature may use. */
export type Primitive =
	| 'bool'
	| 's8'
	| 's16'
	| 's32'
	| 's64'
	| 'u8'
	| 'u16'
	| 'u32'
	| 'u64'
	| 'f32'
	| 'f64'
	| 'char'
	| 'string';

/** A WIT value type. Later types (record, option, result …) are further members of this union. */
export type WitType = { readonly kind: Primitive } | { readonly kind: 'list'; readonly element: WitType };

/** A parameter of a signature. */
export interface Param {
	/** WIT spelling (kebab-case), for example `max-bytes`, whichever spelling the manifest used. */
	readonly name: string;
	readonly type: WitType;
	/** Where the name stands in the signature's text: UTF-16 offsets into it. */
	readonly start: number;
	readonly end: number;
}

/** A parsed WIT function type, `func(a: s32) -> string`. */
export interface Signature {
	readonly params: readonly Param[];
	/** Absent when the function returns nothing. */
	readonly result?: WitType;
}
