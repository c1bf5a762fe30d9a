import { importedFunctions } from '../../../manifest/imports.js';
import type { HostModule } from '../../../manifest/manifest.js';
import { pythonClass, pythonVariable } from '../../../manifest/python-spelling.js';
import type { ResourceDefinition } from '../../../wit/type.js';
import { resourceSignature } from '../../python/signature.js';
import { indent, readTemplate, render } from '../../template.js';
import { importDeclaration } from '../import.js';
import { cLines, cString, withoutNul } from '../literal.js';
import { cIdentifier, uniqueName } from '../names.js';
import { call } from '../syntax.js';
import type { ClassText } from './classes.js';
import { takesArguments, type ValueFunction, valueStub } from './function.js';
import type { ValueNames } from './names.js';

/** The functions of a resource, `errorOf` giving the C variable of the class that carries an error. */
export function resourceFunctions(
	module: HostModule,
	resource: ResourceDefinition,
	names: ValueNames,
	symbols: Set<string>,
	errorOf: (signature: ValueFunction['signature']) => string | undefined,
): readonly ValueFunction[] {
	const className = pythonClass(resource.name);
	const base = names.classOf(resource).replace(/_class$/, '');
	return importedFunctions(module).flatMap(({ of, module: importModule, name: importName, signature }) => {
		if (of.kind !== 'resource' || of.resource !== resource) return [];
		const { function: one } = of;
		const isConstructor = one.kind === 'constructor';
		const wanted = `${base}_${isConstructor ? 'new' : cIdentifier(pythonVariable(one.name))}`;
		const symbol = uniqueName(wanted, symbols, ['_import', '_params']);
		const name = isConstructor ? className : `${className}.${pythonVariable(one.name)}`;
		const errorClass = errorOf(signature);
		return [
			{
				qualifiedName: `${module.name}.${name}`,
				name,
				importModule,
				importName,
				signature,
				defaults: {},
				// The doc string of a constructor is that of the class.
				doc: `${resourceSignature(resource, one)}\n--\n\n${withoutNul((isConstructor ? resource : one).doc ?? '')}`,
				isMethod: one.kind === 'method',
				symbol: `${symbol}_import`,
				record: `${symbol}_params`,
				stub: `${symbol}_stub`,
				...(errorClass === undefined ? {} : { errorClass }),
			},
		];
	});
}

/** The class of a resource with its functions. */
export function resourceClass(
	names: ValueNames,
	module: HostModule,
	resource: ResourceDefinition,
	functions: readonly ValueFunction[],
): ClassText {
	const variable = names.classOf(resource);
	const drop = importedFunctions(module).find(({ of }) => of.kind === 'drop' && of.resource === resource);
	if (drop === undefined) throw new Error(`${resource.name} cannot be dropped`);
	const className = pythonClass(resource.name);
	const maker = functions.find(({ name }) => name === className);
	const docVariable = maker === undefined ? `${variable}_doc` : `${maker.stub}__doc__`;
	const text = render(readTemplate('c/resource.c.in'), {
		QUALIFIED: `${module.name}.${className}`,
		DROP: importDeclaration(
			{
				importModule: drop.module,
				importName: drop.name,
				symbol: `${variable}_drop`,
				qualifiedName: `${module.name}.${className}`,
				params: [{ type: 'uint32_t', name: 'handle' }],
			},
			'static',
		).trimEnd(),
		METHODS: functions
			.filter((one) => one !== maker)
			.map((one) => methodEntry(one))
			.join('\n'),
		CONSTRUCT: maker === undefined ? '' : construct(maker, variable),
		CONSTRUCTOR: maker === undefined ? 'NULL' : `${variable}_construct`,
		DOC: maker === undefined ? `\nPyDoc_STRVAR(${docVariable},\n${cLines(withoutNul(resource.doc ?? ''))});` : '',
		DOC_VARIABLE: docVariable,
		CLASS: variable,
		NAME: cString(`${module.name}.${className}`),
		LENGTH: String(Buffer.byteLength(module.name)),
	});
	return {
		text: functions.map((one) => valueStub(names, one)).join('') + text,
		add: `cpybuild_add_resource(module, &${variable})`,
	};
}

function methodEntry(one: ValueFunction): string {
	const name = cString(one.name.slice(one.name.indexOf('.') + 1));
	const flags = [
		...(takesArguments(one) ? ['METH_FASTCALL', 'METH_KEYWORDS'] : ['METH_NOARGS']),
		...(one.isMethod ? [] : ['METH_STATIC']),
	].join(' | ');
	return takesArguments(one)
		? `{${name}, (PyCFunction)(void (*)(void))${one.stub},\n ${flags},\n ${one.stub}__doc__},`
		: `{${name}, ${one.stub}, ${flags},\n ${one.stub}__doc__},`;
}

/** A class is called with a number of arguments that has a flag. */
function construct(one: ValueFunction, variable: string): string {
	const body = takesArguments(one)
		? `${call(`return ${one.stub}`, ['NULL', 'args', 'PyVectorcall_NARGS(nargsf)', 'kwnames'])};`
		: [
				`if (PyVectorcall_NARGS(nargsf) != 0`,
				`    || (kwnames != NULL && PyTuple_GET_SIZE(kwnames) != 0))`,
				'{',
				`    PyErr_SetString(PyExc_TypeError, ${cString(`${one.name}() takes no arguments`)});`,
				'    return NULL;',
				'}',
				`return ${one.stub}(NULL, NULL);`,
			].join('\n');
	const args = takesArguments(one) ? 'args' : 'Py_UNUSED(args)';
	return `
static PyObject *
${variable}_construct(PyObject *Py_UNUSED(type), PyObject *const *${args},
${' '.repeat(variable.length + 11)}size_t nargsf, PyObject *kwnames)
{
${indent(body, '    ')}
}`;
}
