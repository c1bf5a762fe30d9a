import type { FunctionSyntax } from './parse-function.js';
import type { TypeExpression } from './type-expression.js';
import type { Version } from './version.js';

/** Where something stands in its file: UTF-16 offsets, `end` exclusive. */
export interface Place {
	readonly start: number;
	readonly end: number;
}

/** A name as a file spells it, without `%`. */
export interface NameSyntax extends Place {
	readonly text: string;
}

/** The name of a package: `acme:billing@1.2.0`. */
export interface PackageName extends Place {
	readonly namespace: NameSyntax;
	readonly name: NameSyntax;
	readonly version?: Version;
}

/** A feature gate or another `@` attribute. */
export type Attribute = Place &
	(
		| { readonly kind: 'since' | 'deprecated'; readonly version: Version }
		| { readonly kind: 'unstable'; readonly feature: string }
		| { readonly kind: 'external-id' }
	);

/** What all declarations have. */
interface Declaration {
	readonly attributes: readonly Attribute[];
	readonly doc?: string;
}

/** A function type in a file. */
export type FileFunction = FunctionSyntax<TypeExpression>;

/** A function with its name. */
export interface NamedFunction extends Declaration {
	readonly kind: 'function';
	readonly name: NameSyntax;
	readonly func: FileFunction;
}

/** A function of a resource. */
export interface ResourceFunctionSyntax extends Declaration {
	readonly kind: 'constructor' | 'method' | 'static';
	readonly name: NameSyntax;
	readonly func: FileFunction;
}

/** A member of a record, a variant, an enum or of flags. */
export interface Member {
	readonly name: NameSyntax;
	readonly type?: TypeExpression;
	readonly doc?: string;
}

/** A type that a file defines. */
export type TypeSyntax = Declaration & { readonly name: NameSyntax } & (
		| { readonly kind: 'record' | 'variant' | 'enum' | 'flags'; readonly members: readonly Member[] }
		| { readonly kind: 'alias'; readonly type: TypeExpression }
		| { readonly kind: 'resource'; readonly functions: readonly ResourceFunctionSyntax[] }
	);

/** A way to an interface or a world: its name alone, or with its package. */
export interface ItemPath extends Place {
	readonly package?: PackageName;
	readonly name: NameSyntax;
}

/** A name that stands for another one. */
export interface Renaming {
	readonly name: NameSyntax;
	readonly as?: NameSyntax;
}

/** `use types.{row, error as db-error};` */
export interface UseSyntax extends Declaration {
	readonly kind: 'use';
	readonly from: ItemPath;
	readonly names: readonly Renaming[];
}

/** What an interface has in it. */
export type InterfaceItem = TypeSyntax | UseSyntax | NamedFunction;

/** An interface with its name. */
export interface InterfaceSyntax extends Declaration {
	readonly kind: 'interface';
	readonly name: NameSyntax;
	readonly items: readonly InterfaceItem[];
}

/** `import log: func(line: string);`, or an export. */
export interface ExternSyntax extends Declaration {
	readonly kind: 'import' | 'export';
	/** Absent where only a path stands: `import wasi:clocks/wall-clock;`. */
	readonly name?: NameSyntax;
	readonly item:
		| { readonly kind: 'path'; readonly path: ItemPath }
		| { readonly kind: 'function'; readonly func: FileFunction }
		| { readonly kind: 'interface'; readonly items: readonly InterfaceItem[] };
}

/** `include other with { a as b }`. */
export interface IncludeSyntax extends Declaration {
	readonly kind: 'include';
	readonly from: ItemPath;
	readonly names: readonly Required<Renaming>[];
}

/** What a world has in it. */
export type WorldItemSyntax = TypeSyntax | UseSyntax | ExternSyntax | IncludeSyntax;

/** A world. */
export interface WorldSyntax extends Declaration {
	readonly kind: 'world';
	readonly name: NameSyntax;
	readonly items: readonly WorldItemSyntax[];
}

/** `use wasi:io/streams@0.2.0 as streams;` between interfaces. */
export interface FileUse extends Declaration, Place {
	readonly kind: 'file-use';
	readonly path: ItemPath;
	readonly as?: NameSyntax;
}

/** What stands at the top of a file. */
export type FileItem = InterfaceSyntax | WorldSyntax | FileUse;

/** `package acme:billing { … }`. */
export interface NestedPackage {
	readonly name: PackageName;
	readonly items: readonly FileItem[];
}

/** A WIT file. */
export interface FileSyntax {
	readonly package?: PackageName;
	/** Whether there are comments before `package`: wasm-tools takes them for its documentation. */
	readonly isPackageCommented: boolean;
	readonly items: readonly FileItem[];
	readonly nested: readonly NestedPackage[];
}
