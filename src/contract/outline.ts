import { OWN_PACKAGE, witNames } from '../manifest/interface-name.js';
import type { HostFunction, Manifest, Module } from '../manifest/manifest.js';
import type { ResourceDefinition, TypeDefinition } from '../wit/type.js';

/** What a python.wasm and its host agree on, in WIT's terms: interfaces with all names as WIT has them. */
export interface Outline {
	readonly imports: readonly OutlinedInterface[];
}

/** A module as an interface. */
export interface OutlinedInterface {
	readonly module: Module;
	/** `acme:billing@1.0.0`, or `cpybuild:project`. */
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
	const names = witNames(manifest.modules.map(({ name }) => name));
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
					name: own?.name ?? names.get(module.name) ?? module.name,
					types,
					functions: own ? functions.map((one) => ({ name: one.importName, function: one })) : named(functions, types),
				},
			];
		}),
	};
}

function named(
	functions: readonly HostFunction[],
	types: readonly { readonly name: string }[],
): readonly OutlinedFunction[] {
	const names = witNames(
		functions.map(({ name }) => name),
		types.map(({ name }) => name),
	);
	return functions.map((one) => ({ name: names.get(one.name) ?? one.name, function: one }));
}
