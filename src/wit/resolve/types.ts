import type { InterfaceItem, NameSyntax, TypeSyntax, WorldItemSyntax } from '../syntax.js';
import type { TypeExpression } from '../type-expression.js';
import { constructors, isPrimitiveName } from '../types.js';
import { addType, broken, gateOf, reportTwice } from './add-type.js';
import type { InterfaceNode, MemberNode, TypeBody, WorldNode } from './model.js';
import { circlesIn, orderByNeed } from './order.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';
import { definedNames, makeNameless, resolveUse, type TypeContext } from './type-use.js';
import { bringTypes } from './uses.js';
import { reportEmpty } from './validate.js';

/** Resolves what `use` brings and what is defined in an interface or a world, in the order of dependencies. */
export function resolveTypes(
	owner: InterfaceNode | WorldNode,
	items: readonly (InterfaceItem | WorldItemSyntax)[],
	scope: FileScope,
	resolution: Resolution,
): void {
	for (const item of items) if (item.kind === 'use') bringTypes(owner, item, scope, resolution);
	const definitions = definitionsOf(owner, items, scope, resolution);
	const needs = new Map([...definitions].map(([name, syntax]) => [name, namesIn(syntax).map((one) => bare(one.name))]));
	const { order, stuck } = orderByNeed(needs);
	reportCircle(definitions, stuck, scope, resolution);
	for (const name of order) {
		const syntax = definitions.get(name);
		if (syntax !== undefined) define(owner, syntax, scope, resolution);
	}
	for (const name of stuck.keys()) {
		const syntax = definitions.get(name);
		if (syntax !== undefined)
			addType(owner, syntax.name, scope, resolution, {
				...gateOf(syntax, owner, scope, resolution),
				body: broken,
			});
	}
}

/** The definitions by their names. One that a later `use` hides is set aside, as wasm-tools has it. */
function definitionsOf(
	owner: InterfaceNode | WorldNode,
	items: readonly (InterfaceItem | WorldItemSyntax)[],
	scope: FileScope,
	{ reporter }: Resolution,
): ReadonlyMap<string, TypeSyntax> {
	const definitions = new Map<string, TypeSyntax>();
	const used = new Map<string, NameSyntax>();
	for (const item of items) {
		if (item.kind === 'use') {
			for (const { name, as = name } of item.names) {
				const hidden = definitions.get(as.text);
				if (hidden !== undefined) owner.hidden.push(hidden);
				definitions.delete(as.text);
				used.set(as.text, as);
			}
		}
		if (!isDefinition(item)) continue;
		const first = definitions.get(item.name.text)?.name ?? used.get(item.name.text);
		if (first === undefined) definitions.set(item.name.text, item);
		else reportTwice(item.name, first, scope, reporter);
	}
	return definitions;
}

function isDefinition(item: InterfaceItem | WorldItemSyntax): item is TypeSyntax {
	return ['record', 'variant', 'enum', 'flags', 'alias', 'resource'].includes(item.kind);
}

/** The names that must have a meaning before a type has one. */
function namesIn(syntax: TypeSyntax): readonly TypeExpression[] {
	if (syntax.kind === 'resource') return [];
	if (syntax.kind === 'alias') return namesOf(syntax.type);
	return syntax.members.flatMap(({ type }) => (type === undefined ? [] : namesOf(type)));
}

function namesOf(expression: TypeExpression): readonly TypeExpression[] {
	const { name, args = [] } = expression;
	if (constructors.has(name)) return args.filter((arg) => !/^(?:_|\d+)$/.test(arg.name)).flatMap(namesOf);
	return isPrimitiveName(name) || name === 'error-context' ? [] : [expression];
}

function bare(name: string): string {
	return name.replace(/^%/, '');
}

function reportCircle(
	definitions: ReadonlyMap<string, TypeSyntax>,
	stuck: ReadonlyMap<string, string>,
	scope: FileScope,
	{ reporter }: Resolution,
): void {
	for (const circle of circlesIn(stuck)) {
		const syntax = definitions.get(circle[0]);
		const at = syntax && namesIn(syntax).find(({ name }) => bare(name) === circle[1]);
		if (at === undefined) continue;
		const message =
			circle.length === 2
				? `the type "${circle[0]}" contains itself`
				: `types contain each other: ${circle.map((name) => `"${name}"`).join(' contains ')}`;
		const hint = 'WIT has no recursive types; a resource, or an index into a list, can stand for the inner one';
		reporter.report('wit/cycle', placeOf(scope.path, at), message, { hint });
	}
}

function define(owner: InterfaceNode | WorldNode, syntax: TypeSyntax, scope: FileScope, resolution: Resolution): void {
	const gate = gateOf(syntax, owner, scope, resolution);
	const context: TypeContext = {
		resolution,
		path: scope.path,
		package: scope.package,
		types: owner.types,
		known: definedNames(owner.syntax.items),
		position: 'parameter',
		...gate,
	};
	const doc = syntax.doc === undefined ? {} : { doc: syntax.doc };
	addType(owner, syntax.name, scope, resolution, { ...gate, ...doc, body: bodyOf(syntax, context, scope) });
}

function bodyOf(syntax: TypeSyntax, context: TypeContext, scope: FileScope): TypeBody {
	if (syntax.kind === 'resource') return { kind: 'resource', functions: [] };
	if (syntax.kind !== 'alias') {
		const isEmpty = syntax.members.length === 0 && (syntax.kind === 'variant' || syntax.kind === 'enum');
		// Empty records and flags are found with what only components refuse, and not where a gate keeps them out.
		if (isEmpty)
			reportEmpty(syntax.kind, syntax.name.text, placeOf(scope.path, syntax.name), context.resolution.reporter);
		return { kind: syntax.kind, members: membersOf(syntax.members, context, scope) };
	}
	const { type } = syntax;
	if (constructors.has(type.name) && type.name !== 'own') {
		const use = makeNameless(type, context);
		return use.kind === 'broken' ? broken : { kind: 'alias', type: use };
	}
	const use = resolveUse(type, context);
	if (use.kind === 'broken') return broken;
	return use.kind === 'named' && !use.isOwn
		? { kind: 'same', of: use.type, isUse: false }
		: { kind: 'alias', type: use };
}

function membersOf(
	members: Extract<TypeSyntax, { readonly members: unknown }>['members'],
	context: TypeContext,
	{ path }: FileScope,
): readonly MemberNode[] {
	return members.map(({ name, type, doc }) => ({
		name: name.text,
		at: placeOf(path, name),
		...(doc === undefined ? {} : { doc }),
		...(type === undefined ? {} : { type: resolveUse(type, context) }),
	}));
}
