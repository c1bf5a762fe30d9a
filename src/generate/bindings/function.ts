import type { Param, WitType } from '../../wit/type.js';
import { coreType } from '../abi/core.js';
import { layoutOf, layoutRecord } from '../abi/layout.js';
import type { CoreType } from '../abi/shape.js';
import type { Form } from './fixed.js';
import { quote, type Scope, variableName } from './names.js';
import type { BoundFunction } from './outline.js';
import { valueForm } from './values.js';

/** The wasm side of a host function: what its import takes and gives. */
export interface Import {
	readonly params: readonly { readonly name: string; readonly type: CoreType }[];
	/** Absent when the core function returns nothing. */
	readonly result?: CoreType;
	/** The arguments that the host function gets, lifted. */
	readonly arguments: readonly string[];
	/** Set when the arguments are read from a record in memory. */
	readonly record?: { readonly size: number; readonly alignment: number };
}

/** Works out the import of a host function; `scope` knows the names that its parameters must not have. */
export function importOf({ source, path }: BoundFunction, scope: Scope): Import {
	const { params } = source.signature;
	const core = coreType(source.signature);
	const record = core.spilled ? layoutRecord(params.map(({ type }) => type)) : undefined;
	const names: string[] = [];
	const lifted = params.map((param, index) => {
		const values = record ? loads(param.type, record.offsets[index] ?? 0) : takeNames(param, scope);
		if (!record) names.push(...values);
		return valueForm(param.type).lift(values, quote(path));
	});
	if (record) names.push('record');
	if (core.returnPointer) names.push('area');
	return {
		params: core.params.map((type, index) => ({ name: names[index] ?? '', type })),
		...(core.results[0] && { result: core.results[0] }),
		arguments: lifted,
		...(record && { record }),
	};
}

/** The TypeScript type of an import, `(a: number, b: number) => number`. */
export function importType({ params, result }: Import): string {
	return `(${typedParams(params)}) => ${numberType(result)}`;
}

/** The arrow function that is an import: lifts, calls the host's method, lowers. */
export function printImport(
	form: Form,
	one: Import,
	{ source, member, path }: BoundFunction,
	variable: string,
): string[] {
	const type = source.signature.result;
	const [params, result, local] =
		form === 'ts'
			? [typedParams(one.params), `: ${numberType(one.result)}`, `: ${type ? valueForm(type).type : 'unknown'}`]
			: [one.params.map(({ name }) => name).join(', '), '', ''];
	const name = quote(path);
	const failed = failedResult(one.result);
	const view = one.record && `viewRecord(guest, record, ${one.record.size}, ${one.record.alignment}, ${name})`;
	return [
		`(${params})${result} => {`,
		`	let result${local};`,
		'	try {',
		...(view ? [`		const view = ${view};`] : []),
		`		result = ${variable}.${member}(${one.arguments.join(', ')});`,
		'	} catch (error) {',
		`		raise(guest, error, ${name});`,
		`		return${failed && ` ${failed}`};`,
		'	}',
		...lowerResult(type, name, failed).map((line) => `	${line}`),
		'}',
	];
}

function lowerResult(type: WitType | undefined, name: string, failed: string): string[] {
	if (type === undefined) return [`if (result !== undefined) rejectPromise(guest, ${name}, result);`];
	const { lower } = valueForm(type);
	switch (lower.kind) {
		case 'area':
			return [`${lower.helper}(guest, ${name}, result, area);`];
		case 'helper':
			return [`return ${lower.helper}(guest, ${name}, result);`];
		case 'inline': {
			const numbers = lower.numbers === undefined ? '' : `, ${quote(lower.numbers)}`;
			return [
				`if (${lower.check}) return ${lower.value};`,
				`reject(guest, ${name}, result, ${quote(lower.wanted)}${numbers});`,
				`return ${failed};`,
			];
		}
	}
}

/** The names of a parameter's core values: one, or those of pointer and length. */
function takeNames({ name, type }: Param, scope: Scope): string[] {
	const variable = variableName(name);
	const pair = layoutOf(type).flat.length > 1;
	return pair ? [scope.take(variable), scope.take(`${variable}Length`)] : [scope.take(variable)];
}

/** The expressions that read a parameter's core values from the record. */
function loads(type: WitType, offset: number): string[] {
	const { get } = valueForm(type);
	const one = (at: number): string => `view.${get}(${at}${get.endsWith('8') ? '' : ', true'})`;
	return layoutOf(type).flat.map((_, index) => one(offset + index * 4));
}

function typedParams(params: Import['params']): string {
	return params.map(({ name, type }) => `${name}: ${numberType(type)}`).join(', ');
}

function numberType(type: CoreType | undefined): string {
	if (type === undefined) return 'void';
	return type === 'i64' ? 'bigint' : 'number';
}

/** What an import returns when an exception is pending; the guest ignores it, but wasm wants the right type. */
function failedResult(type: CoreType | undefined): string {
	if (type === undefined) return '';
	return type === 'i64' ? '0n' : '0';
}
