import type { ExportedFunction, ExportedInterface } from '../../manifest/manifest.js';
import { fallibleOf } from '../../wit/parts.js';
import { indent, readTemplate, render } from '../template.js';
import { type CImport, type CParam, cImport } from './import.js';
import { cAttributeString, cCommentText, cString } from './literal.js';
import { cIdentifier, uniqueName } from './names.js';
import { call, declare, prototype } from './syntax.js';
import { exportTypes, type RaisedBy, takesValues, valueExport } from './values/export.js';
import { payloadVariable, type ValueContext } from './values/module.js';
import { nameValues } from './values/names.js';

/** The C file with all functions that Python code implements. */
export function cExports(interfaces: readonly ExportedInterface[], context: ValueContext, header: string): string {
	const used = new Set<string>();
	const names = nameValues(context.definitions, context.errors);
	const payloadOf: (owner: ExportedInterface) => RaisedBy =
		({ typesModule }) =>
		({ err }) => {
			const error = context.errors.errorFor(typesModule, err);
			return error && { variable: payloadVariable(error), owner: error.owner };
		};
	const payloads = interfaces.flatMap((owner) =>
		owner.functions.flatMap(({ signature }) => {
			const result = fallibleOf(signature);
			return result === undefined ? [] : (payloadOf(owner)(result) ?? []);
		}),
	);
	const rich = interfaces.flatMap(({ functions }) => functions.filter(({ signature }) => takesValues(signature)));
	const exports = interfaces.flatMap((owner) =>
		owner.functions.map((one) => {
			const wanted = `${cIdentifier(owner.name)}_${cIdentifier(one.name)}`;
			const symbol = uniqueName(wanted, used, ['', '_export', '_params', '_kept', '_post']);
			return takesValues(one.signature)
				? valueExport(names, owner, one, symbol, payloadOf(owner))
				: printExport(owner, one, symbol);
		}),
	);
	return render(readTemplate('c/exports.c.in'), {
		HEADER: header,
		INCLUDE: rich.length === 0 ? '' : '#include "cpybuild_types.h"',
		TYPES:
			rich.length === 0
				? ''
				: exportTypes(
						names,
						rich.map(({ signature }) => signature),
						[...new Map(payloads.map((one) => [one.variable, one])).values()],
					).trimEnd(),
		EXPORTS: exports.join(''),
	});
}

/** A function that Python code implements, as C sees it. */
interface CExport {
	readonly symbol: string;
	/** For messages: `billing.quote`. */
	readonly name: string;
	/** Its values: they are the same whoever calls. */
	readonly values: CImport;
}

function printExport(owner: ExportedInterface, one: ExportedFunction, symbol: string): string {
	const name = `${owner.name}.${one.name}`;
	const names = { symbol: `${symbol}_export`, record: `${symbol}_params` };
	const asImport = { ...one, importModule: '', importName: '', defaults: {} };
	const exported: CExport = { symbol, name, values: cImport(owner.name, asImport, names) };
	const { values } = exported;
	const post = { EXPORT: cCommentText(one.exportName), POST_NAME: cAttributeString(`cabi_post_${one.exportName}`) };
	return render(readTemplate('c/export.c.in'), {
		EXPORT: cCommentText(one.exportName),
		RECORD: values.returnPointer ? `static cpybuild_answer ${symbol}_kept;` : '',
		SYMBOL: symbol,
		MODULE: cString(owner.pythonModule),
		FUNCTION: cString(one.pythonFunction),
		EXPORT_NAME: cAttributeString(one.exportName),
		TYPE: coreResult(values),
		DEFINITION: prototype(values.symbol, coreParams(values)),
		BODY: indent(body(exported).join('\n'), '    ').replaceAll(/^ +(?=done:$)/gm, ''),
		POST: values.returnPointer ? render(readTemplate('c/post.c.in'), { ...post, SYMBOL: symbol }).trimEnd() : '',
	});
}

/** Results of several core values are in memory, and the export returns where. */
function coreResult({ returnPointer, result }: CImport): string {
	if (result === undefined) return 'void';
	return returnPointer ? 'const void *' : result.received;
}

function coreParams({ params }: CImport): readonly string[] {
	return params.flatMap((param) => param.c.flat.map((flat) => declare(flat.type, param.cName + flat.suffix)));
}

function body(one: CExport): readonly string[] {
	const { symbol, values } = one;
	const { params, result } = values;
	const returned = result === undefined ? '' : values.returnPointer ? `&${symbol}_value` : 'result';
	const leave = result === undefined ? 'return;' : values.returnPointer ? 'return NULL;' : 'return 0;';
	return [
		...declarations(one),
		'',
		...branch('cpybuild_begin_entry(&cpybuild_here) < 0', [leave]),
		...params.flatMap((param, index) => liftParam(one, param, index)),
		...freeParams(values),
		`answer = ${call('cpybuild_call_export', [`&${symbol}`, 'args', String(params.length)])};`,
		...(result === undefined ? ['Py_XDECREF(answer);'] : lowerAnswer(one)),
		'cpybuild_end_entry(&cpybuild_here);',
		...(result === undefined ? [] : [`return ${returned};`]),
	];
}

function declarations({ symbol, name, values }: CExport): readonly string[] {
	const { params, result, returnPointer } = values;
	return [
		...(result === undefined
			? []
			: [
					'static const char *const parameters[] = {"result"};',
					`static const cpybuild_function function = {\n    ${cString(name)}, parameters, 1, 1\n};`,
				]),
		...(returnPointer && result !== undefined ? [`static ${memoryOf(values)} ${symbol}_value;`] : []),
		...params.filter(isBuffer).map((param) => {
			const [pointer, length] = flatValues(param);
			return `cpybuild_buffer ${param.cName}__buffer = {(uint8_t *)${pointer}, ${length}};`;
		}),
		'cpybuild_entry cpybuild_here;',
		`PyObject *args[${params.length + 1}] = {NULL};`,
		'PyObject *answer;',
		...(result !== undefined && !returnPointer
			? [`${declare(result.value, 'value')};`, `${result.received} result = 0;`]
			: []),
	];
}

/** The C type of a result that is in memory. */
function memoryOf({ result }: CImport): string {
	return result?.value ?? 'void';
}

function isBuffer({ c }: CParam): boolean {
	return c.flat.length > 1;
}

function flatValues(param: CParam): readonly string[] {
	return param.c.flat.map((flat) => param.cName + flat.suffix);
}

/** Lifting one after the other, until one fails. */
function liftParam({ name }: CExport, param: CParam, index: number): readonly string[] {
	const value = isBuffer(param) ? `&${param.cName}__buffer` : flatValues(param).join();
	const lift = `args[${index + 1}] = ${call(`cpybuild_lift_${param.c.suffix}`, [cString(name), value])};`;
	return index === 0 ? [lift] : branch(`args[${index}] != NULL`, [lift]);
}

/** What was not lifted, because something before it could not be. */
function freeParams({ params }: CImport): readonly string[] {
	return params.filter(isBuffer).map((param) => `cpybuild_buffer_free(&${param.cName}__buffer);`);
}

function lowerAnswer({ symbol, values }: CExport): readonly string[] {
	const { result, returnPointer } = values;
	if (result === undefined) return [];
	const target = returnPointer ? `${symbol}_value` : 'value';
	const kept = `${symbol}_kept`;
	const lower = call(`cpybuild_lower_${result.suffix}`, [
		'&function',
		'0',
		'answer',
		`&${target}`,
		...(result.holds ? [`&${kept}.held`] : []),
	]).replaceAll(/\n */g, ' ');
	const refuse = ['else {', '    cpybuild_refuse_answer_of(&function);', '}'];
	if (returnPointer) {
		return [
			`cpybuild_release_answer(&${kept});`,
			`memset(&${target}, 0, sizeof(${target}));`,
			`${kept}.answer = answer;`,
			...branch(`answer != NULL && ${lower} < 0`, ['cpybuild_refuse_answer_of(&function);']),
		];
	}
	return branch('answer != NULL', [...branch(`${lower} == 0`, ['result = value;']), ...refuse, 'Py_DECREF(answer);']);
}

function branch(condition: string, lines: readonly string[]): readonly string[] {
	return [`if (${condition}) {`, ...lines.map((line) => `    ${line}`), '}'];
}
