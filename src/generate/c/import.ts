import type { HostFunction } from '../../manifest/manifest.js';
import { pythonVariable } from '../../manifest/python-spelling.js';
import type { Param, WitType } from '../../wit/type.js';
import { coreType } from '../abi/core.js';
import { layoutRecord } from '../abi/layout.js';
import { readTemplate, render } from '../template.js';
import { cAttributeString, cString } from './literal.js';
import { parameterNames } from './names.js';
import { call, declare, prototype } from './syntax.js';
import { type CType, cTypeOf } from './type.js';

/** A parameter of an import in C. */
export interface CParam {
	readonly witName: string;
	/** Its Python name. */
	readonly name: string;
	/** Its name in C. */
	readonly cName: string;
	readonly type: WitType;
	readonly c: CType;
}

/** A host function as C sees it. */
export interface CImport {
	/** Python names of module and function, for messages: `demo.bar`. */
	readonly qualifiedName: string;
	/** The C function that is the core import. */
	readonly symbol: string;
	readonly params: readonly CParam[];
	/** The struct type that holds the parameters when there are too many to be passed flat. */
	readonly record?: string;
	readonly result?: CType;
	/** The result is written to memory. */
	readonly returnPointer: boolean;
	readonly function: HostFunction;
}

/** Describes a host function for C; `symbol` names its import, `record` the struct of its parameters if it needs one. */
export function cImport(
	module: string,
	hostFunction: HostFunction,
	names: { readonly symbol: string; readonly record: string },
): CImport {
	const { signature } = hostFunction;
	const core = coreType(signature);
	return {
		qualifiedName: `${module}.${hostFunction.name}`,
		symbol: names.symbol,
		params: cParams(signature.params),
		...(core.spilled ? { record: names.record } : {}),
		...(signature.result === undefined ? {} : { result: cTypeOf(signature.result) }),
		returnPointer: core.returnPointer,
		function: hostFunction,
	};
}

function cParams(params: readonly Param[]): readonly CParam[] {
	const wanted = params.map((param) => ({
		name: pythonVariable(param.name),
		suffixes: ['', ...cTypeOf(param.type).flat.map((flat) => flat.suffix)],
	}));
	const cNames = parameterNames(wanted);
	return params.map((param, index) => ({
		witName: param.name,
		name: pythonVariable(param.name),
		cName: cNames[index] ?? param.name,
		type: param.type,
		c: cTypeOf(param.type),
	}));
}

/** The struct of spilled parameters, or nothing. */
export function recordDefinition(one: CImport): string {
	if (one.record === undefined) {
		return '';
	}
	return render(readTemplate('c/record.h.in'), {
		RECORD: one.record,
		FIELDS: one.params.map((param) => `${declare(param.c.value, param.cName)};`).join('\n'),
		SIZE: String(layoutRecord(one.params.map((param) => param.type)).size),
	});
}

/** A core import as C declares it. */
export interface CoreImport {
	readonly importModule: string;
	readonly importName: string;
	/** The C function. */
	readonly symbol: string;
	/** Of the Python function, for the message outside of wasm. */
	readonly qualifiedName: string;
	readonly params: readonly { readonly type: string; readonly name: string }[];
	/** The C type of the core result; absent without one. */
	readonly result?: string;
}

/** The import's declaration for wasm, and a definition that raises elsewhere. `linkage` is that of the latter. */
export function importDeclaration(one: CoreImport, linkage: 'static' | 'static inline'): string {
	const result = one.result ?? 'void';
	return render(readTemplate('c/import.h.in'), {
		IMPORT_MODULE: cAttributeString(one.importModule),
		IMPORT_NAME: cAttributeString(one.importName),
		DECLARATION: `${prototype(
			`${result} ${one.symbol}`,
			one.params.map(({ type, name }) => declare(type, name)),
		)};`,
		LINKAGE: `${linkage} ${result}`,
		DEFINITION: prototype(
			one.symbol,
			one.params.map(({ type, name }) => declare(type, `Py_UNUSED(${name})`)),
		),
		NAME: cString(one.qualifiedName),
		RETURN: result === 'void' ? '' : 'return 0;',
	});
}

/** The core import behind a function whose types C has. */
export function coreImport(one: CImport): CoreImport {
	return {
		importModule: one.function.importModule,
		importName: one.function.importName,
		symbol: one.symbol,
		qualifiedName: one.qualifiedName,
		params: importParams(one),
		...(one.returnPointer || one.result === undefined ? {} : { result: one.result.received }),
	};
}

/** The parameters of the core import. */
function importParams(one: CImport): readonly { readonly type: string; readonly name: string }[] {
	const params =
		one.record === undefined
			? one.params.flatMap((param) =>
					param.c.flat.map((flat) => ({ type: flat.type, name: param.cName + flat.suffix })),
				)
			: [{ type: `const ${one.record} *`, name: 'params' }];
	return one.returnPointer && one.result !== undefined
		? [...params, { type: `${one.result.received} *`, name: 'result' }]
		: params;
}

/** A call of the import, `flatten` giving the C expression of each parameter's value. */
export function importCall(one: CImport, flatten: (param: CParam) => readonly string[], result: string): string {
	const values = one.record === undefined ? one.params.flatMap(flatten) : ['&params'];
	return one.returnPointer
		? `${call(one.symbol, [...values, `&${result}`])};`
		: `${call(one.result === undefined ? one.symbol : `${result} = ${one.symbol}`, values)};`;
}
