import { nearest } from '../diagnostics/nearest.js';
import { type DefinedFunction, Definer } from '../wit/define.js';
import type { WitProblem } from '../wit/problem.js';
import { hiddenIn } from '../wit/resolve/hidden.js';
import type { FunctionNode, InterfaceNode, PackageNode, TypeNode, WorldNode } from '../wit/resolve/model.js';
import { resolveWit } from '../wit/resolve.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';
import { typesModuleName } from './export-modules.js';
import type { WitInterface, WorldPart } from './manifest.js';
import { pythonVariable } from './python-spelling.js';
import { ownResourcesIn, uncarriedFunctions, uncarriedIn } from './wit-checks.js';

/** The WIT files that a manifest names: path below their folder → text. */
export type WitFiles = ReadonlyMap<string, string>;

/** A module of Python that an import of a world is. */
export interface WitModule {
	/** Python name: `acme.billing.invoices`. */
	readonly name: string;
	readonly doc?: string;
	readonly types: readonly (TypeDefinition | ResourceDefinition)[];
	readonly functions: readonly DefinedFunction[];
	readonly importModule: string;
	/** Absent for what a world imports by itself. */
	readonly interface?: WitInterface;
	readonly inWorld?: WorldPart;
	/** It has the classes of an interface that the world exports. */
	readonly isExported?: true;
	/** Where it is declared. */
	readonly at: { readonly path: string; readonly start: number; readonly end: number };
}

/** What a world exports, for Python code to implement. */
export interface WitExport {
	/** By which the host knows it: `invoices`. */
	readonly name: string;
	readonly doc?: string;
	/** The module that implements it: `acme.billing.invoices`. */
	readonly pythonModule: string;
	/** The module with its classes: `acme.billing.invoices_types`. */
	readonly typesModule: string;
	readonly functions: readonly (DefinedFunction & { readonly exportName: string })[];
	/** Absent for what a world exports by itself. */
	readonly interface?: WitInterface;
	readonly inWorld?: WorldPart;
	readonly at: WitModule['at'];
}

/** What is wrong with the choice of a world, which the manifest makes. */
export interface WorldProblem {
	readonly message: string;
	readonly hint: string;
}

/** The modules of a world, or what is wrong with its files. */
export interface WitWorld {
	readonly modules: readonly WitModule[];
	readonly exports: readonly WitExport[];
	readonly problems: readonly WitProblem[];
	readonly choice?: WorldProblem;
}

/** Reads a world: by its name, or the only one there is. */
export function readWorld(
	files: WitFiles,
	{
		world: wanted,
		features = [],
	}: { readonly world?: string | undefined; readonly features?: readonly string[] | undefined },
): WitWorld {
	const resolved = resolveWit(files, { features: new Set(features) });
	if (!resolved.ok) return { ...nothing, problems: resolved.problems };
	const world = chooseWorld(resolved.main, wanted);
	if (world.kind !== 'world') return { ...nothing, choice: world };
	const imports = importsOf(world);
	const exported = exportsOf(world, imports);
	const names = new Map<InterfaceNode | WorldNode, string>([
		...exported.map(({ node, typesModule }) => [node, typesModule] as const),
		...imports.map(({ node, name }) => [node, name] as const),
	]);
	// What the world includes of another one is its own.
	const definer = new Definer((node) => names.get(node.kind === 'world' ? world : node) ?? pythonVariable(node.name));
	const modules = imports.map(({ name, node, types, functions, importModule }): WitModule => {
		const { doc } = node.syntax;
		const defined = definer.define({ types, functions });
		return {
			name,
			importModule,
			...(doc === undefined ? {} : { doc }),
			types: defined.types,
			functions: defined.functions,
			...placeIn(node),
			at: node.at,
		};
	});
	const owned = exported.flatMap(
		({ node, typesModule: name, types }): readonly (WitModule & { node: InterfaceNode })[] => {
			if (types.size === 0 || node.kind === 'world') return [];
			const defined = definer.define({ types, functions: [] });
			if (defined.types.length === 0) return [];
			return [{ name, importModule: name, types: defined.types, functions: [], isExported: true, at: node.at, node }];
		},
	);
	const checks = [
		...imports.flatMap(({ node, types }, index) => [
			...hiddenIn(node),
			...uncarriedIn(modules[index]?.types ?? [], types),
			...uncarriedFunctions(modules[index]?.functions ?? []),
		]),
		...owned.flatMap(({ node, types }) => [...hiddenIn(node), ...uncarriedIn(types, node.types)]),
		...exported.flatMap(({ node }) => (node.kind === 'interface' ? ownResourcesIn(node.types) : [])),
	];
	const exports = exported.map(({ node, functions, ...one }): WitExport => {
		const { doc } = node.kind === 'interface' ? node.syntax : {};
		return {
			name: one.name,
			pythonModule: one.pythonModule,
			typesModule: one.typesModule,
			...(doc === undefined ? {} : { doc }),
			functions: definer
				.exports(functions)
				.map((of) => ({ ...of, exportName: node.kind === 'interface' ? `${node.id}#${of.name}` : of.name })),
			...placeIn(node),
			at: node.at,
		};
	});
	const all = exports.flatMap(({ functions }) => uncarriedFunctions(functions));
	return {
		modules: [...modules, ...owned.map(({ node: _, ...module }) => module)],
		exports,
		problems: [...definer.problems, ...checks, ...all],
	};
}

/** The interface of a package, or the part of the world, that a node is. */
function placeIn(node: InterfaceNode | WorldNode): {
	readonly interface?: WitInterface;
	readonly inWorld?: WorldPart;
} {
	if (node.kind === 'world') return { inWorld: { kind: 'world' } };
	if (node.isInline) return { inWorld: { kind: 'inline', name: node.name } };
	return { interface: { package: node.package.source.id, name: node.name } };
}

const nothing: WitWorld = { modules: [], exports: [], problems: [] };

/** A module in the making. */
interface Import {
	readonly name: string;
	readonly node: InterfaceNode | WorldNode;
	readonly types: ReadonlyMap<string, TypeNode>;
	readonly functions: readonly FunctionNode[];
	readonly importModule: string;
}

function importsOf(world: WorldNode): readonly Import[] {
	const items = [...world.imports.values()];
	const interfaces = items.flatMap((item): readonly Import[] => {
		if (item.kind !== 'interface') return [];
		const { interface: node } = item;
		return [{ name: pythonModule(node), node, types: node.types, functions: node.functions, importModule: node.id }];
	});
	const functions = items.flatMap((item) => (item.kind === 'function' ? [item.function] : []));
	const types = new Map(items.flatMap((item) => (item.kind === 'type' ? [[item.type.name, item.type] as const] : [])));
	const owns = [...types.values()].some(({ body }) => body.kind !== 'same' || !body.isUse);
	if (functions.length === 0 && !owns) return interfaces;
	// The core module of what a world imports without an interface (Explainer.md).
	const own = { name: pythonVariable(world.name), node: world, types, functions, importModule: '$root' };
	return [...interfaces, own];
}

/** What a world exports, in the making. */
interface Export {
	readonly name: string;
	readonly node: InterfaceNode | WorldNode;
	readonly pythonModule: string;
	readonly typesModule: string;
	/** What only the export defines: an interface that is imported too has its classes there. */
	readonly types: ReadonlyMap<string, TypeNode>;
	readonly functions: readonly FunctionNode[];
}

/** The core names of exports are the component model's: `acme:billing/invoices@1.0.0#get-row` (Explainer.md). */
function exportsOf(world: WorldNode, imports: readonly Import[]): readonly Export[] {
	const imported = new Set(imports.map(({ name }) => name));
	const items = [...world.exports.values()];
	const describe = (node: Export['node'], base: string, functions: readonly FunctionNode[]): Export => ({
		name: pythonVariable(node.name),
		node,
		// The name itself belongs to what the host implements.
		pythonModule: imported.has(base) ? `${base}_exports` : base,
		typesModule: typesModuleName(base),
		types: node.kind === 'world' || imports.some((one) => one.node === node) ? new Map() : node.types,
		functions,
	});
	const interfaces = items.flatMap((item) =>
		item.kind === 'interface' ? [describe(item.interface, pythonModule(item.interface), item.interface.functions)] : [],
	);
	const own = items.flatMap((item) => (item.kind === 'function' ? [item.function] : []));
	return own.length === 0 ? interfaces : [...interfaces, describe(world, pythonVariable(world.name), own)];
}

/** `acme:billing/invoices@1.0.0` is `acme.billing.invoices`; an interface inside a world has only its name. */
function pythonModule(node: InterfaceNode): string {
	if (node.isInline) return pythonVariable(node.name);
	const { namespace, name } = node.package.source.name;
	return [namespace.text, name.text, node.name].map(pythonVariable).join('.');
}

function chooseWorld(
	{ items, source }: PackageNode,
	wanted: string | undefined,
): WorldNode | ({ readonly kind: 'none' } & WorldProblem) {
	const worlds = [...items.values()].filter((one) => one.kind === 'world');
	const names = worlds.map(({ name }) => name);
	const list = names.map((name) => `"${name}"`).join(', ');
	const [only] = worlds;
	if (wanted !== undefined) {
		const found = worlds.find(({ name }) => name === wanted);
		if (found !== undefined) return found;
		const meant = nearest(wanted, names);
		const known = list === '' ? 'it has no worlds' : `it has ${list}`;
		const hint = meant === undefined ? known : `did you mean "${meant}"?`;
		return { kind: 'none', message: `the package "${source.id}" has no world "${wanted}"`, hint };
	}
	if (only === undefined) {
		const hint = 'declare what Python imports: world python { import …; }';
		return { kind: 'none', message: `the package "${source.id}" has no world`, hint };
	}
	if (worlds.length === 1) return only;
	const message = `the package "${source.id}" has ${worlds.length} worlds: ${list}`;
	return { kind: 'none', message, hint: `name one of them: wit: { path: …, world: ${only.name} }` };
}
