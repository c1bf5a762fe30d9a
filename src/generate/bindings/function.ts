import type { Param } from '../../wit/type.js';
import { coreType } from '../abi/core.js';
import { layoutOf, layoutRecord } from '../abi/layout.js';
import type { CoreType } from '../abi/shape.js';
import { type Code, typed } from './code.js';
import { lift, load } from './lift.js';
import { resourceText } from './messages.js';
import { quote, Scope, variableName } from './names.js';
import type { BoundFunction, BoundModule } from './outline.js';
import { printResult } from './result.js';
import { structureOf } from './structure.js';
import { printWaitingImport } from './waiting.js';

/** The wasm side of a host function: what its import takes and gives. */
export interface Import {
	readonly params: readonly { readonly name: string; readonly type: CoreType }[];
	/** Absent when the core function returns nothing. */
	readonly result?: CoreType;
	/** The variables of the core values of each parameter; empty when the parameters are in memory. */
	readonly arguments: readonly (readonly string[])[];
	/** The address of the result, when it is in memory. */
	readonly area?: string;
	/** Set when the parameters are in memory. */
	readonly record?: { readonly offsets: readonly number[]; readonly size: number; readonly alignment: number };
}

/** Works out the import of a host function; `surrounding` names are those that its parameters must not have. */
export function importOf({ signature }: BoundFunction, surrounding: readonly string[]): Import {
	const { params } = signature;
	const core = coreType(signature);
	const scope = new Scope(surrounding);
	const record = core.spilled ? layoutRecord(params.map(({ type }) => type)) : undefined;
	const values = record ? [] : params.map((param) => takeNames(param, scope));
	const names = [...(record ? ['record'] : values.flat()), ...(core.returnPointer ? ['area'] : [])];
	return {
		params: core.params.map((type, index) => ({ name: names[index] ?? '', type })),
		...(core.results[0] && { result: core.results[0] }),
		arguments: values,
		...(core.returnPointer && { area: 'area' }),
		...(record && { record }),
	};
}

/** The TypeScript type of an import, `(a: number, b: number) => number`; an async one may return a promise. */
export function importType(one: Import, isAsync: boolean | undefined): string {
	return `(${typedParams(one.params)}) => ${importResult(one, isAsync)}`;
}

function importResult({ result }: Import, isAsync: boolean | undefined): string {
	const type = numberType(result);
	return isAsync === true ? `${type} | PromiseLike<${type}>` : type;
}

/** The arrow function that is an import: lifts, calls the host's method, lowers. */
export function printImport(code: Code, one: Import, target: BoundFunction, module: BoundModule): string[] {
	const params = code.form === 'ts' ? typedParams(one.params) : one.params.map(({ name }) => name).join(', ');
	const name = quote(target.path);
	const view = one.record && `viewRecord(guest, record, ${one.record.size}, ${one.record.alignment}, ${name})`;
	const call = isDrop(target) ? dropText(one, target) : callOf(target, module, liftArguments(code, one, target, name));
	const before = view === undefined ? [] : [`const view = ${view};`];
	const about = { name, call, before, type: target.signature.result, core: one.result };
	const body = code.waits ? printWaitingImport(code, about, target, one.area) : printResult(code, about);
	const result = importResult(one, target.signature.isAsync);
	return [`(${params})${typed(code, result)} => {`, ...body.map((line) => `	${line}`), '}'];
}

function isDrop({ imported: { of } }: BoundFunction): boolean {
	return of.kind === 'drop';
}

/** The guest drops what is its own, and what was lent to it. */
function dropText(one: Import, { imported: { of }, path }: BoundFunction): string {
	if (of.kind === 'function') throw new Error(`${path} drops nothing`);
	return `dropHandle(guest, ${one.arguments.flat().join()}, ${quote(resourceText(of.resource))}, ${quote(path)})`;
}

function liftArguments(code: Code, one: Import, { signature }: BoundFunction, name: string): string[] {
	const around = { code, name };
	return signature.params.map(({ type }, index) =>
		one.record
			? load(around, type, '', one.record.offsets[index] ?? 0)
			: lift(around, type, one.arguments[index] ?? []),
	);
}

/** The call of the host's function. */
export function callOf(
	{ imported: { of }, member }: BoundFunction,
	module: BoundModule,
	args: readonly string[],
): string {
	if (of.kind === 'function') return `${module.variable}.${member}(${args.join(', ')})`;
	const { resource } = of;
	const type = `${module.variable}.${module.classes.find((one) => one.resource === resource)?.member}`;
	if (of.kind === 'drop') return `dispose(${args.join(', ')})`;
	switch (of.function.kind) {
		case 'constructor':
			return `new ${type}(${args.join(', ')})`;
		case 'static':
			return `${type}.${member}(${args.join(', ')})`;
		case 'method': {
			const [self = '', ...rest] = args;
			return `${self}.${member}(${rest.join(', ')})`;
		}
	}
}

/** The names of a parameter's core values. */
function takeNames({ name, type }: Param, scope: Scope): string[] {
	const variable = variableName(name);
	const count = layoutOf(type).flat.length;
	if (count === 1) return [scope.take(variable)];
	const { kind } = structureOf(type);
	if (kind === 'primitive' || kind === 'numbers' || kind === 'list') {
		return [scope.take(variable), scope.take(`${variable}Length`)];
	}
	return Array.from({ length: count }, (_, index) => scope.take(`${variable}${index}`));
}

function typedParams(params: Import['params']): string {
	return params.map(({ name, type }) => `${name}: ${numberType(type)}`).join(', ');
}

/** The TypeScript type of a core value, or of none. */
export function numberType(type: CoreType | undefined): string {
	if (type === undefined) return 'void';
	return type === 'i64' ? 'bigint' : 'number';
}
