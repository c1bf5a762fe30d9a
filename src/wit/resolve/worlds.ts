import type { ExternSyntax } from '../syntax.js';
import { resolveFunction } from './functions.js';
import { checkSince, excludes, reportExcluded, stabilityOf } from './gates.js';
import { gateFunction, resolveInterface, resourceFunctions } from './interfaces.js';
import { findInterface } from './lookup.js';
import type { InterfaceNode, Stability, WorldItem, WorldNode } from './model.js';
import type { FilePlace, Reporter } from './reporter.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';
import { resolveTypes } from './types.js';

/** The key of an interface in a world: no name has a slash before it. */
export function interfaceKey({ id }: InterfaceNode): string {
	return `/${id}`;
}

/** Fills in what a world says itself; what it includes comes later. */
export function resolveWorld(node: WorldNode, scope: FileScope, resolution: Resolution): void {
	const { reporter } = resolution;
	checkSince(node.syntax, node.package, scope.path, reporter);
	resolveTypes(node, node.syntax.items, scope, resolution);
	// Names that are taken, also by what gates keep out.
	const taken = { import: new Map<string, FilePlace>(), export: new Map<string, FilePlace>() };
	for (const type of node.types.values()) {
		taken.import.set(type.name, type.at);
		if (!node.isExcluded && type.isExcluded) {
			reportExcluded(reporter, type.at, `the type "${type.name}" of a world`, type.stability);
		}
		node.imports.set(type.name, { kind: 'type', type, at: type.at });
	}
	for (const item of node.syntax.items) {
		if (item.kind === 'resource') {
			for (const func of resourceFunctions(item.name.text, item.functions, node, scope, resolution)) {
				if (!func.isExcluded) node.imports.set(func.name, { kind: 'function', function: func, at: func.at });
			}
		} else if (item.kind === 'import' || item.kind === 'export') {
			addExtern(node, item, taken[item.kind], scope, resolution);
		}
	}
}

function addExtern(
	node: WorldNode,
	syntax: ExternSyntax,
	taken: Map<string, FilePlace>,
	scope: FileScope,
	resolution: Resolution,
): void {
	const { reporter, features } = resolution;
	const resolved = resolveExtern(node, syntax, scope, resolution);
	if (resolved === undefined) return;
	const { key, item, stability } = resolved;
	const first = taken.get(key);
	if (first !== undefined) reportTaken(syntax.kind, key, item.at, first, reporter);
	taken.set(key, item.at);
	if (node.isExcluded || excludes(stability, features)) return;
	if (item.kind === 'interface' && item.interface.isExcluded) {
		reportExcluded(reporter, item.at, `the interface "${item.interface.name}"`, item.interface.stability);
		return;
	}
	(syntax.kind === 'import' ? node.imports : node.exports).set(key, item);
}

function reportTaken(
	kind: 'import' | 'export',
	key: string,
	at: FilePlace,
	first: FilePlace,
	reporter: Reporter,
): void {
	const message = key.startsWith('/')
		? `the interface "${key.slice(1)}" is ${kind}ed twice`
		: `two ${kind}s of the world are named "${key}"`;
	const hint = key.startsWith('/') ? 'remove one of them' : 'rename one of them; types of a world count as imports';
	reporter.report('wit/duplicate-name', at, message, { hint, note: { message: 'the first one is here', at: first } });
}

interface ResolvedExtern {
	readonly key: string;
	readonly item: WorldItem;
	readonly stability: Stability;
}

function resolveExtern(
	node: WorldNode,
	syntax: ExternSyntax,
	scope: FileScope,
	resolution: Resolution,
): ResolvedExtern | undefined {
	const { item, name } = syntax;
	if (item.kind === 'function') {
		if (name === undefined) return undefined;
		const gated = gateFunction(syntax, node, scope, resolution);
		const func = resolveFunction(
			{ ...syntax, kind: 'extern', name, func: item.func },
			{ owner: node, scope, resolution, ...gated },
		);
		return { key: name.text, item: { kind: 'function', function: func, at: func.at }, stability: gated.stability };
	}
	const stability = stabilityOf(syntax, scope.path, resolution.reporter);
	if (!node.isExcluded) checkSince(syntax, node.package, scope.path, resolution.reporter);
	if (item.kind === 'path') {
		const found = findInterface(item.path, scope, resolution);
		if (found === undefined) return undefined;
		const at = placeOf(scope.path, name ?? item.path.name);
		const key = name === undefined ? interfaceKey(found) : name.text;
		return { key, item: { kind: 'interface', interface: found, at, stability }, stability };
	}
	if (name === undefined) return undefined;
	const inline = inlineInterface(node, syntax, name, item.items, stability, resolution, scope);
	const at = placeOf(scope.path, name);
	return { key: name.text, item: { kind: 'interface', interface: inline, at, stability }, stability };
}

function inlineInterface(
	node: WorldNode,
	{ attributes, doc }: ExternSyntax,
	name: { readonly text: string; readonly start: number; readonly end: number },
	items: InterfaceNode['syntax']['items'],
	stability: Stability,
	resolution: Resolution,
	scope: FileScope,
): InterfaceNode {
	const inline: InterfaceNode = {
		kind: 'interface',
		id: name.text,
		name: name.text,
		package: node.package,
		at: placeOf(scope.path, name),
		// Its gates have been looked at with the import or export that it is.
		syntax: { attributes, items, ...(doc === undefined ? {} : { doc }) },
		isInline: true,
		stability,
		isExcluded: excludes(stability, resolution.features),
		types: new Map(),
		functions: [],
		functionNames: new Set(),
		hidden: [],
	};
	resolveInterface(inline, scope, resolution);
	return inline;
}
