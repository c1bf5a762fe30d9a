import { nearest } from '../../diagnostics/nearest.js';
import type { ItemPath, NameSyntax } from '../syntax.js';
import { nameKey } from './component-name.js';
import { excludes, type Features, stabilityOf, ungated } from './gates.js';
import type { InterfaceNode, PackageNode, PackageSource, Stability, WorldNode } from './model.js';
import { circlesIn, orderByNeed } from './order.js';
import { itemId, packageId, pathsOf } from './packages.js';
import type { FilePlace, Reporter } from './reporter.js';

/** What the packages of a resolution share. */
export interface Resolution {
	readonly reporter: Reporter;
	readonly features: Features;
	readonly packages: Map<string, PackageNode>;
}

/** What names mean in one file. */
export interface FileScope {
	readonly path: string;
	readonly package: PackageNode;
	readonly names: ReadonlyMap<string, FileName>;
	/** The ways in `use` between interfaces. */
	readonly uses: readonly ItemPath[];
	readonly foreign: ForeignNames;
}

/** A name at the top of a file: its own item, one of its package, or one of another package. */
type FileName = { readonly at: FilePlace; readonly isUse: boolean } & (
	| { readonly local: string }
	| { readonly path: ItemPath }
);

/** What a package uses of others. wasm-tools decides these by the first use that it meets. */
export interface ForeignNames {
	readonly kinds: ReadonlyMap<string, 'interface' | 'world'>;
	/** The gate of the first use of a type: `ns:pkg/interface.type`. */
	readonly types: ReadonlyMap<string, Stability>;
	/** Interfaces and worlds of which all uses are left out. */
	readonly excluded: ReadonlySet<string>;
}

/** The interfaces and worlds of a package in the order in which they are resolved, each with its file. */
export interface Structure {
	readonly node: PackageNode;
	readonly scopes: readonly FileScope[];
	readonly items: readonly { readonly item: InterfaceNode | WorldNode; readonly scope: FileScope }[];
}

/** Finds out what a package declares, and what names mean in its files. */
export function structurePackage(source: PackageSource, resolution: Resolution): Structure {
	const { reporter } = resolution;
	const node: PackageNode = { source, items: new Map(), nameless: new Map() };
	for (const { path, items } of source.files) {
		for (const item of items) if (item.kind !== 'file-use') addItem(node, path, item, resolution);
	}
	checkCase(node, reporter);
	const foreign = foreignNames(source, resolution);
	const scopes = source.files.map(({ path, items }): FileScope => {
		const names = new Map<string, FileName>();
		for (const item of items) {
			const name = item.kind === 'file-use' ? (item.as ?? item.path.name) : item.name;
			const at = placeOf(path, name);
			const first = names.get(name.text);
			// Two items of one name have been reported already.
			if (first !== undefined && (item.kind === 'file-use' || first.isUse)) {
				reporter.report('wit/duplicate-name', at, `"${name.text}" already has a meaning in this file`, {
					hint: 'give it another name: use … as other-name;',
					note: { message: 'it has its meaning here', at: first.at },
				});
			}
			const isForeign = item.kind === 'file-use' && item.path.package !== undefined;
			const local = item.kind === 'file-use' ? item.path.name.text : name.text;
			names.set(name.text, { at, isUse: item.kind === 'file-use', ...(isForeign ? { path: item.path } : { local }) });
			if (item.kind === 'file-use') checkFileUse(item, path, node, reporter);
		}
		const uses = items.flatMap((item) => (item.kind === 'file-use' ? [item.path] : []));
		return { path, package: node, names, uses, foreign };
	});
	return { node, scopes, items: orderItems(node, source, scopes, reporter) };
}

function addItem(
	node: PackageNode,
	path: string,
	syntax: InterfaceNodeSyntax | WorldNode['syntax'],
	{ reporter, features }: Resolution,
): void {
	const at = placeOf(path, syntax.name);
	const name = syntax.name.text;
	const first = node.items.get(name);
	if (first !== undefined) {
		reporter.report('wit/duplicate-name', at, `the package "${node.source.id}" already has "${name}"`, {
			hint: 'rename one of them',
			note: { message: 'the first one is here', at: first.at },
		});
		return;
	}
	const stability = stabilityOf(syntax, path, reporter, 'external-id');
	const shared = {
		id: itemId(node.source.name, name),
		name,
		package: node,
		at,
		stability,
		isExcluded: excludes(stability, features),
		types: new Map(),
		hidden: [],
	};
	node.items.set(
		name,
		syntax.kind === 'interface'
			? { kind: 'interface', ...shared, syntax, isInline: false, functions: [], functionNames: new Set() }
			: { kind: 'world', ...shared, syntax, imports: new Map(), exports: new Map() },
	);
}

type InterfaceNodeSyntax = Extract<PackageSource['files'][number]['items'][number], { readonly kind: 'interface' }>;

/** Reports interfaces that are one in a component. */
function checkCase({ items }: PackageNode, reporter: Reporter): void {
	const seen = new Map<string, InterfaceNode>();
	for (const item of items.values()) {
		if (item.kind === 'world' || item.isExcluded) continue;
		const first = seen.get(nameKey(item.name));
		seen.set(nameKey(item.name), item);
		if (first === undefined) continue;
		const message = `the interfaces "${first.name}" and "${item.name}" are one name in a component`;
		const note = { message: 'the first one is here', at: first.at };
		reporter.report('wit/duplicate-name', item.at, message, {
			hint: 'rename one of them: case and hyphens make no difference',
			note,
		});
	}
}

/** A place in a file. */
export function placeOf(path: string, { start, end }: { readonly start: number; readonly end: number }): FilePlace {
	return { path, start, end };
}

function checkFileUse(
	{ attributes, path: to }: Extract<PackageSource['files'][number]['items'][number], { readonly kind: 'file-use' }>,
	path: string,
	node: PackageNode,
	reporter: Reporter,
): void {
	const [attribute] = attributes;
	if (attribute !== undefined) {
		const hint = 'put them on the "use" inside an interface or a world';
		reporter.report('wit/feature-gate', placeOf(path, attribute), '"use" between interfaces has no attributes', {
			hint,
		});
	}
	if (to.package === undefined && !node.items.has(to.name.text)) reportUnknownItem(to.name, path, node, reporter);
}

/** Says that a package has no such interface or world. */
export function reportUnknownItem(name: NameSyntax, path: string, node: PackageNode, reporter: Reporter): void {
	const meant = nearest(name.text, node.items.keys());
	const hint =
		meant === undefined
			? 'what belongs to another package is written with its name: namespace:package/interface'
			: `did you mean "${meant}"?`;
	const message = `the package "${node.source.id}" has no interface or world "${name.text}"`;
	reporter.report('wit/unknown-name', placeOf(path, name), message, { hint });
}

function foreignNames(source: PackageSource, { reporter, features }: Resolution): ForeignNames {
	const kinds = new Map<string, 'interface' | 'world'>();
	const types = new Map<string, Stability>();
	const included = new Set<string>();
	for (const { path, items } of source.files) {
		for (const item of items) {
			for (const use of pathsOf(item)) {
				if (use.path.package === undefined) continue;
				const id = `${packageId(use.path.package)}/${use.path.name.text}`;
				// Contradicting gates are reported where the item itself is resolved.
				const stability = item.kind === 'file-use' ? ungated : stabilityOf(use, path, silent(reporter));
				if (!kinds.has(id)) kinds.set(id, use.to);
				if (!excludes(stability, features)) included.add(id);
				for (const name of use.names) if (!types.has(`${id}.${name}`)) types.set(`${id}.${name}`, stability);
			}
		}
	}
	return { kinds, types, excluded: new Set([...kinds.keys()].filter((id) => !included.has(id))) };
}

/** A reporter of the same kind that nobody reads. */
function silent(reporter: Reporter): Reporter {
	return new (reporter.constructor as typeof Reporter)();
}

function orderItems(
	node: PackageNode,
	source: PackageSource,
	scopes: readonly FileScope[],
	reporter: Reporter,
): Structure['items'] {
	const needs = new Map<string, string[]>();
	const scopeOf = new Map<string, FileScope>();
	const places = new Map<string, FilePlace>();
	for (const [index, { path, items }] of source.files.entries()) {
		for (const item of items) {
			const scope = scopes[index];
			if (item.kind === 'file-use' || scope === undefined || needs.has(item.name.text)) continue;
			const own: string[] = [];
			needs.set(item.name.text, own);
			scopeOf.set(item.name.text, scope);
			for (const { path: to } of neededPaths(item)) {
				const name = to.package === undefined ? localName(scope, to.name.text) : undefined;
				if (name === undefined) continue;
				own.push(name);
				const key = `${item.name.text} ${name}`;
				places.set(key, places.get(key) ?? placeOf(path, to.name));
			}
		}
	}
	const { order, stuck } = orderByNeed(needs);
	for (const circle of circlesIn(stuck)) {
		const at = places.get(`${circle[0]} ${circle[1]}`);
		if (at === undefined) continue;
		const message = `interfaces and worlds need each other: ${circle.map((name) => `"${name}"`).join(' uses ')}`;
		reporter.report('wit/cycle', at, message, { hint: 'move what both need into a third one' });
	}
	return order.flatMap((name) => {
		const item = node.items.get(name);
		const scope = scopeOf.get(name);
		return item === undefined || scope === undefined ? [] : [{ item, scope }];
	});
}

/** Interfaces need those that they use types of, worlds those that they include. */
function neededPaths(item: InterfaceNodeSyntax | WorldNode['syntax']): readonly { readonly path: ItemPath }[] {
	if (item.kind === 'interface') return pathsOf(item);
	return item.items.flatMap((one) => (one.kind === 'include' ? [{ path: one.from }] : []));
}

/** The name in its package that a name in a file stands for; undefined for what belongs to another package. */
function localName(scope: FileScope, name: string): string | undefined {
	const meaning = scope.names.get(name);
	if (meaning === undefined) return name;
	return 'local' in meaning ? meaning.local : undefined;
}
