import { nearest } from '../../diagnostics/nearest.js';
import type { InterfaceItem, NameSyntax, TypeSyntax, UseSyntax, WorldItemSyntax } from '../syntax.js';
import type { TypeExpression } from '../type-expression.js';
import { constructors, isPrimitiveName } from '../types.js';
import { checkSince, excludes, reportExcluded, stabilityOf } from './gates.js';
import { findInterface } from './lookup.js';
import type { InterfaceNode, MemberNode, TypeBody, TypeNode, WorldNode } from './model.js';
import { circlesIn, orderByNeed } from './order.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';
import { definedNames, makeNameless, resolveUse, type TypeContext } from './type-use.js';
import { reportEmpty } from './validate.js';

/** Resolves what `use` brings and what is defined in an interface or a world, in the order of dependencies. */
export function resolveTypes(
	owner: InterfaceNode | WorldNode,
	items: readonly (InterfaceItem | WorldItemSyntax)[],
	scope: FileScope,
	resolution: Resolution,
): void {
	for (const item of items) if (item.kind === 'use') resolveUseItem(owner, item, scope, resolution);
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
			add(owner, syntax.name, scope, resolution, {
				...gateOf(syntax, owner, scope, resolution),
				body: { kind: 'broken' },
			});
	}
}

function resolveUseItem(
	owner: InterfaceNode | WorldNode,
	use: UseSyntax,
	scope: FileScope,
	resolution: Resolution,
): void {
	const gate = gateOf(use, owner, scope, resolution);
	const from = findInterface(use.from, scope, resolution);
	for (const { name, as } of use.names) {
		const body = from === undefined ? broken : usedType(name, use, from, gate.isExcluded, scope, resolution);
		add(owner, as ?? name, scope, resolution, { ...gate, body });
	}
}

const broken: TypeBody = { kind: 'broken' };

/** What a name of another interface stands for. */
function usedType(
	name: NameSyntax,
	use: UseSyntax,
	from: InterfaceNode,
	isExcluded: boolean,
	scope: FileScope,
	{ reporter, features }: Resolution,
): TypeBody {
	const at = placeOf(scope.path, name);
	const type = from.types.get(name.text);
	const isForeign = from.package !== scope.package;
	// wasm-tools keeps a type of another package out wherever the first use of it is kept out.
	const first = scope.foreign.types.get(`${from.package.source.id}/${from.name}.${name.text}`);
	const isKeptOut = isForeign && first !== undefined && excludes(first, features);
	if (isForeign && isKeptOut && type === undefined) return broken;
	if (type === undefined) {
		reportUnknownType(name, from, at, reporter);
		return broken;
	}
	if (isExcluded) return { kind: 'same', of: type, isUse: true };
	if (type.isExcluded) reportExcluded(reporter, at, `"${name.text}"`, type.stability);
	else if (isKeptOut) reportExcluded(reporter, at, `the first use of "${use.from.name.text}.${name.text}"`, first);
	return { kind: 'same', of: type, isUse: true };
}

function reportUnknownType(
	name: NameSyntax,
	from: InterfaceNode,
	at: ReturnType<typeof placeOf>,
	reporter: Resolution['reporter'],
): void {
	if (from.functionNames.has(name.text)) {
		const message = `"${name.text}" is a function of "${from.id}", and "use" is for types`;
		reporter.report('wit/wrong-kind', at, message, { hint: 'import the interface in a world to have its functions' });
		return;
	}
	const meant = nearest(name.text, from.types.keys());
	const list = [...from.types.keys()].map((one) => `"${one}"`).join(', ');
	const hint = meant === undefined ? (list === '' ? 'it has no types' : `it has ${list}`) : `did you mean "${meant}"?`;
	reporter.report('wit/unknown-name', at, `the interface "${from.id}" has no type "${name.text}"`, { hint });
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

/** Says that a name is there twice. */
export function reportTwice(
	second: NameSyntax,
	first: { readonly start: number; readonly end: number },
	{ path }: FileScope,
	reporter: Resolution['reporter'],
): void {
	reporter.report('wit/duplicate-name', placeOf(path, second), `"${second.text}" is defined twice`, {
		hint: 'rename one of them',
		note: { message: 'the first one is here', at: placeOf(path, first) },
	});
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

type Gate = Pick<TypeNode, 'stability' | 'isExcluded'>;

function gateOf(
	syntax: TypeSyntax | UseSyntax,
	owner: InterfaceNode | WorldNode,
	scope: FileScope,
	{ reporter, features }: Resolution,
): Gate {
	const stability = stabilityOf(syntax, scope.path, reporter);
	checkSince(syntax, owner.package, scope.path, reporter);
	return { stability, isExcluded: excludes(stability, features) };
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
	add(owner, syntax.name, scope, resolution, { ...gate, ...doc, body: bodyOf(syntax, context, scope) });
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

function add(
	owner: InterfaceNode | WorldNode,
	name: NameSyntax,
	scope: FileScope,
	{ reporter }: Resolution,
	rest: Gate & Pick<TypeNode, 'body' | 'doc'>,
): void {
	const first = owner.types.get(name.text);
	if (first !== undefined) {
		reportTwice(name, first.at, scope, reporter);
		return;
	}
	owner.types.set(name.text, { name: name.text, owner, at: placeOf(scope.path, name), ...rest });
	if (!owner.isExcluded || rest.isExcluded) return;
	const message = `"${name.text}" is not gated, but the ${owner.kind} "${owner.name}" around it is`;
	const feature = owner.stability.kind === 'unstable' ? owner.stability.feature : undefined;
	const hint = `put @unstable(feature = ${feature}) before it too`;
	reporter.report('wit/feature-gate', placeOf(scope.path, name), message, { hint });
}
