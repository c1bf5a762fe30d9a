import type {
	Attribute,
	FileItem,
	InterfaceSyntax,
	NamedFunction,
	PackageName,
	ResourceFunctionSyntax,
	TypeSyntax,
	WorldSyntax,
} from '../syntax.js';
import type { Primitive } from '../type.js';
import type { FilePlace } from './reporter.js';

/** What gates say of a thing. Nothing, for most. */
export type Stability =
	| { readonly kind: 'unknown' }
	/** `text` tells two stabilities apart. */
	| { readonly kind: 'stable' | 'unstable'; readonly text: string; readonly feature?: string };

/** The files of one package. */
export interface PackageSource {
	readonly name: PackageName;
	/** `acme:billing@1.2.0`. */
	readonly id: string;
	/** Where it is named first. */
	readonly at: FilePlace;
	readonly files: readonly { readonly path: string; readonly items: readonly FileItem[] }[];
}

/** A package in the making. */
export interface PackageNode {
	readonly source: PackageSource;
	readonly items: Map<string, InterfaceNode | WorldNode>;
	/** The stabilities under which types without a name were made first; wasm-tools makes each only once. */
	readonly nameless: Map<string, Stability>;
}

/** An interface in the making. */
export interface InterfaceNode {
	readonly kind: 'interface';
	/** `ns:pkg/name@version`, or the plain name of one that a world declares inline. */
	readonly id: string;
	readonly name: string;
	readonly package: PackageNode;
	readonly at: FilePlace;
	readonly syntax: Pick<InterfaceSyntax, 'attributes' | 'doc' | 'items'>;
	/** Only for what a package declares: an inline interface of a world cannot be named elsewhere. */
	readonly isInline: boolean;
	stability: Stability;
	isExcluded: boolean;
	readonly types: Map<string, TypeNode>;
	/** In the order of the text, those of resources at the place of the resource; excluded ones are left out. */
	readonly functions: FunctionNode[];
	/** All names, also those of excluded functions: only types can be used. */
	readonly functionNames: Set<string>;
	/** Definitions that a later `use` of the same name hides, as wasm-tools has it. */
	readonly hidden: TypeSyntax[];
}

/** A world in the making. */
export interface WorldNode {
	readonly kind: 'world';
	readonly id: string;
	readonly name: string;
	readonly package: PackageNode;
	readonly at: FilePlace;
	readonly syntax: WorldSyntax;
	stability: Stability;
	isExcluded: boolean;
	readonly types: Map<string, TypeNode>;
	readonly hidden: TypeSyntax[];
	imports: Map<string, WorldItem>;
	exports: Map<string, WorldItem>;
}

/** An import or export of a world. Its key is its name, or `/` and the id of an interface. */
export type WorldItem =
	| {
			readonly kind: 'interface';
			readonly interface: InterfaceNode;
			readonly at: FilePlace;
			readonly stability: Stability;
	  }
	| { readonly kind: 'function'; readonly function: FunctionNode; readonly at: FilePlace }
	| { readonly kind: 'type'; readonly type: TypeNode; readonly at: FilePlace };

/** A named type in the making. */
export interface TypeNode {
	readonly name: string;
	readonly owner: InterfaceNode | WorldNode;
	readonly at: FilePlace;
	readonly stability: Stability;
	readonly isExcluded: boolean;
	readonly doc?: string;
	readonly body: TypeBody;
}

/** What a named type is. */
export type TypeBody =
	| { readonly kind: 'record' | 'variant'; readonly members: readonly MemberNode[] }
	| { readonly kind: 'enum' | 'flags'; readonly members: readonly MemberNode[] }
	| { readonly kind: 'resource'; readonly functions: FunctionNode[] }
	/** `use`, and `type a = b`: whoever names it means the other one, also as a resource. */
	| { readonly kind: 'same'; readonly of: TypeNode; readonly isUse: boolean }
	| { readonly kind: 'alias'; readonly type: TypeUse }
	/** Something is wrong with it, which has been reported. */
	| { readonly kind: 'broken' };

/** A member of a record, variant, enum or of flags. */
export interface MemberNode {
	readonly name: string;
	readonly at: FilePlace;
	readonly doc?: string;
	readonly type?: TypeUse;
}

/** A type where it is used. */
export type TypeUse =
	| { readonly kind: 'primitive'; readonly name: Primitive | 'error-context' }
	| { readonly kind: 'named'; readonly type: TypeNode; readonly isOwn: boolean }
	| {
			readonly kind: 'nameless';
			readonly name: NamelessName;
			readonly args: readonly (TypeUse | undefined)[];
			readonly length?: number;
			/** Equal for equal types. */
			readonly key: string;
			readonly stability: Stability;
	  }
	| { readonly kind: 'broken' };

/** The constructors of types. */
export type NamelessName = 'list' | 'option' | 'result' | 'tuple' | 'map' | 'future' | 'stream' | 'borrow';

/** A function in the making. */
export interface FunctionNode {
	/** As the component model names it: `get`, `[method]row.get`. */
	readonly name: string;
	readonly syntax: NamedFunction | ResourceFunctionSyntax | { readonly kind: 'extern'; readonly doc?: string };
	readonly owner: InterfaceNode | WorldNode;
	readonly resource?: TypeNode;
	readonly isAsync: boolean;
	readonly params: readonly { readonly name: string; readonly at: FilePlace; readonly type: TypeUse }[];
	readonly result?: TypeUse;
	readonly at: FilePlace;
	readonly stability: Stability;
	readonly isExcluded: boolean;
}

/** What has gates. */
export interface Gated {
	readonly attributes: readonly Attribute[];
}
