import type { HostModule } from '../../../manifest/manifest.js';
import { fallibleOf } from '../../../wit/parts.js';
import type { ResourceDefinition, Signature, TypeDefinition, WitType } from '../../../wit/type.js';
import type { PayloadError, RaisedErrors } from '../../python/errors.js';
import { cString } from '../literal.js';
import { cIdentifier } from '../names.js';
import { abandonFunctions } from './abandon.js';
import { classVariableType, definitionClass, payloadClass } from './classes.js';
import { type ValueFunction, valueStub } from './function.js';
import { liftFunction } from './lift.js';
import { lowerFunction } from './lower.js';
import { type DefinitionNames, nameValues, type ValueNames } from './names.js';
import { formOf, partsOf } from './parts.js';
import { resourceClass, resourceFunctions } from './resource.js';
import { structDefinition } from './struct.js';
import { branch, functionText } from './text.js';
import { usedTypes } from './used.js';

/** What a host module's C file has because of the types that its functions take and give. */
export interface ValueTexts {
	/** Before the functions: structs, classes, what lowers and lifts. */
	readonly types: string;
	/** The import and the stub of a function. */
	stub(one: ValueFunction): string;
	/** After them: resources, and the function that adds the classes to the module. */
	readonly resources: string;
	/** The C function that Python calls to fill the module. */
	readonly exec: string;
}

/** What is known of all modules. */
export interface ValueContext {
	readonly definitions: DefinitionNames;
	readonly errors: RaisedErrors;
	/** Names of imports so far, which are global in a program. */
	readonly symbols: Set<string>;
}

/** Whether a module's C file needs more than functions on values that C has. */
export function hasValues(
	module: HostModule,
	functions: readonly ValueFunction[],
	{ errors }: Pick<ValueContext, 'errors'>,
): boolean {
	const classes = module.types.some(({ kind }) => kind !== 'alias') || errors.payloadErrors(module.name).length > 0;
	return classes || functions.length > 0;
}

/** The C variable of the exception class that carries the error of a function of a module. */
export function errorVariable({ errors }: ValueContext, module: string, signature: Signature): string | undefined {
	const result = fallibleOf(signature);
	if (result === undefined) return undefined;
	const error = errors.errorFor(module, result.err);
	return error && payloadVariable(error);
}

/** The C variable of an exception class that has a payload. */
export function payloadVariable({ owner, name }: PayloadError): string {
	return `${cIdentifier(owner)}_${cIdentifier(name)}_error`;
}

/** Makes the parts of a module's C file. */
export function valueTexts(module: HostModule, functions: readonly ValueFunction[], context: ValueContext): ValueTexts {
	const names = nameValues(context.definitions, context.errors);
	const errorOf = (signature: Signature) => errorVariable(context, module.name, signature);
	const resources = module.types
		.filter((one) => one.kind === 'resource')
		.map((resource) => {
			const own = resourceFunctions(module, resource, names, context.symbols, errorOf);
			return { own, ...resourceClass(names, module, resource, own) };
		});
	const all = [...functions, ...resources.flatMap(({ own }) => own)];
	const used = typesOf(
		names,
		all.map(({ signature }) => signature),
	);
	const classes = module.types
		.flatMap((one) => (one.kind === 'resource' ? [] : [definitionClass(names, one)]))
		.filter((one) => one !== undefined);
	const payloads = context.errors
		.payloadErrors(module.name)
		.map((error) => payloadClass(payloadVariable(error), error));
	const needs = neededClasses(module, used.all, all, context);
	const types = [
		...externals(needs, names),
		...[...classes, ...payloads].map(({ text }) => text),
		...used.all.map((type) => structDefinition(names, type)),
		...used.lowered.map((type) => lowerFunction(names, type)),
		...used.lifted.map((type) => liftFunction(names, type)),
		abandonFunctions(names, used.results, 'handles'),
	].join('');
	const name = cIdentifier(module.name);
	return {
		types,
		stub: (one) => valueStub(names, one),
		resources: [
			...resources.map(({ text }) => text),
			execFunction(name, [
				...needs.modules.map((one) => `cpybuild_need_module(${cString(one)})`),
				...needs.builtins.flatMap((one) => [`cpybuild_need_class(&${one})`, `cpybuild_add_class(module, &${one})`]),
				...[...classes, ...payloads, ...resources].map(({ add }) => add),
			]),
		].join(''),
		exec: `${name}_exec`,
	};
}

/** The types that a module's functions lower and lift, each after those that it is made of. */
function typesOf(names: ValueNames, signatures: readonly Signature[]) {
	const params = signatures.flatMap((one) => one.params.map(({ type }) => type));
	const results = signatures.flatMap(({ result }) => result ?? []);
	return {
		all: usedTypes(
			names,
			signatures.flatMap(({ params, result }) => [...params.map(({ type }) => type), ...(result ? [result] : [])]),
		),
		lowered: usedTypes(names, params),
		results,
		// A result at the top is its value, or raises: it is no Python object itself.
		lifted: usedTypes(
			names,
			signatures.flatMap((signature) => {
				const result = fallibleOf(signature);
				return result === undefined ? (signature.result ?? []) : partsOf(result);
			}),
		),
	};
}

/** Classes that a module uses and does not describe before its functions. */
interface NeededClasses {
	readonly definitions: readonly (TypeDefinition | ResourceDefinition)[];
	readonly errors: readonly PayloadError[];
	/** The modules that make them, if it is not this one. */
	readonly modules: readonly string[];
	/** C variables of the classes of `_cpybuild`. */
	readonly builtins: readonly string[];
}

function neededClasses(
	module: HostModule,
	types: readonly WitType[],
	functions: readonly ValueFunction[],
	{ errors }: ValueContext,
): NeededClasses {
	const definitions = new Set<TypeDefinition | ResourceDefinition>(
		module.types.filter(({ kind }) => kind === 'resource'),
	);
	const builtins = new Set<string>();
	const owners = new Set<string>();
	for (const type of types) {
		const definition = definitionOf(type);
		if (definition !== undefined && definition.owner !== module.name) {
			definitions.add(definition);
			owners.add(definition.owner);
		}
		if (type.kind === 'option' && formOf(type.some).kind === 'option') builtins.add('cpybuild_some_class');
	}
	// A result that is nowhere but at the top of a function needs no classes.
	if (types.some((type) => partsOf(type).some((part) => formOf(part).kind === 'result')) || hasResultParam(functions)) {
		builtins.add('cpybuild_ok_class').add('cpybuild_err_class');
	}
	const foreign = new Map<string, PayloadError>();
	for (const { signature } of functions) {
		const result = fallibleOf(signature);
		if (result === undefined) continue;
		const error = errors.errorFor(module.name, result.err);
		if (error !== undefined && error.owner !== module.name) foreign.set(payloadVariable(error), error);
	}
	for (const { owner } of foreign.values()) owners.add(owner);
	return {
		definitions: [...definitions],
		errors: [...foreign.values()],
		modules: [...owners],
		builtins: [...builtins],
	};
}

function hasResultParam(functions: readonly ValueFunction[]): boolean {
	return functions.some(({ signature }) => signature.params.some(({ type }) => formOf(type).kind === 'result'));
}

function definitionOf(type: WitType): TypeDefinition | ResourceDefinition | undefined {
	if (type.kind === 'own' || type.kind === 'borrow') return type.resource;
	return type.kind === 'named' ? type.definition : undefined;
}

function externals({ definitions, errors }: NeededClasses, names: ValueNames): readonly string[] {
	const lines = [
		...definitions.map((one) => `extern ${classVariableType(one)} ${names.classOf(one)};`),
		...errors.map((one) => `extern cpybuild_class ${payloadVariable(one)};`),
	];
	return lines.length === 0 ? [] : [`\n${lines.join('\n')}\n`];
}

/** The function that Python calls to fill a module. Classes of our own come last, since they may have any name. */
function execFunction(module: string, steps: readonly string[]): string {
	const condition = ['cpybuild_add_host_error(module)', ...steps].map((one) => `${one} < 0`);
	const statements = branch(condition.length === 1 ? (condition[0] ?? '') : condition.join('\n    || '), [
		'return -1;',
	]);
	return functionText(`${module}_exec(PyObject *module)`, 'int', [...statements, 'return 0;']);
}
