import { importedFunctions } from '../../manifest/imports.js';
import type { HostModule, Manifest } from '../../manifest/manifest.js';
import { pythonClass } from '../../manifest/python-spelling.js';
import { fallibleOf } from '../../wit/parts.js';
import { printType } from '../../wit/print.js';
import type { ResourceDefinition, TypeDefinition, WitType } from '../../wit/type.js';
import { isNative } from '../sources.js';

/** An exception class that carries the error of a result, where that is no class of its own that can be raised. */
export interface PayloadError {
	/** Python name of the module that has the class. */
	readonly owner: string;
	/** Name of the class. */
	readonly name: string;
	/** Absent for results whose error says nothing. */
	readonly payload?: WitType;
	/** Python code raises it for the host, which never does. */
	readonly isForHost?: true;
}

/** What the class says of itself. */
export function payloadDoc({ isForHost }: PayloadError): string {
	return isForHost === true ? 'An error for the host.' : 'An error that the host returned.';
}

/** How the errors of results are raised in Python. */
export interface RaisedErrors {
	/** Whether the class of a record or a variant is an exception, since some function raises it. */
	isException(definition: TypeDefinition | ResourceDefinition): boolean;
	/** The classes of a module that only carry a payload. */
	payloadErrors(module: string): readonly PayloadError[];
	/** The class for the errors of a function of a module; undefined when the error is an exception itself. */
	errorFor(module: string, err: WitType | undefined): PayloadError | undefined;
}

/**
 * Finds the exceptions of a manifest. A function whose result is `result<T, E>` raises E, whoever implements it: the class of a record or a
 * variant is then an exception, and for other types there is one that has the value as its `payload`.
 */
export function raisedErrors(manifest: Manifest): RaisedErrors {
	const modules = manifest.modules.flatMap((module) => (isNative(module) ? [] : [module]));
	const taken = new Map(modules.map((module) => [module.name, new Set(classNames(module))]));
	const exceptions = new Set<TypeDefinition>();
	const errors = new Map<string, PayloadError>();
	const key = (module: string, err: WitType | undefined) => {
		const owner = err?.kind === 'named' ? err.definition.owner : module;
		return { owner, id: `${owner}:${err === undefined ? '' : printType(err)}` };
	};
	const add = (module: string, err: WitType | undefined, more: Pick<PayloadError, 'isForHost'>) => {
		const definition = err && classOf(err);
		if (definition !== undefined) exceptions.add(definition);
		const { owner, id } = key(module, err);
		if (definition !== undefined || errors.has(id)) return;
		const name = uniqueClass(errorName(err), taken.get(owner) ?? new Set());
		errors.set(id, { owner, name, ...(err !== undefined && { payload: err }), ...more });
	};
	for (const module of modules) {
		for (const { signature } of importedFunctions(module)) {
			const result = fallibleOf(signature);
			if (result !== undefined) add(module.name, result.err, {});
		}
	}
	for (const { typesModule, functions } of manifest.exports) {
		for (const { signature } of functions) {
			const result = fallibleOf(signature);
			if (result !== undefined) add(typesModule, result.err, { isForHost: true });
		}
	}
	return {
		isException: (definition) => definition.kind !== 'resource' && exceptions.has(definition),
		payloadErrors: (module) => [...errors.values()].filter(({ owner }) => owner === module),
		errorFor: (module, err) =>
			err !== undefined && classOf(err) !== undefined ? undefined : errors.get(key(module, err).id),
	};
}

/** The definition whose Python class is made by us, so that it can be an exception. */
function classOf(type: WitType): TypeDefinition | undefined {
	if (type.kind !== 'named') return undefined;
	const { definition } = type;
	if (definition.kind === 'alias') return classOf(definition.type);
	return definition.kind === 'record' || definition.kind === 'variant' ? definition : undefined;
}

function classNames({ types }: HostModule): readonly string[] {
	return types.flatMap((one) => (one.kind === 'alias' ? [] : [pythonClass(one.name)]));
}

/** `type not-found = string` is raised as `NotFound`, a plain string as `StringError`. */
function errorName(err: WitType | undefined): string {
	if (err === undefined) return 'ResultError';
	const name = pythonClass(
		printType(err)
			.replaceAll(/[^A-Za-z0-9]+/g, '-')
			.replaceAll(/^-|-$/g, ''),
	);
	if (err.kind === 'named' && err.definition.kind === 'alias') return name;
	return name.endsWith('Error') ? `${name}Exception` : `${name}Error`;
}

function uniqueClass(wanted: string, taken: Set<string>): string {
	let name = wanted;
	while (taken.has(name)) name += '_';
	taken.add(name);
	return name;
}
