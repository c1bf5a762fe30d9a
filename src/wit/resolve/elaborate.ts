import type { InterfaceNode, Stability, TypeNode, WorldItem, WorldNode } from './model.js';
import type { Reporter } from './reporter.js';
import { interfaceKey } from './worlds.js';

type InterfaceItem = Extract<WorldItem, { readonly kind: 'interface' }>;

/**
 * Adds the interfaces that the imports and exports of a world need. An exported interface needs others as exports where
 * the world exports them, else as imports; one of them cannot be both.
 */
export function elaborate(node: WorldNode, reporter: Reporter): void {
	const imports = new Map<string, WorldItem>();
	for (const [key, item] of sorted(node.imports)) {
		if (item.kind === 'interface') addImport(imports, key, item);
		else {
			const needed = item.kind === 'type' ? interfaceOf(item.type) : undefined;
			if (item.kind === 'type' && needed !== undefined) {
				addImport(imports, interfaceKey(needed), asItem(needed, item.at, item.type.stability));
			}
			imports.set(key, item);
		}
	}
	const exports = new Map([...node.exports].filter(([, item]) => item.kind !== 'interface'));
	const wanted = new Map(
		[...node.exports].flatMap(([key, item]): [string, InterfaceItem][] =>
			item.kind === 'interface' ? [[key, item]] : [],
		),
	);
	const required = new Set<InterfaceNode>();
	for (const [key, item] of wanted) {
		const clash = addExport({ imports, exports, wanted, required }, key, item, true);
		if (clash !== undefined) {
			const message = `the export "${item.interface.name}" needs the interface "${clash.name}" as an import, and the world exports it too`;
			const hint = 'export the interfaces between them as well';
			reporter.report('wit/world', item.at, message, {
				hint,
				note: { message: 'this one would be both', at: clash.at },
			});
			break;
		}
	}
	node.imports = new Map(sorted(imports));
	node.exports = exports;
}

function asItem(node: InterfaceNode, at: InterfaceItem['at'], stability: Stability): InterfaceItem {
	return { kind: 'interface', interface: node, at, stability };
}

/** Interfaces first, then types that `use` brings, other types, functions, and functions of resources. */
function sorted(items: ReadonlyMap<string, WorldItem>): readonly (readonly [string, WorldItem])[] {
	return [...items].sort(([, a], [, b]) => rank(a) - rank(b));
}

function rank(item: WorldItem): number {
	if (item.kind === 'interface') return 0;
	if (item.kind === 'type') return interfaceOf(item.type) === undefined ? 2 : 1;
	return item.function.resource === undefined ? 3 : 4;
}

/** The interface that a type is used from. */
function interfaceOf({ body, owner }: TypeNode): InterfaceNode | undefined {
	if (body.kind !== 'same' || body.of.owner === owner) return undefined;
	return body.of.owner.kind === 'interface' ? body.of.owner : undefined;
}

/** The interfaces that an interface uses types of. */
export function neededInterfaces(node: InterfaceNode): readonly InterfaceNode[] {
	const types = [...node.types.values()].filter(({ isExcluded }) => !isExcluded);
	return [...new Set(types.flatMap((type) => interfaceOf(type) ?? []))];
}

function addImport(imports: Map<string, WorldItem>, key: string, item: InterfaceItem): void {
	if (imports.has(key)) return;
	for (const needed of neededInterfaces(item.interface)) {
		addImport(imports, interfaceKey(needed), asItem(needed, item.at, item.stability));
	}
	imports.set(key, item);
}

interface Exporting {
	readonly imports: Map<string, WorldItem>;
	readonly exports: Map<string, WorldItem>;
	readonly wanted: ReadonlyMap<string, InterfaceItem>;
	readonly required: Set<InterfaceNode>;
}

/** Gives the interface that would have to be both an import and an export, if there is one. */
function addExport(all: Exporting, key: string, item: InterfaceItem, isExport: boolean): InterfaceNode | undefined {
	const { imports, exports, wanted, required } = all;
	if (exports.has(key)) return isExport ? undefined : item.interface;
	if (!isExport && required.has(item.interface)) return undefined;
	for (const needed of neededInterfaces(item.interface)) {
		const neededKey = interfaceKey(needed);
		const clash = addExport(all, neededKey, asItem(needed, item.at, item.stability), isExport && wanted.has(neededKey));
		if (clash !== undefined) return clash;
	}
	if (isExport) {
		if (required.has(item.interface)) return item.interface;
		exports.set(key, item);
		return undefined;
	}
	required.add(item.interface);
	if (!imports.has(key)) imports.set(key, item);
	return undefined;
}
