import { contractOf } from '../../contract/contract.js';
import { type ImportedFunction, importedFunctions } from '../../manifest/imports.js';
import type { ExportedFunction, ExportedInterface, Manifest, Module } from '../../manifest/manifest.js';
import type { ResourceDefinition, Signature } from '../../wit/type.js';
import { fixedNames } from './fixed.js';
import { interfaceName, memberName, Scope, variableName } from './names.js';
import { methodsOf, staticsOf } from './structure.js';
import { nameTypes, type TypeNames } from './type-names.js';

/** What a manifest's host is made of, with all names chosen. */
export interface Outline {
	/** The modules that call the host, in the manifest's order. */
	readonly modules: readonly BoundModule[];
	/** What Python code implements. */
	readonly exports: readonly BoundInterface[];
	readonly types: TypeNames;
	/** The names around an import in generated code, which its variables must not have. */
	readonly surrounding: readonly string[];
	/** Whether a function of the host is `async`, so that Python may have to wait. */
	readonly waits: boolean;
	/** The definitions of the contract, by name. */
	readonly contractTypes: readonly (readonly [name: string, text: string])[];
}

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
	/** The resources whose classes the host makes objects of or calls static functions of. */
	readonly classes: readonly BoundClass[];
}

/** A function of the host, with the name that it has in the interface. */
export interface BoundFunction {
	/** What is imported. */
	readonly imported: ImportedFunction;
	readonly signature: Signature;
	readonly doc?: string;
	readonly member: string;
	/** The function as messages name it, `demo.fetch_page`. */
	readonly path: string;
}

/** Functions that Python code implements, with the names that they have in the generated module. */
export interface BoundInterface {
	readonly source: ExportedInterface;
	/** The member of `Exports`. */
	readonly member: string;
	/** The interface that describes it. */
	readonly type: string;
	readonly functions: readonly BoundExport[];
}

/** A function that Python code implements. */
export interface BoundExport {
	readonly source: ExportedFunction;
	readonly member: string;
	/** As messages name it, `billing.quote`. */
	readonly path: string;
}

/** The class of a resource. */
export interface BoundClass {
	readonly resource: ResourceDefinition;
	readonly member: string;
}

/** Types that generated modules use, which an interface of the same name would hide. */
const typeNames: readonly string[] = (
	'Array ArrayBuffer ArrayBufferLike ArrayLike BigInt64Array BigUint64Array Bindings DataView Error Float32Array ' +
	'Float64Array Host ImportEntry Int16Array Int32Array Int8Array Map Object Promise PromiseLike RangeError Readonly ' +
	'ReadonlyMap Record Symbol TypeError Uint16Array Uint32Array Uint8Array WebAssembly'
).split(' ');

/** Variables of generated code, which no parameter and no module may shadow. */
const variableNames: readonly string[] = [
	'area',
	'checkContract',
	'error',
	'guest',
	'host',
	'record',
	'result',
	'view',
];

/** The same of code that may have to wait. */
const waitingNames: readonly string[] = ['calls', 'core', 'leave'];

/** Outlines what the host of a manifest implements. */
export function outline(manifest: Manifest): Outline {
	const modules = manifest.modules.filter((module) => importedFunctions(module).length > 0);
	const members = new Scope();
	const fixed = fixedNames();
	const types = new Scope([...typeNames, ...fixed]);
	const interfaces = modules.map(({ name }) => types.take(interfaceName(name)));
	const owned = manifest.modules.flatMap((module) => (module.kind === 'host' ? module.types : []));
	const exports = outlineExports(manifest, types);
	const signatures = [
		...modules.flatMap((module) => importedFunctions(module).map(({ signature }) => signature)),
		...exports.flatMap(({ functions }) => functions.map(({ source }) => source.signature)),
	];
	const names = nameTypes(owned, signatures, types);
	const waits = signatures.some(({ isAsync }) => isAsync === true);
	const taken = [...variableNames, ...(waits ? waitingNames : []), ...fixed, ...names.routines];
	const variables = new Scope(taken);
	const bound = modules.map((module, index) => ({
		...bindFunctions(module),
		module,
		member: members.take(memberName(module.name)),
		type: interfaces[index] ?? '',
		variable: variables.take(variableName(module.name)),
	}));
	return {
		modules: bound,
		exports,
		types: names,
		surrounding: [...taken, ...bound.map(({ variable }) => variable)],
		waits,
		contractTypes: Object.entries(contractOf(manifest).types),
	};
}

function outlineExports(manifest: Manifest, types: Scope): readonly BoundInterface[] {
	const interfaces = manifest.exports.filter(({ functions }) => functions.length > 0);
	if (interfaces.length === 0) return [];
	types.take('Exports');
	const members = new Scope();
	return interfaces.map((source) => {
		const methods = new Scope();
		return {
			source,
			member: members.take(memberName(source.name)),
			type: types.take(`${interfaceName(source.name)}Exports`),
			functions: source.functions.map((one) => ({
				source: one,
				member: methods.take(memberName(one.name)),
				path: `${source.name}.${one.name}`,
			})),
		};
	});
}

function bindFunctions(module: Module): Pick<BoundModule, 'functions' | 'classes'> {
	const scope = new Scope();
	const imported = importedFunctions(module);
	const plain = new Map(
		imported.flatMap(({ of }) =>
			of.kind === 'function' ? [[of.function, scope.take(memberName(of.function.name))]] : [],
		),
	);
	const classes = (module.kind === 'host' ? module.types : []).flatMap((resource) =>
		resource.kind === 'resource' && resource.functions.some(({ kind }) => kind !== 'method')
			? [{ resource, member: scope.take(interfaceName(resource.name)) }]
			: [],
	);
	const functions = imported.map((one): BoundFunction => {
		const { of } = one;
		const doc = of.kind === 'drop' ? undefined : of.function.doc;
		const member = of.kind === 'function' ? plain.get(of.function) : resourceMember(of);
		return {
			imported: one,
			signature: one.signature,
			...(doc !== undefined && { doc }),
			member: member ?? '',
			path: `${module.name}.${one.python}`,
		};
	});
	return { functions, classes };
}

function resourceMember(of: Exclude<ImportedFunction['of'], { readonly kind: 'function' }>): string | undefined {
	if (of.kind === 'drop') return undefined;
	return [...methodsOf(of.resource), ...staticsOf(of.resource)].find(({ source }) => source === of.function)?.member;
}
