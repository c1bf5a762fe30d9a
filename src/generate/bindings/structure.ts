import { jsName } from '../../wit/name.js';
import { withoutAlias } from '../../wit/parts.js';
import type {
	Label,
	Primitive,
	ResourceDefinition,
	ResourceFunction,
	TypeDefinition,
	WitType,
} from '../../wit/type.js';
import { isPrimitive } from '../../wit/types.js';
import { memberName, Scope } from './names.js';

/** What a type is to JavaScript, aliases resolved. */
export type Structure =
	| { readonly kind: 'primitive'; readonly primitive: Primitive }
	/** A list of numbers: a typed array. */
	| { readonly kind: 'numbers'; readonly array: string }
	| { readonly kind: 'list'; readonly element: WitType }
	| { readonly kind: 'record'; readonly fields: readonly Member[] }
	| { readonly kind: 'tuple'; readonly items: readonly WitType[] }
	/** The value, or `undefined`. */
	| { readonly kind: 'option'; readonly some: WitType }
	/** An object with a `tag`, and a `val` where the case has a payload. */
	| { readonly kind: 'union'; readonly cases: readonly UnionCase[] }
	| { readonly kind: 'enum'; readonly labels: readonly Label[] }
	| { readonly kind: 'flags'; readonly flags: readonly Flag[] }
	| { readonly kind: 'handle'; readonly own: boolean; readonly resource: ResourceDefinition };

/** A property of an object. */
export interface Member {
	readonly member: string;
	readonly type: WitType;
	readonly doc?: string;
}

/** A property that tells a flag. */
export interface Flag {
	readonly member: string;
	readonly doc?: string;
}

/** A case of an object with a `tag`. */
export interface UnionCase {
	readonly tag: string;
	readonly type?: WitType;
	readonly doc?: string;
}

const typedArrays: Readonly<Partial<Record<WitType['kind'], string>>> = {
	s8: 'Int8Array',
	s16: 'Int16Array',
	s32: 'Int32Array',
	s64: 'BigInt64Array',
	u8: 'Uint8Array',
	u16: 'Uint16Array',
	u32: 'Uint32Array',
	u64: 'BigUint64Array',
	f32: 'Float32Array',
	f64: 'Float64Array',
};

/** What a type is to JavaScript; the same as in jco, so that one host serves a core module and a component. */
export function structureOf(type: WitType): Structure {
	if (isPrimitive(type)) return { kind: 'primitive', primitive: type.kind };
	switch (type.kind) {
		case 'list': {
			const array = typedArrays[withoutAlias(type.element).kind];
			return array === undefined ? { kind: 'list', element: type.element } : { kind: 'numbers', array };
		}
		case 'tuple':
			return { kind: 'tuple', items: type.items };
		case 'option':
			// `undefined` can stand for nothing only where the value itself is never undefined.
			return structureOf(type.some).kind === 'option'
				? { kind: 'union', cases: [{ tag: 'none' }, { tag: 'some', type: type.some }] }
				: { kind: 'option', some: type.some };
		case 'result':
			return { kind: 'union', cases: [unionCase('ok', type.ok), unionCase('err', type.err)] };
		case 'own':
		case 'borrow':
			return { kind: 'handle', own: type.kind === 'own', resource: type.resource };
		case 'named':
			return definedStructure(type.definition);
	}
}

function definedStructure(definition: TypeDefinition): Structure {
	switch (definition.kind) {
		case 'record': {
			const scope = new Scope();
			const fields = definition.fields.map((field) => ({
				...field,
				member: scope.take(jsName(field.name.toLowerCase())),
			}));
			return { kind: 'record', fields };
		}
		case 'variant':
			return { kind: 'union', cases: definition.cases.map(({ name, ...rest }) => ({ ...rest, tag: name })) };
		case 'enum':
			return { kind: 'enum', labels: definition.cases };
		case 'flags': {
			const scope = new Scope();
			return {
				kind: 'flags',
				flags: definition.flags.map((flag) => ({ ...flag, member: scope.take(jsName(flag.name.toLowerCase())) })),
			};
		}
		case 'alias':
			return structureOf(definition.type);
	}
}

function unionCase(tag: string, type: WitType | undefined): UnionCase {
	return { tag, ...(type !== undefined && { type }) };
}

/** A function of a resource, with the name that it has in TypeScript. */
export interface ResourceMember {
	readonly source: ResourceFunction;
	readonly member: string;
}

/** The methods of a resource's objects. */
export function methodsOf(resource: ResourceDefinition): ResourceMember[] {
	return membersOf(resource, 'method');
}

/** The static functions of a resource's class. */
export function staticsOf(resource: ResourceDefinition): ResourceMember[] {
	return membersOf(resource, 'static');
}

function membersOf({ functions }: ResourceDefinition, kind: ResourceFunction['kind']): ResourceMember[] {
	const scope = new Scope();
	return functions
		.filter((one) => one.kind === kind)
		.map((source) => ({ source, member: scope.take(memberName(source.name)) }));
}
