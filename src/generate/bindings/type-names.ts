import { fallibleOf, partsOf, withoutAlias } from '../../wit/parts.js';
import type { ResourceDefinition, Signature, TypeDefinition, WitType } from '../../wit/type.js';
import { fixedNames } from './fixed.js';
import { interfaceName, Scope } from './names.js';

/** What has a name of its own in generated modules. */
export type Definition = TypeDefinition | ResourceDefinition;

/** What a generated function or table for the values of one type does. */
export type Verb = 'lift' | 'load' | 'lower' | 'store' | 'casesOf' | 'indicesOf';

const verbs: readonly Verb[] = ['lift', 'load', 'lower', 'store', 'casesOf', 'indicesOf'];

/** The names that types have in a generated module. */
export interface TypeNames {
	readonly definitions: readonly Definition[];
	/** The error types of functions that return a `result`, each once; undefined where errors carry nothing. */
	readonly errors: readonly (WitType | undefined)[];
	/** The TypeScript type of a definition. */
	readonly ofDefinition: (definition: Definition) => string;
	/** The interface of a resource's class. */
	readonly ofClass: (resource: ResourceDefinition) => string;
	/** The class of the errors by which functions give an error of this type. */
	readonly ofException: (error: WitType | undefined) => string;
	/** The generated function or table for the values of a type. */
	readonly ofRoutine: (verb: Verb, type: WitType) => string;
	/** All names that `ofRoutine` can give. */
	readonly routines: readonly string[];
}

/**
 * Names the definitions of a manifest's modules, and whatever else its functions use; `types` knows the names that are
 * taken.
 */
export function nameTypes(owned: readonly Definition[], signatures: readonly Signature[], types: Scope): TypeNames {
	const used = usedTypes(owned, signatures);
	const definitions = [...new Set([...owned, ...used.flatMap(definitionOf)])];
	const definitionNames = new Map(definitions.map((one) => [one, takeName(one, types)]));
	const ofDefinition = (definition: Definition): string => nameIn(definitionNames, definition);
	const classes = new Map(
		definitions.map((one) => [one, one.kind === 'resource' ? types.take(`${ofDefinition(one)}Class`) : '']),
	);
	const key = (type: WitType | undefined): string => (type === undefined ? '' : keyOf(type, ofDefinition));
	const parts = new Scope(reservedParts());
	const values = new Map<string, string>();
	for (const type of used) {
		if (!values.has(key(type))) values.set(key(type), parts.take(wordsOf(type, ofDefinition)));
	}
	const errors = new Map(signatures.flatMap(errorOf).map((error) => [key(error), error]));
	const exceptions = new Map(
		[...errors].map(([text, error]) => {
			const words = error === undefined ? 'Result' : wordsOf(error, ofDefinition);
			return [text, types.take(`${words}Exception`)];
		}),
	);
	return {
		definitions,
		errors: [...errors.values()],
		ofDefinition,
		ofClass: (resource) => nameIn(classes, resource),
		ofException: (error) => nameIn(exceptions, key(error)),
		ofRoutine: (verb, type) => verb + nameIn(values, key(type)),
		routines: [...values.values()].flatMap((part) => verbs.map((verb) => verb + part)),
	};
}

function nameIn<K>(names: ReadonlyMap<K, string>, key: K): string {
	const name = names.get(key);
	if (name === undefined) throw new Error('a type of the bindings has no name');
	return name;
}

/** All types that there are, with those that they are made of. */
function usedTypes(owned: readonly Definition[], signatures: readonly Signature[]): WitType[] {
	const used = new Set<WitType>();
	const seen = new Set<Definition>();
	const visit = (type: WitType): void => {
		used.add(type);
		// Two references to a definition need not be one object.
		if (type.kind === 'named' && seen.has(type.definition)) return;
		if (type.kind === 'named') seen.add(type.definition);
		for (const part of partsOf(type)) visit(part);
	};
	for (const definition of owned) {
		if (definition.kind !== 'resource') visit({ kind: 'named', definition });
	}
	for (const { params, result } of signatures) {
		for (const { type } of params) visit(type);
		if (result !== undefined) visit(result);
	}
	return [...used];
}

function definitionOf(type: WitType): Definition[] {
	if (type.kind === 'named') return [type.definition];
	return type.kind === 'own' || type.kind === 'borrow' ? [type.resource] : [];
}

/** The error type of a function, if it has one. */
function errorOf(signature: Signature): (WitType | undefined)[] {
	const result = fallibleOf(signature);
	return result === undefined ? [] : [result.err];
}

/** A definition whose name another has gets its module's in front. */
function takeName({ name, owner }: Definition, types: Scope): string {
	const own = interfaceName(name);
	return types.take(types.has(own) ? interfaceName(owner) + own : own);
}

/** A text that only equal types share. */
function keyOf(type: WitType, nameOf: (definition: Definition) => string): string {
	const plain = withoutAlias(type);
	switch (plain.kind) {
		case 'named':
			return nameOf(plain.definition);
		case 'own':
		case 'borrow':
			return `${plain.kind}<${nameOf(plain.resource)}>`;
		default: {
			const parts = partsOf(plain).map((part) => keyOf(part, nameOf));
			const nothing = plain.kind === 'result' && plain.ok === undefined ? '_,' : '';
			return `${plain.kind}<${nothing}${parts.join()}>`;
		}
	}
}

/** A type in words, for names. */
function wordsOf(type: WitType, nameOf: (definition: Definition) => string): string {
	const text = sentenceOf(
		withoutAlias(type),
		(part) => (part === undefined ? 'Nothing' : wordsOf(part, nameOf)),
		nameOf,
	);
	// Nobody reads longer names; the scope tells them apart.
	return text.length <= 60 ? text : interfaceName(withoutAlias(type).kind);
}

function sentenceOf(
	type: WitType,
	words: (part: WitType | undefined) => string,
	nameOf: (definition: Definition) => string,
): string {
	switch (type.kind) {
		case 'named':
			return nameOf(type.definition);
		case 'own':
			return nameOf(type.resource);
		case 'borrow':
			return `Borrowed${nameOf(type.resource)}`;
		case 'list':
			return `ListOf${words(type.element)}`;
		case 'tuple':
			return `TupleOf${type.items.map(words).join('And')}`;
		case 'option':
			return `OptionOf${words(type.some)}`;
		case 'result':
			return `ResultOf${words(type.ok)}Or${words(type.err)}`;
		default:
			return interfaceName(type.kind);
	}
}

/** The ends of the names of fixed code that look like names of routines. */
function reservedParts(): string[] {
	return fixedNames().flatMap((name) =>
		verbs.filter((verb) => name.startsWith(verb)).map((verb) => name.slice(verb.length)),
	);
}
