/** The WIT types that have no parts. */
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

/** A WIT value type, its names resolved. */
export type WitType =
	| { readonly kind: Primitive }
	| { readonly kind: 'list'; readonly element: WitType }
	| { readonly kind: 'tuple'; readonly items: readonly WitType[] }
	| { readonly kind: 'option'; readonly some: WitType }
	| { readonly kind: 'result'; readonly ok?: WitType; readonly err?: WitType }
	| { readonly kind: 'named'; readonly definition: TypeDefinition }
	| { readonly kind: 'own' | 'borrow'; readonly resource: ResourceDefinition };

/** What every definition has. Two definitions are the same type only if they are the same object. */
interface Definition {
	/** WIT spelling (kebab-case). */
	readonly name: string;
	/** Python name of the module that defines it: `demo`, `acme.billing`. */
	readonly owner: string;
	readonly doc?: string;
}

/** A field of a record. */
export interface Field {
	readonly name: string;
	readonly type: WitType;
	readonly doc?: string;
}

/** A record: named values side by side. */
export interface RecordDefinition extends Definition {
	readonly kind: 'record';
	readonly fields: readonly Field[];
}

/** A case of a variant; one without a type has no payload. */
export interface Case {
	readonly name: string;
	readonly type?: WitType;
	readonly doc?: string;
}

/** A variant: one of several cases. */
export interface VariantDefinition extends Definition {
	readonly kind: 'variant';
	readonly cases: readonly Case[];
}

/** A case of an enum, or a flag. */
export interface Label {
	readonly name: string;
	readonly doc?: string;
}

/** An enum: one of several names. */
export interface EnumDefinition extends Definition {
	readonly kind: 'enum';
	readonly cases: readonly Label[];
}

/** Flags: any of several names, at most 32. */
export interface FlagsDefinition extends Definition {
	readonly kind: 'flags';
	readonly flags: readonly Label[];
}

/** Another name for a type, `type bytes = list<u8>`: it stands for that type everywhere. */
export interface AliasDefinition extends Definition {
	readonly kind: 'alias';
	readonly type: WitType;
}

/** A definition that a type refers to by name. */
export type TypeDefinition = RecordDefinition | VariantDefinition | EnumDefinition | FlagsDefinition | AliasDefinition;

/** A resource: a thing of the host's that Python holds by a handle. */
export interface ResourceDefinition extends Definition {
	readonly kind: 'resource';
	/**
	 * In the order of their declaration. Their types may refer to the resource itself, so that whoever makes the
	 * definition fills this in afterwards.
	 */
	readonly functions: readonly ResourceFunction[];
}

/** A function that belongs to a resource. */
export interface ResourceFunction {
	readonly kind: 'constructor' | 'method' | 'static';
	/** WIT spelling; a resource has at most one constructor, which is named `constructor`. */
	readonly name: string;
	/**
	 * As the component model sees it: a method's first parameter is `self: borrow<…>`, and a constructor's result is the
	 * resource itself (`own<…>`) or a result of it, though WIT text has neither.
	 */
	readonly signature: Signature;
	readonly doc?: string;
}

/** A parameter of a signature. */
export interface Param {
	/** WIT spelling (kebab-case), for example `max-bytes`, whichever spelling the manifest used. */
	readonly name: string;
	readonly type: WitType;
	/** Where the name stands in the signature's text: UTF-16 offsets into it. */
	readonly start: number;
	readonly end: number;
}

/** A WIT function type, `func(a: s32) -> string`. */
export interface Signature {
	readonly params: readonly Param[];
	/** Absent when the function returns nothing. */
	readonly result?: WitType;
	/** `async func`: whoever calls it may have to wait. */
	readonly isAsync?: true;
}
