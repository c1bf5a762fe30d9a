import { interfaceNames, OWN_PACKAGE, OWN_WORLD, witNames } from '../manifest/interface-name.js';
import type { ExportedFunction, HostFunction, HostModule, Manifest, Module, WorldPart } from '../manifest/manifest.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';

/** What a python.wasm and its host agree on, in WIT's terms: interfaces with all names as WIT has them. */
export interface Outline {
	readonly imports: readonly OutlinedModule[];
	readonly exports: readonly OutlinedInterface<ExportedFunction>[];
}

/** An interface of functions of the host's, or of Python's. */
export interface OutlinedInterface<F extends HostFunction | ExportedFunction = HostFunction | ExportedFunction> {
	/** `acme:billing@1.0.0`, or `cpybuild:project`. */
	readonly package: string;
	readonly name: string;
	readonly doc?: string | undefined;
	/** What it is of the world of a .wit file, if it is no interface of a package there. */
	readonly inWorld?: WorldPart | undefined;
	/** The Python module that has the classes of its types. */
	readonly owner: string;
	readonly types: readonly (TypeDefinition | ResourceDefinition)[];
	readonly functions: readonly { readonly name: string; readonly function: F }[];
}

/** A module as an interface. */
export interface OutlinedModule extends OutlinedInterface<HostFunction> {
	readonly module: Module;
}

/** The interfaces of the modules that call the host or define types. */
export function outlineOf(manifest: Manifest): Outline {
	const modules = manifest.modules.filter((module) => !isExported(module));
	const names = interfaceNames(modules.map(({ name }) => name));
	const exported = witNames(
		manifest.exports.map(({ name }) => name),
		[OWN_WORLD, ...names.values()],
	);
	return {
		exports: manifest.exports.map(({ name, doc, typesModule, functions, interface: own, inWorld }) => ({
			package: own?.package ?? OWN_PACKAGE,
			name: own?.name ?? exported.get(name) ?? name,
			doc,
			inWorld,
			owner: typesModule,
			types: manifest.modules.flatMap((one) => (isExported(one) && one.name === typesModule ? one.types : [])),
			functions:
				own || inWorld
					? functions.map((one) => ({ name: one.exportName.replace(/^.*#/, ''), function: one }))
					: named(functions, []),
		})),
		imports: modules.flatMap((module): readonly OutlinedModule[] => {
			const types = module.kind === 'host' ? module.types : [];
			const functions = module.kind === 'host' ? module.functions : module.imports;
			if (types.length === 0 && functions.length === 0) return [];
			const { interface: own, inWorld } = module.kind === 'host' ? module : {};
			return [
				{
					module,
					package: own?.package ?? OWN_PACKAGE,
					name: own?.name ?? names.get(module.name) ?? module.name,
					doc: module.doc,
					inWorld,
					owner: module.name,
					types,
					functions:
						own || inWorld
							? functions.map((one) => ({ name: one.importName, function: one }))
							: named(functions, types),
				},
			];
		}),
	};
}

/** Whether a module has the types of an interface that Python code implements. */
function isExported(module: Module): module is HostModule & { readonly isExported: true } {
	return module.kind === 'host' && module.isExported === true;
}

function named<F extends HostFunction | ExportedFunction>(
	functions: readonly F[],
	types: readonly { readonly name: string }[],
): OutlinedInterface<F>['functions'] {
	const names = witNames(
		functions.map(({ name }) => name),
		types.map(({ name }) => name),
	);
	return functions.map((one) => ({ name: names.get(one.name) ?? one.name, function: one }));
}
