import type { DefaultValue } from '../../../manifest/manifest.js';
import { pythonVariable } from '../../../manifest/python-spelling.js';
import { containsType, withoutAlias } from '../../../wit/parts.js';
import type { Signature, WitType } from '../../../wit/type.js';
import { type CoreSignature, coreType } from '../../abi/core.js';
import { layoutRecord } from '../../abi/layout.js';
import { readTemplate, render } from '../../template.js';
import { type CoreImport, importDeclaration } from '../import.js';
import { cDefault, cLines, cString } from '../literal.js';
import { parameterNames } from '../names.js';
import { requiredCount, wrapNames } from '../parameters.js';
import { call, declare, prototype } from '../syntax.js';
import { answerStatements } from './answer.js';
import { type Flattening, flatten } from './flat.js';
import { lowerPart } from './lower.js';
import type { ValueNames } from './names.js';
import { formOf } from './parts.js';
import { branch, type Call, callAfter, ifNegative } from './text.js';

/** A Python function whose values are made of others, or that belongs to a resource. */
export interface ValueFunction {
	/** With the module's name, for messages: `demo.save`, `demo.Cursor.fetch`. */
	readonly qualifiedName: string;
	/** As messages about its arguments call it: `save`, `Cursor.fetch`. */
	readonly name: string;
	readonly importModule: string;
	readonly importName: string;
	readonly signature: Signature;
	/** By WIT name of the parameter. */
	readonly defaults: Readonly<Record<string, DefaultValue>>;
	/** The Python function's doc string; it begins with the text signature. */
	readonly doc: string;
	/** The first parameter is the object whose method it is. */
	readonly isMethod: boolean;
	/** C names: of the import, of the struct of spilled parameters, of the Python function. */
	readonly symbol: string;
	readonly record: string;
	readonly stub: string;
	/** The C variable of the exception class that carries the result's error; absent when the error is one itself. */
	readonly errorClass?: string;
}

/** A parameter in C. */
interface ValueParam {
	readonly witName: string;
	readonly name: string;
	readonly type: WitType;
	readonly cName: string;
	/** Where the lowered value is. */
	readonly place: string;
	readonly flat: Flattening;
}

/** Names that the stub itself uses, besides those that no parameter has. */
const own: readonly string[] = ['call', 'context', 'refused', 'received'];

/** The import and the Python function that calls it. */
export function valueStub(names: ValueNames, one: ValueFunction): string {
	const core = coreType(one.signature);
	const params = valueParams(one, core);
	const bound = one.isMethod ? params.slice(1) : params;
	return render(readTemplate('c/function.c.in'), {
		QUALIFIED: one.qualifiedName,
		IMPORT:
			`${spilledParams(names, one, core, params)}${importDeclaration(declaration(names, one, core, params), 'static')}`.trimEnd(),
		STUB: one.stub,
		DOC: cLines(one.doc),
		PARAMETERS: stubParameters(one, bound.length),
		BODY: stubBody(names, one, core, params),
	});
}

/** Whether the stub takes arguments. */
export function takesArguments({ signature, isMethod }: ValueFunction): boolean {
	return signature.params.length > (isMethod ? 1 : 0);
}

function valueParams({ signature }: ValueFunction, { spilled }: CoreSignature): readonly ValueParam[] {
	const wanted = signature.params.map(({ name, type }) => ({
		name: own.includes(name) ? `${name}_` : pythonVariable(name),
		suffixes: ['', ...flatten(type, '', '').types.map((_, index) => `_${index}`)],
	}));
	const cNames = parameterNames(wanted);
	return signature.params.map(({ name, type }, index) => {
		const cName = cNames[index] ?? name;
		const place = spilled ? `params.${cName}` : cName;
		return { witName: name, name: pythonVariable(name), type, cName, place, flat: flatten(type, place, cName) };
	});
}

function spilledParams(
	names: ValueNames,
	{ record }: ValueFunction,
	{ spilled }: CoreSignature,
	params: readonly ValueParam[],
): string {
	if (!spilled) return '';
	return render(readTemplate('c/record.h.in'), {
		RECORD: record,
		FIELDS: params.map(({ type, cName }) => `${declare(names.memory(type), cName)};`).join('\n'),
		SIZE: String(layoutRecord(params.map(({ type }) => type)).size),
	});
}

function declaration(
	names: ValueNames,
	one: ValueFunction,
	{ spilled, returnPointer, results }: CoreSignature,
	params: readonly ValueParam[],
): CoreImport {
	const { importModule, importName, symbol, qualifiedName, signature } = one;
	const flat = spilled
		? [{ type: `const ${one.record} *`, name: 'params' }]
		: params.flatMap((param) =>
				param.flat.types.map((type, index) => ({
					type,
					name: param.flat.types.length === 1 ? param.cName : `${param.cName}_${index}`,
				})),
			);
	const { result } = signature;
	const pointer = returnPointer && result !== undefined ? [{ type: `${names.memory(result)} *`, name: 'result' }] : [];
	return {
		importModule,
		importName,
		symbol,
		qualifiedName,
		params: [...flat, ...pointer],
		...(results.length === 0 || result === undefined ? {} : { result: receivedType(result) }),
	};
}

/** The C type of a core result. */
function receivedType(result: WitType): string {
	return flatten(result, '', '').types[0] ?? 'void';
}

function stubParameters({ stub, isMethod }: ValueFunction, count: number): string {
	const head = ' '.repeat(stub.length);
	const self = isMethod ? 'PyObject *self' : 'PyObject *Py_UNUSED(module)';
	const rest =
		count === 0 ? ['PyObject *Py_UNUSED(ignored)'] : ['PyObject *const *args', 'Py_ssize_t nargs', 'PyObject *kwnames'];
	return prototype(head, [self, ...rest]).slice(head.length + 1, -1);
}

function stubBody(names: ValueNames, one: ValueFunction, core: CoreSignature, params: readonly ValueParam[]): string {
	const bound = one.isMethod ? params.slice(1) : params;
	const refusing = bound.length > 0 || one.isMethod;
	const statements = [
		...(bound.length === 0
			? []
			: [
					'args = cpybuild_bind(&function, args, nargs, kwnames, values);',
					...branch('args == NULL', ['return NULL;']),
				]),
		`${call('cpybuild_begin', ['call', cString(one.qualifiedName), bound.length === 0 ? 'NULL' : '&function'])};`,
		...(one.isMethod ? params.slice(0, 1) : []).flatMap(({ type, place }) =>
			ifNegative(lowerPart(names, type, 'self', `&${place}`), ['goto refused;']),
		),
		...bound.flatMap((param, index) => lowerParam(names, one, param, index)),
		...(core.spilled ? [] : params.flatMap(({ flat }) => flat.statements)),
		...(params.some(({ type }) => containsType(type, ({ kind }) => kind === 'own')) ? ['cpybuild_give(call);'] : []),
		...callStatements(one, core, params),
		...branch('cpybuild_check() < 0', ['goto exit;']),
		...answerStatements(names, one.signature.result, one.errorClass, core),
		...(refusing ? ['goto exit;', '', 'refused:', 'cpybuild_refuse_argument(call);'] : []),
		'',
		'exit:',
		'cpybuild_end(call);',
		'return answer;',
	];
	return [...declarations(names, one, core, params), '', ...statements]
		.join('\n')
		.replaceAll(/^(?=.)/gm, '    ')
		.replaceAll(/^ +(?=(?:refused|exit):$)/gm, '')
		.trimEnd();
}

function declarations(
	names: ValueNames,
	one: ValueFunction,
	core: CoreSignature,
	params: readonly ValueParam[],
): readonly string[] {
	const bound = one.isMethod ? params.slice(1) : params;
	const { result } = one.signature;
	const required = requiredCount(bound.map(({ witName }) => one.defaults[witName] !== undefined));
	return [
		...(bound.length === 0
			? []
			: [
					`static const char *const parameters[] = {\n${wrapNames(bound.map(({ name }) => name))}\n};`,
					`static const cpybuild_function function = {\n    ${cString(one.name)}, parameters, ${bound.length}, ${required}\n};`,
					`PyObject *values[${bound.length}];`,
				]),
		'cpybuild_call context;',
		'cpybuild_call *call = &context;',
		...(core.spilled
			? [`${one.record} params;`]
			: params.flatMap(({ type, cName, flat }) => [
					`${declare(names.memory(type), cName)};`,
					...flat.locals.map((local) => `${declare(local.type, local.name)} = 0;`),
				])),
		...(result === undefined ? [] : [`${declare(names.memory(result), 'result')};`]),
		...(core.results.length === 0 || result === undefined ? [] : [`${declare(receivedType(result), 'received')};`]),
		'PyObject *answer = NULL;',
	];
}

function lowerParam(
	names: ValueNames,
	{ defaults }: ValueFunction,
	{ type, place, witName }: ValueParam,
	index: number,
): readonly string[] {
	const lower = ifNegative(lowerArgument(names, type, `args[${index}]`, `&${place}`, index), ['goto refused;']);
	const value = defaults[witName];
	return [
		...(index === 0 ? [] : [`call->index = ${index};`]),
		...(value === undefined
			? lower
			: [
					...branch(`args[${index}] == NULL`, [
						value === null ? `${place}.tag = 0;` : `${place} = ${cDefault(withoutAlias(type), value)};`,
					]),
					`else ${lower.join('\n')}`,
				]),
	];
}

/** The caller holds the arguments, so that text and bytes need not be kept. */
function lowerArgument(names: ValueNames, type: WitType, object: string, target: string, index: number): Call {
	const resolved = withoutAlias(type);
	if (resolved.kind === 'string') {
		return { head: 'cpybuild_lower_string', items: ['&function', String(index), object, target] };
	}
	if (resolved.kind === 'list' && formOf(resolved).kind === 'leaf') {
		return { head: 'cpybuild_lower_bytes', items: ['&function', String(index), object, target, '&call->held'] };
	}
	return lowerPart(names, resolved, object, target);
}

function callStatements(
	one: ValueFunction,
	{ spilled, returnPointer, results }: CoreSignature,
	params: readonly ValueParam[],
): readonly string[] {
	const values = spilled ? ['&params'] : params.flatMap(({ flat }) => flat.values);
	const items = returnPointer ? [...values, '&result'] : values;
	const invoke = callAfter('', { head: results.length === 0 ? one.symbol : `received = ${one.symbol}`, items });
	return [
		...(returnPointer ? ['memset(&result, 0, sizeof(result));'] : []),
		'cpybuild_enter(call);',
		`${invoke};`,
		'cpybuild_leave(call);',
	];
}
