import type { InterfaceItem, ResourceFunctionSyntax } from '../syntax.js';
import { reportTwice } from './add-type.js';
import { type FunctionContext, resolveFunction, resolveResourceFunction } from './functions.js';
import { checkSince, excludes, reportExcluded, stabilityOf } from './gates.js';
import type { FunctionNode, Gated, InterfaceNode, TypeNode, WorldNode } from './model.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';
import { resolveTypes } from './types.js';
import { validateInterface } from './validate.js';

/** Fills in the types and functions of an interface. */
export function resolveInterface(node: InterfaceNode, scope: FileScope, resolution: Resolution): void {
	const { reporter } = resolution;
	checkSince(node.syntax, node.package, scope.path, reporter);
	resolveTypes(node, node.syntax.items, scope, resolution);
	for (const item of node.syntax.items) {
		if (item.kind === 'function') {
			addFunctionName(node, item, scope, resolution);
			const gated = gateFunction(item, node, scope, resolution);
			push(node, resolveFunction(item, { owner: node, scope, resolution, ...gated }));
		} else if (item.kind === 'resource') {
			for (const func of resourceFunctions(item.name.text, item.functions, node, scope, resolution)) push(node, func);
		}
	}
	if (!node.isExcluded) validateInterface(node, reporter);
}

function push(node: InterfaceNode, func: FunctionNode): void {
	if (!func.isExcluded) node.functions.push(func);
}

function addFunctionName(
	node: InterfaceNode,
	{ name }: Extract<InterfaceItem, { readonly kind: 'function' }>,
	scope: FileScope,
	{ reporter }: Resolution,
): void {
	const isTaken = node.types.has(name.text) || node.functionNames.has(name.text);
	node.functionNames.add(name.text);
	if (!isTaken) return;
	const other = node.syntax.items.find((one) => one.kind === 'function' && one.name.text === name.text);
	const first = node.types.get(name.text)?.at ?? (other?.kind === 'function' ? other.name : name);
	reportTwice(name, first, scope, reporter);
}

/** The functions of a resource. Two of one name are reported, and one whose resource a gate keeps out. */
export function resourceFunctions(
	name: string,
	syntax: readonly ResourceFunctionSyntax[],
	owner: InterfaceNode | WorldNode,
	scope: FileScope,
	resolution: Resolution,
): readonly FunctionNode[] {
	const { reporter } = resolution;
	const resource = owner.types.get(name);
	if (resource === undefined || resource.body.kind !== 'resource') {
		const [first] = syntax;
		if (first !== undefined && resource !== undefined && resource.body.kind === 'same') {
			reportTwice({ ...first.name, text: name }, resource.at, scope, reporter);
		}
		return [];
	}
	const seen = new Map<string, ResourceFunctionSyntax>();
	return syntax.map((func) => {
		const key = func.kind === 'constructor' ? '' : func.name.text;
		const first = seen.get(key);
		if (first !== undefined) reportSecond(func, first, resource, scope, resolution);
		seen.set(key, func);
		const gated = gateFunction(func, owner, scope, resolution);
		if (!gated.isExcluded && resource.isExcluded) {
			reportExcluded(reporter, placeOf(scope.path, func.name), `the resource "${name}"`, resource.stability);
		}
		const node = resolveResourceFunction(func, resource, { owner, scope, resolution, ...gated });
		if (resource.body.kind === 'resource' && !node.isExcluded) resource.body.functions.push(node);
		return node;
	});
}

function reportSecond(
	func: ResourceFunctionSyntax,
	first: ResourceFunctionSyntax,
	{ name }: TypeNode,
	{ path }: FileScope,
	{ reporter }: Resolution,
): void {
	const isConstructor = func.kind === 'constructor';
	const message = isConstructor
		? `the resource "${name}" has two constructors`
		: `the resource "${name}" has two functions "${func.name.text}"`;
	reporter.report('wit/duplicate-name', placeOf(path, func.name), message, {
		hint: isConstructor ? 'make one of them a static function' : 'rename one of them',
		note: { message: 'the first one is here', at: placeOf(path, first.name) },
	});
}

/** The gate of a function. wasm-tools looks at `@since` only where the function is not kept out with what it is in. */
export function gateFunction(
	syntax: Gated,
	owner: InterfaceNode | WorldNode,
	{ path }: FileScope,
	{ reporter, features }: Resolution,
): Pick<FunctionContext, 'stability' | 'isExcluded'> {
	const stability = stabilityOf(syntax, path, reporter);
	if (!owner.isExcluded) checkSince(syntax, owner.package, path, reporter);
	return { stability, isExcluded: owner.isExcluded || excludes(stability, features) };
}
