/** A core wasm type as the text format spells it: `i32`, `funcref`, `(ref null 3)`. */
export type ValueType = string;

/** The type of a core wasm function. */
export interface FunctionType {
	readonly params: readonly ValueType[];
	readonly results: readonly ValueType[];
}

/** How large a memory (in pages) or a table (in elements) is at first, and may become. */
export interface Limits {
	readonly min: number;
	readonly max?: number;
	readonly shared: boolean;
	/** The type of its addresses: `i64` for a 64-bit memory or table. */
	readonly address: 'i32' | 'i64';
	/** Bytes of a page; only said where it is not 64 KiB. */
	readonly pageSize?: number;
}

/** What an import or an export is. */
export type ExternType =
	| ({ readonly kind: 'func' } & FunctionType)
	| { readonly kind: 'table'; readonly element: ValueType; readonly limits: Limits }
	| { readonly kind: 'memory'; readonly limits: Limits }
	| { readonly kind: 'global'; readonly value: ValueType; readonly mutable: boolean }
	| ({ readonly kind: 'tag' } & FunctionType);

/** Writes a function type for people: `(i32, i32) -> i32`. */
export function formatFunctionType(type: FunctionType): string {
	const results = type.results.length === 1 ? type.results[0] : `(${type.results.join(', ')})`;
	return `(${type.params.join(', ')}) -> ${results}`;
}

/** Writes limits for people: `20 to 1024 pages, shared`. */
export function formatLimits(limits: Limits, unit: string): string {
	const range = limits.max === undefined ? `${limits.min} or more` : `${limits.min} to ${limits.max}`;
	const page = limits.pageSize === undefined ? '' : ` of ${limits.pageSize} bytes`;
	return `${range} ${unit}${page}${limits.address === 'i64' ? ', 64-bit' : ''}${limits.shared ? ', shared' : ''}`;
}

/** Writes what an import or export is, without its kind: `(i32) -> i32`, `mut i32`, `2 or more pages`. */
export function formatExternType(type: ExternType): string {
	switch (type.kind) {
		case 'func':
		case 'tag':
			return formatFunctionType(type);
		case 'table':
			return `${type.element}, ${formatLimits(type.limits, 'elements')}`;
		case 'memory':
			return formatLimits(type.limits, 'pages');
		case 'global':
			return type.mutable ? `mut ${type.value}` : type.value;
	}
}
