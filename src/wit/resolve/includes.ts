import type { IncludeSyntax, NameSyntax } from '../syntax.js';
import { checkSince, excludes, reportExcluded, sameStability, stabilityOf, ungated } from './gates.js';
import { findWorld } from './lookup.js';
import type { FunctionNode, Stability, WorldItem, WorldNode } from './model.js';
import type { FilePlace } from './reporter.js';
import { type FileScope, placeOf, type Resolution } from './structure.js';

/** Adds what a world includes; the worlds that it includes are complete. */
export function includeWorlds(node: WorldNode, scope: FileScope, resolution: Resolution): void {
	for (const item of node.syntax.items) {
		if (item.kind !== 'include') continue;
		const stability = stabilityOf(item, scope.path, resolution.reporter, 'external-id');
		const from = findWorld(item.from, scope, resolution);
		if (node.isExcluded) continue;
		checkSince(item, node.package, scope.path, resolution.reporter);
		if (from !== undefined && !excludes(stability, resolution.features)) include(node, from, item, scope, resolution);
	}
}

function include(
	node: WorldNode,
	from: WorldNode,
	syntax: IncludeSyntax,
	scope: FileScope,
	resolution: Resolution,
): void {
	const at = placeOf(scope.path, syntax.from);
	if (from.isExcluded) {
		reportExcluded(resolution.reporter, at, `the world "${from.name}"`, from.stability);
		return;
	}
	const keys = [...from.imports.keys(), ...from.exports.keys()].filter((key) => !key.startsWith('/'));
	for (const { name } of syntax.names) {
		if (keys.some((key) => renamed(key, name.text, '') !== undefined)) continue;
		const message = `the world "${from.name}" has no import or export "${name.text}" to rename`;
		const hint = 'interfaces of packages keep their names';
		resolution.reporter.report('wit/unknown-name', placeOf(scope.path, name), message, { hint });
	}
	const merge: Merge = { at, isForeign: from.package !== node.package, names: syntax.names, resolution };
	for (const [key, item] of from.imports) addItem(node, 'imports', key, item, merge);
	for (const [key, item] of from.exports) addItem(node, 'exports', key, item, merge);
}

interface Merge {
	readonly at: FilePlace;
	readonly isForeign: boolean;
	readonly names: readonly { readonly name: NameSyntax; readonly as: NameSyntax }[];
	readonly resolution: Resolution;
}

function addItem(node: WorldNode, direction: 'imports' | 'exports', key: string, item: WorldItem, merge: Merge): void {
	const { at, names, resolution } = merge;
	const items = node[direction];
	if (key.startsWith('/')) {
		const before = items.get(key);
		if (item.kind !== 'interface' || (before !== undefined && before.kind !== 'interface')) return;
		items.set(key, { ...(before ?? item), stability: mergeStability(item, before, merge) });
		return;
	}
	const name = names.map(({ name, as }) => renamed(key, name.text, as.text)).find((one) => one !== undefined) ?? key;
	const before = items.get(name);
	if (before !== undefined) {
		const message = `"include" brings another ${direction.slice(0, -1)} "${name}"`;
		const hint = `rename it: include … with { ${name.replace(/^\[[a-z]+\]/, '').replace(/\..*/, '')} as other-name }`;
		resolution.reporter.report('wit/world', at, message, {
			hint,
			note: { message: 'the first one is here', at: before.at },
		});
		return;
	}
	items.set(name, item.kind === 'function' ? { ...item, function: rename(item.function, name) } : item);
}

function rename(func: FunctionNode, name: string): FunctionNode {
	return { ...func, name };
}

/** The new name of an item: itself, or a function of a resource that gets a new name. */
function renamed(key: string, from: string, to: string): string | undefined {
	if (key === from) return to;
	const found = /^(\[[^\]]*\])([^.]*)((?:\..*)?)$/s.exec(key);
	if (found === null) return undefined;
	const [, kind = '', resource = '', rest = ''] = found;
	return resource === from ? `${kind}${to}${rest}` : undefined;
}

/** An interface that comes by several ways must come under one gate. */
function mergeStability(
	item: Extract<WorldItem, { readonly kind: 'interface' }>,
	before: typeof item | undefined,
	{ at, isForeign, resolution }: Merge,
): Stability {
	if (isForeign && item.stability.kind === 'stable') return ungated;
	if (before === undefined || before.stability.kind === 'unknown') return item.stability;
	if (item.stability.kind === 'unknown' || sameStability(item.stability, before.stability)) return before.stability;
	const message = `"include" brings the interface "${item.interface.id}" under another gate`;
	const hint = 'give both the same gate';
	const note = { message: 'the other gate is here', at: before.at };
	resolution.reporter.report('wit/feature-gate', at, message, { hint, note });
	return before.stability;
}
