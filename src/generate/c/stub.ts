import type { HostModule } from '../../manifest/manifest.js';
import { textSignature } from '../python/signature.js';
import { indent, readTemplate, render } from '../template.js';
import {
	type CImport,
	type CParam,
	call,
	declare,
	importCall,
	importDeclaration,
	prototype,
	recordDefinition,
} from './import.js';
import { cDefault, cLines, cString, withoutNul } from './literal.js';
import { cIdentifier } from './names.js';

/** The C extension module that offers a host module's functions to Python. */
export function cStub(module: HostModule, imports: readonly CImport[], header: string): string {
	const name = cIdentifier(module.name);
	return render(readTemplate('c/module.c.in'), {
		HEADER: header,
		INCLUDE: imports.length === 0 ? '#include <Python.h>' : '#include "cpybuild.h"',
		FUNCTIONS: imports.map((one) => stubFunction(name, one)).join(''),
		METHODS: imports.map((one) => methodEntry(stubName(name, one), one)).join('\n'),
		MODULE: name,
		DOC: module.doc === undefined ? '' : `PyDoc_STRVAR(${name}__doc__,\n${cLines(withoutNul(module.doc))});\n`,
		M_DOC: module.doc === undefined ? '' : `.m_doc = ${name}__doc__,`,
		NAME: cString(module.name),
	});
}

function stubName(module: string, one: CImport): string {
	return `${module}_${cIdentifier(one.function.name)}_stub`;
}

function methodEntry(stub: string, one: CImport): string {
	const name = cString(one.function.name);
	return one.params.length === 0
		? `{${name}, ${stub}, METH_NOARGS, ${stub}__doc__},`
		: `{${name}, (PyCFunction)(void (*)(void))${stub},\n METH_FASTCALL | METH_KEYWORDS, ${stub}__doc__},`;
}

function stubFunction(module: string, one: CImport): string {
	const stub = stubName(module, one);
	return render(readTemplate('c/function.c.in'), {
		QUALIFIED: one.qualifiedName,
		IMPORT: `${recordDefinition(one)}${importDeclaration(one, 'static')}`.trimEnd(),
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
	const names = one.params.map((param) => `${cString(param.name)},`).join(' ');
	return [
		`static const char *const parameters[] = {\n${wrap(names)}\n};`,
		`static const cpybuild_function function = {\n    ${cString(one.function.name)}, parameters, ${one.params.length}, ${requiredCount(one)}\n};`,
		`PyObject *values[${one.params.length}];`,
	];
}

/** How many parameters come before the first that has a default. */
function requiredCount(one: CImport): number {
	const firstOptional = one.params.findIndex((param) => hasDefault(one, param));
	return firstOptional === -1 ? one.params.length : firstOptional;
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

/** Breaks a list at spaces to lines of at most 70 columns, indented. */
function wrap(list: string): string {
	return (list.match(/.{1,70}(?= |$)/g) ?? []).map((line) => `    ${line.trim()}`).join('\n');
}
