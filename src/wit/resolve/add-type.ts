import type { NameSyntax, TypeSyntax, UseSyntax } from '../syntax.js';
import { checkSince, excludes, stabilityOf } from './gates.js';
import type { InterfaceNode, TypeBody, TypeNode, WorldNode } from './model.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';

/** What a type is of which something is wrong that has been reported. */
export const broken: TypeBody = { kind: 'broken' };

/** What gates say of a type. */
export type Gate = Pick<TypeNode, 'stability' | 'isExcluded'>;

/** The gate of a definition or of a `use`. */
export function gateOf(
	syntax: TypeSyntax | UseSyntax,
	owner: InterfaceNode | WorldNode,
	scope: FileScope,
	{ reporter, features }: Resolution,
): Gate {
	const stability = stabilityOf(syntax, scope.path, reporter);
	checkSince(syntax, owner.package, scope.path, reporter);
	return { stability, isExcluded: excludes(stability, features) };
}

/** Adds a type to an interface or a world. */
export function addType(
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
