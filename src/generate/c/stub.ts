import type { HostModule } from '../../manifest/manifest.js';
import { textSignature } from '../python/signature.js';
import { indent, readTemplate, render } from '../template.js';
import { type CImport, type CParam, coreImport, importCall, importDeclaration, recordDefinition } from './import.js';
import { cDefault, cLines, cString, withoutNul } from './literal.js';
import { cIdentifier } from './names.js';
import { requiredCount, wrapNames } from './parameters.js';
import { call, declare, prototype } from './syntax.js';
import { takesArguments, type ValueFunction } from './values/function.js';
import type { ValueTexts } from './values/module.js';

/** What a host module's C file is made of. */
export interface StubParts {
	readonly module: HostModule;
	/** In the manifest's order. */
	readonly functions: readonly (CImport | ValueFunction)[];
	/** Absent when C has all types of the module. */
	readonly values?: ValueTexts;
	/** Other modules are in it. */
	readonly isPackage: boolean;
}

function isPlain(one: CImport | ValueFunction): one is CImport {
	return 'function' in one;
}

/** The C extension module that offers a host module's functions to Python. */
export function cStub({ module, functions, values, isPackage }: StubParts, header: string): string {
	const name = cIdentifier(module.name);
	const texts = functions.map((one) => (isPlain(one) ? stubFunction(name, one) : values?.stub(one)));
	const exec = values?.exec ?? 'cpybuild_add_host_error';
	return render(readTemplate('c/module.c.in'), {
		HEADER: header,
		INCLUDE: includeOf(functions.length > 0 || isPackage, values),
		FUNCTIONS: [values?.types, ...texts, values?.resources].join(''),
		METHODS: functions
			.map((one) =>
				isPlain(one)
					? methodEntry(one.function.name, stubName(name, one), one.params.length > 0)
					: methodEntry(one.name, one.stub, takesArguments(one)),
			)
			.join('\n'),
		SLOTS: [
			...(functions.length === 0 && values === undefined ? [] : [`{Py_mod_exec, ${exec}},`]),
			...(isPackage ? ['{Py_mod_exec, cpybuild_open_package},'] : []),
		].join('\n'),
		MODULE: name,
		DOC: module.doc === undefined ? '' : `PyDoc_STRVAR(${name}__doc__,\n${cLines(withoutNul(module.doc))});\n`,
		M_DOC: module.doc === undefined ? '' : `.m_doc = ${name}__doc__,`,
		NAME: cString(module.name),
	});
}

function stubName(module: string, one: CImport): string {
	return `${module}_${cIdentifier(one.function.name)}_stub`;
}

function methodEntry(name: string, stub: string, hasParams: boolean): string {
	return hasParams
		? `{${cString(name)}, (PyCFunction)(void (*)(void))${stub},\n METH_FASTCALL | METH_KEYWORDS, ${stub}__doc__},`
		: `{${cString(name)}, ${stub}, METH_NOARGS, ${stub}__doc__},`;
}

function includeOf(hasFunctions: boolean, values: ValueTexts | undefined): string {
	if (values !== undefined) return '#include "cpybuild_types.h"';
	return hasFunctions ? '#include "cpybuild.h"' : '#include <Python.h>';
}

function stubFunction(module: string, one: CImport): string {
	const stub = stubName(module, one);
	return render(readTemplate('c/function.c.in'), {
		QUALIFIED: one.qualifiedName,
		IMPORT: `${recordDefinition(one)}${importDeclaration(coreImport(one), 'static')}`.trimEnd(),
		STUB: stub,
		DOC: cLines(`${textSignature(one.function)}\n--\n\n${withoutNul(one.function.doc ?? '')}`),
		PARAMETERS: stubParameters(stub, one),
		BODY: body([declarations(one), statements(one)]),
	});
}

function stubParameters(stub: string, one: CImport): string {
	const head = ' '.repeat(stub.length);
	const parameters =
		one.params.length === 0
			? ['PyObject *Py_UNUSED(module)', 'PyObject *Py_UNUSED(ignored)']
			: ['PyObject *Py_UNUSED(module)', 'PyObject *const *args', 'Py_ssize_t nargs', 'PyObject *kwnames'];
	return prototype(head, parameters).slice(head.length + 1, -1);
}

/** Paragraphs of statements, indented; labels stand at the margin. */
function body(paragraphs: readonly (readonly string[])[]): string {
	const text = paragraphs
		.filter((lines) => lines.length > 0)
		.map((lines) => lines.join('\n'))
		.join('\n\n');
	return indent(text, '    ').replace(/^ +(?=\w+:$)/m, '');
}

function declarations(one: CImport): readonly string[] {
	return [
		...(one.params.length === 0 ? [] : argumentDeclarations(one)),
		...(one.record === undefined
			? one.params.map((param) => `${declare(param.c.value, param.cName)};`)
			: [`${one.record} params;`]),
		...(holds(one) ? ['cpybuild_hold *held = NULL;', 'PyObject *answer = NULL;'] : []),
		...(one.result === undefined
			? []
			: [`${declare(one.result.received, 'result')}${one.returnPointer ? ' = {NULL, 0}' : ''};`]),
	];
}

function argumentDeclarations(one: CImport): readonly string[] {
	const required = requiredCount(one.params.map((param) => hasDefault(one, param)));
	return [
		`static const char *const parameters[] = {\n${wrapNames(one.params.map(({ name }) => name))}\n};`,
		`static const cpybuild_function function = {\n    ${cString(one.function.name)}, parameters, ${one.params.length}, ${required}\n};`,
		`PyObject *values[${one.params.length}];`,
	];
}

function hasDefault(one: CImport, param: CParam): boolean {
	return one.function.defaults[param.witName] !== undefined;
}

function statements(one: CImport): readonly string[] {
	const exit = holds(one) ? 'goto exit;' : 'return NULL;';
	const failing = (condition: string) => `if (${condition}) {\n    ${exit}\n}`;
	const answer = liftStatements(one);
	return [
		...(one.params.length === 0
			? []
			: ['args = cpybuild_bind(&function, args, nargs, kwnames, values);', failing('args == NULL')]),
		...one.params.map((param, index) => lowerStatement(one, param, index, failing)),
		importCall(one, (param) => flatValues(param), 'result'),
		failing('cpybuild_check() < 0'),
		...(holds(one)
			? [`answer = ${answer};`, '', 'exit:', 'cpybuild_release(held);', 'return answer;']
			: [`return ${answer};`]),
	];
}

function lowerStatement(one: CImport, param: CParam, index: number, failing: (condition: string) => string): string {
	const target = one.record === undefined ? param.cName : `params.${param.cName}`;
	const lower = call(`cpybuild_lower_${param.c.suffix}`, [
		'&function',
		String(index),
		`args[${index}]`,
		`&${target}`,
		...(param.c.holds ? ['&held'] : []),
	]).replaceAll(/\n */g, ' ');
	const value = one.function.defaults[param.witName];
	return value === undefined
		? failing(`${lower} < 0`)
		: `if (args[${index}] == NULL) {\n    ${target} = ${cDefault(param.type, value)};\n}\nelse ${failing(`${lower} < 0`)}`;
}

function flatValues(param: CParam): readonly string[] {
	return param.c.flat.map((flat) => (flat.member === undefined ? param.cName : `${param.cName}.${flat.member}`));
}

function liftStatements(one: CImport): string {
	if (one.result === undefined) {
		return 'Py_NewRef(Py_None)';
	}
	const name = cString(one.qualifiedName);
	return `cpybuild_lift_${one.result.suffix}(${name}, ${one.returnPointer ? '&result' : 'result'})`;
}

function holds(one: CImport): boolean {
	return one.params.some((param) => param.c.holds);
}
