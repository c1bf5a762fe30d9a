import type { HostFunction, Manifest, Module } from '../../manifest/manifest.js';
import { fixedNames } from './fixed.js';
import { interfaceName, memberName, Scope, variableName } from './names.js';

/** A Python module that calls the host, with the names that it has in the generated module. */
export interface BoundModule {
	readonly module: Module;
	/** The member of `Host`. */
	readonly member: string;
	/** The interface that describes it. */
	readonly type: string;
	/** The variable that holds its implementation. */
	readonly variable: string;
	readonly functions: readonly BoundFunction[];
}

/** A function of the host, with the name that it has in the interface. */
export interface BoundFunction {
	readonly source: HostFunction;
	readonly member: string;
	/** The function as messages name it, `demo.fetch_page`. */
	readonly path: string;
}

/** Types that generated modules use, which an interface of the same name would hide. */
const typeNames: readonly string[] = (
	'ArrayBuffer ArrayBufferLike Bindings DataView Error Host ImportEntry PromiseLike RangeError Readonly Record TypeError ' +
	'Uint8Array WebAssembly'
).split(' ');

/** Variables of generated code, which no parameter and no module may shadow. */
const variableNames: readonly string[] = ['area', 'error', 'guest', 'host', 'record', 'result', 'view'];

/** The modules that call the host, in the manifest's order, with all names chosen. */
export function outline(manifest: Manifest): BoundModule[] {
	const members = new Scope();
	const fixed = fixedNames();
	const types = new Scope([...typeNames, ...fixed]);
	const variables = new Scope([...variableNames, ...fixed]);
	return manifest.modules
		.filter((module) => importsOf(module).length > 0)
		.map((module) => {
			const methods = new Scope();
			return {
				module,
				member: members.take(memberName(module.name)),
				type: types.take(interfaceName(module.name)),
				variable: variables.take(variableName(module.name)),
				functions: importsOf(module).map((source) => ({
					source,
					member: methods.take(memberName(source.name)),
					path: `${module.name}.${source.name}`,
				})),
			};
		});
}

/** The names around an import in generated code, which its parameters must not have. */
export function surroundingNames(modules: readonly BoundModule[]): string[] {
	return [...variableNames, ...fixedNames(), ...modules.map(({ variable }) => variable)];
}

function importsOf(module: Module): readonly HostFunction[] {
	return module.kind === 'host' ? module.functions : module.imports;
}
