import type {
	EnumDefinition,
	FlagsDefinition,
	Primitive,
	RecordDefinition,
	ResourceDefinition,
	ResourceFunction,
	Signature,
	TypeDefinition,
	VariantDefinition,
	WitType,
} from '../../../src/wit/type.js';

const owner = 'demo';

/** A primitive type, or one that is at hand. */
export type Some = Primitive | WitType;

/** The type that a short spelling means. */
export function typeOf(some: Some): WitType {
	return typeof some === 'string' ? { kind: some } : some;
}

export function list(element: Some): WitType {
	return { kind: 'list', element: typeOf(element) };
}

export function tuple(...items: readonly Some[]): WitType {
	return { kind: 'tuple', items: items.map(typeOf) };
}

export function option(some: Some): WitType {
	return { kind: 'option', some: typeOf(some) };
}

export function result(ok?: Some, err?: Some): WitType {
	return {
		kind: 'result',
		...(ok !== undefined && { ok: typeOf(ok) }),
		...(err !== undefined && { err: typeOf(err) }),
	};
}

export function named(definition: TypeDefinition): WitType {
	return { kind: 'named', definition };
}

export function record(name: string, fields: Readonly<Record<string, Some>>): WitType {
	const all = Object.entries(fields).map(([field, type]) => ({ name: field, type: typeOf(type) }));
	return named({ kind: 'record', name, owner, fields: all } satisfies RecordDefinition);
}

/** Cases without a payload are undefined. */
export function variant(name: string, cases: Readonly<Record<string, Some | undefined>>): WitType {
	const all = Object.entries(cases).map(([one, type]) => ({ name: one, ...(type && { type: typeOf(type) }) }));
	return named({ kind: 'variant', name, owner, cases: all } satisfies VariantDefinition);
}

export function enumOf(name: string, ...labels: readonly string[]): WitType {
	return named({ kind: 'enum', name, owner, cases: labels.map((label) => ({ name: label })) } satisfies EnumDefinition);
}

export function flags(name: string, ...labels: readonly string[]): WitType {
	return named({
		kind: 'flags',
		name,
		owner,
		flags: labels.map((label) => ({ name: label })),
	} satisfies FlagsDefinition);
}

export function alias(name: string, type: Some): WitType {
	return named({ kind: 'alias', name, owner, type: typeOf(type) });
}

/** A signature of parameters by name. */
export function func(params: Readonly<Record<string, Some>>, result?: Some): Signature {
	const all = Object.entries(params).map(([name, type]) => ({ name, type: typeOf(type), start: 0, end: 0 }));
	return { params: all, ...(result !== undefined && { result: typeOf(result) }) };
}

/** A resource; its functions get it, so that their signatures can name it. */
export function resource(
	name: string,
	functions: (self: ResourceDefinition) => readonly ResourceFunction[],
): ResourceDefinition {
	const all: ResourceFunction[] = [];
	const definition: ResourceDefinition = { kind: 'resource', name, owner, functions: all };
	all.push(...functions(definition));
	return definition;
}
