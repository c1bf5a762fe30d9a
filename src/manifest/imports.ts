import type { ResourceDefinition, ResourceFunction, Signature } from '../wit/type.js';
import type { HostFunction, HostModule, Module } from './manifest.js';
import { pythonClass, pythonVariable } from './python-spelling.js';

/** A function of the host that python.wasm imports, whichever part of a module it is. */
export interface ImportedFunction {
	/** The core import's names. */
	readonly module: string;
	readonly name: string;
	readonly signature: Signature;
	/** Its name in its module of Python: `bar`, `Cursor.next`, `Cursor` for what makes or drops one. */
	readonly python: string;
	/** What it is there. */
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
				python: one.name,
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
					python: pythonPath(resource, one),
					of: { kind: 'resource', resource, function: one },
				}),
			),
			{
				module,
				name: `[resource-drop]${resource.name}`,
				signature: { params: [{ name: 'self', type: { kind: 'own', resource }, start: 0, end: 0 }] },
				python: pythonClass(resource.name),
				of: { kind: 'drop', resource },
			},
		]);
}

function pythonPath({ name }: ResourceDefinition, one: ResourceFunction): string {
	return one.kind === 'constructor' ? pythonClass(name) : `${pythonClass(name)}.${pythonVariable(one.name)}`;
}

/** The name of a resource's function as the component model's core modules import it (`plainname` in Explainer.md). */
export function resourceImportName({ name }: ResourceDefinition, one: ResourceFunction): string {
	return one.kind === 'constructor' ? `[constructor]${name}` : `[${one.kind}]${name}.${one.name}`;
}
