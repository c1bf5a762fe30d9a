import type { HostFunction, Manifest, Module } from '../manifest/manifest.js';
import { suggestWitName } from '../wit/name.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';

/** The package that modules without an interface of their own are in. */
export const OWN_PACKAGE = 'cpybuild:project';

/** What a python.wasm and its host agree on, in WIT's terms: interfaces with all names as WIT has them. */
export interface Outline {
	readonly imports: readonly OutlinedInterface[];
}

/** A module as an interface. */
export interface OutlinedInterface {
	readonly module: Module;
	/** `acme:billing@1.0.0`, or `OWN_PACKAGE`. */
	readonly package: string;
	readonly name: string;
	readonly types: readonly (TypeDefinition | ResourceDefinition)[];
	readonly functions: readonly OutlinedFunction[];
}

/** A function of an interface. */
export interface OutlinedFunction {
	readonly name: string;
	readonly function: HostFunction;
}

/** The interfaces of the modules that call the host or define types. */
export function outlineOf(manifest: Manifest): Outline {
	const used = new Set<string>();
	return {
		imports: manifest.modules.flatMap((module): readonly OutlinedInterface[] => {
			const types = module.kind === 'host' ? module.types : [];
			const functions = module.kind === 'host' ? module.functions : module.imports;
			if (types.length === 0 && functions.length === 0) return [];
			const own = module.kind === 'host' ? module.interface : undefined;
			return [
				{
					module,
					package: own?.package ?? OWN_PACKAGE,
					name: own?.name ?? unusedName(module.name, used),
					types,
					functions: outlineFunctions(functions, types, own !== undefined),
				},
			];
		}),
	};
}

function outlineFunctions(
	functions: readonly HostFunction[],
	types: readonly (TypeDefinition | ResourceDefinition)[],
	isInterface: boolean,
): readonly OutlinedFunction[] {
	const used = new Set(types.map(({ name }) => name));
	return functions.map((one) => ({ name: isInterface ? one.importName : unusedName(one.name, used), function: one }));
}

/** The WIT name of a Python name; Python tells apart names that WIT cannot, so that a later one gets a further word. */
function unusedName(python: string, used: Set<string>): string {
	const wanted = suggestWitName(python) ?? 'x';
	let name = wanted;
	for (let number = 2; used.has(name); number++) name = `${wanted}-n${number}`;
	used.add(name);
	return name;
}
