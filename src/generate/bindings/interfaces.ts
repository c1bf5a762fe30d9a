import { fallibleOf } from '../../wit/parts.js';
import { printSignature } from '../../wit/print.js';
import type { ResourceDefinition, Signature } from '../../wit/type.js';
import { printDefinition, printResource } from './definitions.js';
import { type Import, importType } from './function.js';
import { propertyKey, Scope, variableName } from './names.js';
import type { BoundFunction, BoundInterface, BoundModule, Outline } from './outline.js';
import { block, docComment } from './text.js';
import type { TypeNames } from './type-names.js';
import { typeText } from './type-text.js';
import { hostCallType, waitingMembers } from './waiting.js';

/** The imports of a manifest: wasm module → name → function. */
export type ImportTable = ReadonlyMap<string, readonly BoundImport[]>;

/** An import and the function that it calls. */
export interface BoundImport {
	readonly core: Import;
	readonly target: BoundFunction;
	readonly module: BoundModule;
}

/** The interfaces and types of a generated module, each exported. */
export function printInterfaces({ modules, exports, types, waits }: Outline, table: ImportTable): string[] {
	return [
		'/** What the host implements: one member per Python module that calls the host. */',
		...block('export interface Host', modules.flatMap(hostMember)),
		'',
		...modules.flatMap((module) => [...moduleInterface(module, types), '']),
		...types.definitions.flatMap((one) => [
			...(one.kind === 'resource' ? resourceTypes(one, modules, types) : printDefinition(one, types)),
			'',
		]),
		...printExportTypes(exports, types, waits),
		'/** The two ends of the bindings: what the guest imports, and how they get at its memory. */',
		...block('export interface Bindings', [
			'/** Import object: merge it with that of the WASI host. */',
			...block('readonly imports:', importTypes(table), ';'),
			...(exports.length === 0
				? []
				: ['/** The functions that Python code implements. */', 'readonly exports: Exports;']),
			...(waits ? waitingMembers : []),
			'/** Throws when a compiled wasm module needs other bindings; `createInterpreter` calls it before anything runs. */',
			'checkContract(module: object): void;',
			'/** Names the instance that imports them; call it after instantiation and before `_start`. */',
			'attach(instance: { readonly exports: object }): void;',
		]),
		'',
		...(waits ? hostCallType : []),
		'/** An import that the bindings provide. */',
		...block('export interface ImportEntry', [
			'/** Its wasm module and name. */',
			'readonly module: string;',
			'readonly name: string;',
			'/** The function that it is in Python, for example `demo.bar`. */',
			'readonly python: string;',
			'/** The WIT signature; definitions have their module in front. */',
			'readonly signature: string;',
		]),
		'',
	];
}

function hostMember({ member, type, module }: BoundModule): string[] {
	return [...docComment([`Python module \`${module.name}\`.`]), `readonly ${propertyKey(member)}: ${type};`];
}

function moduleInterface({ module, type, functions, classes }: BoundModule, names: TypeNames): string[] {
	return [
		...docComment(
			module.doc === undefined ? [`The host functions of Python module \`${module.name}\`.`] : [module.doc],
		),
		...block(`export interface ${type}`, [
			...classes.flatMap(({ resource, member }) => [
				...docComment([`The class of resource \`${resource.name}\`.`]),
				`readonly ${propertyKey(member)}: ${names.ofClass(resource)};`,
			]),
			...functions.filter(({ imported }) => imported.of.kind === 'function').flatMap((one) => method(one, names)),
		]),
	];
}

function resourceTypes(resource: ResourceDefinition, modules: readonly BoundModule[], names: TypeNames): string[] {
	const functions = modules.flatMap((module) => module.functions);
	const ofKind = (kind: string): string[] =>
		functions
			.filter(({ imported: { of } }) => of.kind === 'resource' && of.resource === resource && of.function.kind === kind)
			.flatMap((one) => method(one, names));
	return printResource(resource, names, ofKind('method'), [...ofKind('constructor'), ...ofKind('static')]);
}

/** What the host calls: one member per interface that Python code implements. */
function printExportTypes(exports: readonly BoundInterface[], names: TypeNames, waits: boolean): string[] {
	if (exports.length === 0) return [];
	const members = exports.flatMap(({ source, member, type }) => [
		...docComment([`Python module \`${source.pythonModule}\`.`]),
		`readonly ${propertyKey(member)}: ${type};`,
	]);
	return [
		'/** What Python code implements: one member per interface of the manifest. */',
		...block('export interface Exports', members),
		'',
		...exports.flatMap(({ source, type, functions }) => [
			...docComment([source.doc ?? `The functions of Python module \`${source.pythonModule}\` that the host calls.`]),
			...block(
				`export interface ${type}`,
				functions.flatMap(({ source: { signature, doc }, member, path }) =>
					methodText({ signature, member: methodName(member), path, waits, ...(doc !== undefined && { doc }) }, names),
				),
			),
			'',
		]),
	];
}

function method({ imported: { of }, signature, doc, member, path }: BoundFunction, names: TypeNames): string[] {
	const kind = of.kind === 'resource' ? of.function.kind : of.kind;
	const params = kind === 'method' ? signature.params.slice(1) : signature.params;
	const name = kind === 'constructor' ? 'new ' : methodName(member);
	return methodText({ signature, params, member: name, path, ...(doc !== undefined && { doc }) }, names);
}

/** A method's name; an interface would take `new(` for a constructor. */
function methodName(member: string): string {
	return member === 'new' ? `'new'` : propertyKey(member);
}

/** A function as members of interfaces show it; `params` are those that it is called with. */
interface MethodText {
	readonly signature: Signature;
	readonly params?: Signature['params'];
	/** Whether it returns a promise though it is not async: the host waits until Python need not wait any more. */
	readonly waits?: boolean;
	readonly member: string;
	readonly path: string;
	readonly doc?: string;
}

function methodText(one: MethodText, names: TypeNames): string[] {
	const { signature, params: called = signature.params, waits = signature.isAsync, member: name, path, doc } = one;
	const scope = new Scope();
	const params = called.map(({ name, type }) => `${scope.take(variableName(name))}: ${typeText(type, names)}`);
	return [
		...docComment([
			...(doc === undefined ? [] : [doc]),
			`\`${path}\`: \`${printSignature(signature)}\``,
			...throws(signature, names),
		]),
		`${name}(${params.join(', ')}): ${returned(signature, waits, names)};`,
	];
}

function returned(signature: Signature, waits: boolean | undefined, names: TypeNames): string {
	const result = fallibleOf(signature);
	const value = result === undefined ? signature.result : result.ok;
	const text = value === undefined ? 'void' : typeText(value, names);
	return waits === true ? `Promise<${text}>` : text;
}

function throws(signature: Signature, names: TypeNames): string[] {
	const result = fallibleOf(signature);
	return result === undefined ? [] : [`@throws {${names.ofException(result.err)}} as its error`];
}

function importTypes(table: ImportTable): string[] {
	return [...table].flatMap(([module, imports]) =>
		block(
			`readonly ${propertyKey(module)}:`,
			imports.map(
				({ core, target }) =>
					`readonly ${propertyKey(target.imported.name)}: ${importType(core, target.signature.isAsync)};`,
			),
			';',
		),
	);
}
