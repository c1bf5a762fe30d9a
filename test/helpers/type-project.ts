import { stringify } from 'yaml';
import { witText } from '../../src/wit/name.js';
import { partsOf, withoutAlias } from '../../src/wit/parts.js';
import { printSignature } from '../../src/wit/print.js';
import { printDefinition } from '../../src/wit/print-definition.js';
import type { TypeDefinition, WitType } from '../../src/wit/type.js';
import { func, result, tuple } from '../unit/bindings/types.js';

/** Functions of one type, in a module of a manifest: `give0`, `take0`, `echo0` and `find0`. */
export interface TypeModule {
	readonly name: string;
	readonly types: readonly WitType[];
}

/** The manifest of modules whose functions carry types in both directions. */
export function typeProject(modules: readonly TypeModule[], python: string): string {
	return stringify(
		{
			python,
			modules: Object.fromEntries(modules.map((module) => [module.name, moduleEntry(module)])),
		},
		{ lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
	);
}

function moduleEntry({ types }: TypeModule): object {
	const definitions = [...new Set(types.flatMap(definitionsIn))];
	const nameOf = ({ name }: { readonly name: string }): string => witText(name);
	const text = definitions.flatMap((one) => printDefinition(one, { nameOf, docs: false })).join('\n');
	const functions = types.flatMap((type, index) => [
		[`give${index}`, printSignature(func({}, type))],
		[`take${index}`, printSignature(func({ value: type }))],
		[`echo${index}`, printSignature(func({ value: type }, type))],
		[`find${index}`, printSignature(func({}, result(type, type)))],
	]);
	return { ...(text !== '' && { types: text }), functions: Object.fromEntries(functions) };
}

/** Types as a manifest can have them: definitions with names of their own, and no function that gives a bare result. */
export function fitForManifest(types: readonly WitType[]): WitType[] {
	let count = 0;
	const renamed = new Map<TypeDefinition, TypeDefinition>();
	const visit = (type: WitType): WitType => {
		switch (type.kind) {
			case 'list':
				return { ...type, element: visit(type.element) };
			case 'tuple':
				return { ...type, items: type.items.map(visit) };
			case 'option':
				return { ...type, some: visit(type.some) };
			case 'result':
				return { ...type, ...(type.ok && { ok: visit(type.ok) }), ...(type.err && { err: visit(type.err) }) };
			case 'named': {
				const known = renamed.get(type.definition);
				const definition = known ?? {
					...visitDefinition(type.definition),
					name: `${type.definition.name}-n${count++}`,
				};
				renamed.set(type.definition, definition);
				return { kind: 'named', definition };
			}
			default:
				return type;
		}
	};
	const visitDefinition = (definition: TypeDefinition): TypeDefinition => {
		switch (definition.kind) {
			case 'record':
				return { ...definition, fields: definition.fields.map((one) => ({ ...one, type: visit(one.type) })) };
			case 'variant':
				return {
					...definition,
					cases: definition.cases.map((one) => ({ ...one, ...(one.type && { type: visit(one.type) }) })),
				};
			case 'alias':
				return { ...definition, type: visit(definition.type) };
			default:
				return definition;
		}
	};
	return types.map((type) => visit(withoutAlias(type).kind === 'result' ? tuple(type) : type));
}

/** The definitions of a type, each after those that it uses. */
function definitionsIn(type: WitType): TypeDefinition[] {
	return [...partsOf(type).flatMap(definitionsIn), ...(type.kind === 'named' ? [type.definition] : [])];
}
