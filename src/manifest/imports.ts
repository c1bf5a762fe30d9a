import type { ResourceDefinition, ResourceFunction, Signature } from '../wit/type.js';
import type { HostFunction, HostModule, Module } from './manifest.js';

/** A function of the host that python.wasm imports, whichever part of a module it is. */
export interface ImportedFunction {
	/** The core import's names. */
	readonly module: string;
	readonly name: string;
	readonly signature: Signature;
	/** What it is for Python. */
	readonly of:
		| { readonly kind: 'function'; readonly function: HostFunction }
		| { readonly kind: 'resource'; readonly resource: ResourceDefinition; readonly function: ResourceFunction }
		/** Tells the host that Python holds a resource no more. */
		| { readonly kind: 'drop'; readonly resource: ResourceDefinition };
}

/** Everything that a module imports from the host: first what its resources are made of, then its functions. */
export function importedFunctions(module: Module): readonly ImportedFunction[] {
	const functions = module.kind === 'host' ? module.functions : module.imports;
	return [
		...(module.kind === 'host' ? resourceImports(module) : []),
		...functions.map(
			(one): ImportedFunction => ({
				module: one.importModule,
				name: one.importName,
				signature: one.signature,
				of: { kind: 'function', function: one },
			}),
		),
	];
}

function resourceImports({ types, importModule: module }: HostModule): readonly ImportedFunction[] {
	return types
		.filter((one) => one.kind === 'resource')
		.flatMap((resource): readonly ImportedFunction[] => [
			...resource.functions.map(
				(one): ImportedFunction => ({
					module,
					name: resourceImportName(resource, one),
					signature: one.signature,
					of: { kind: 'resource', resource, function: one },
				}),
			),
			{
				module,
				name: `[resource-drop]${resource.name}`,
				signature: { params: [{ name: 'self', type: { kind: 'own', resource }, start: 0, end: 0 }] },
				of: { kind: 'drop', resource },
			},
		]);
}

/** The name of a resource's function as the component model's core modules import it (`plainname` in Explainer.md). */
export function resourceImportName({ name }: ResourceDefinition, one: ResourceFunction): string {
	return one.kind === 'constructor' ? `[constructor]${name}` : `[${one.kind}]${name}.${one.name}`;
}
