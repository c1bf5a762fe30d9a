import type { NativeModule } from '../../manifest/manifest.js';
import { indent, readTemplate, render } from '../template.js';
import { type CImport, type CParam, coreImport, importCall, importDeclaration, recordDefinition } from './import.js';
import { cComment, cString } from './literal.js';
import { cIdentifier } from './names.js';
import { declare, prototype } from './syntax.js';

/** The header through which a native module's C code calls its host functions. */
export function importsHeader(module: NativeModule, imports: readonly CImport[], header: string): string {
	const name = cIdentifier(module.name);
	return render(readTemplate('c/imports.h.in'), {
		HEADER: header,
		MODULE: module.name,
		GUARD: `${name.toUpperCase()}_IMPORTS_H`,
		IMPORTS: imports.map(checkedImport).join('').trimEnd(),
	});
}

function checkedImport(one: CImport): string {
	const result = one.result === undefined ? [] : [declare(`${one.result.result} *`, 'result')];
	return render(readTemplate('c/checked.h.in'), {
		QUALIFIED: one.qualifiedName,
		IMPORT: `${recordDefinition(one)}${importDeclaration(coreImport(one), 'static inline')}`.trimEnd(),
		DOC: cComment(one.function.doc ?? `Call ${one.qualifiedName} of the host.`),
		PROTOTYPE: prototype(one.symbol.replace(/_raw$/, ''), [...one.params.flatMap(naturalParams), ...result]),
		BODY: indent(statements(one).join('\n'), '    '),
	});
}

/** A parameter as C code gives it: a scalar of its own type, or a pointer and a length. */
function naturalParams(param: CParam): readonly string[] {
	return param.c.flat.map((flat) =>
		declare(flat.member === undefined ? param.c.value : flat.type, param.cName + flat.suffix),
	);
}

function statements(one: CImport): readonly string[] {
	return [...recordStatements(one), ...callStatements(one)];
}

function recordStatements(one: CImport): readonly string[] {
	if (one.record === undefined) {
		return [];
	}
	const assignments = one.params.flatMap((param) =>
		param.c.flat.map((flat) => {
			const member = flat.member === undefined ? '' : `.${flat.member}`;
			return `params.${param.cName}${member} = ${param.cName}${flat.suffix};`;
		}),
	);
	return [`${one.record} params;`, ...assignments];
}

function callStatements(one: CImport): readonly string[] {
	const invoke = importCall(one, (param) => param.c.flat.map((flat) => param.cName + flat.suffix), 'value');
	if (one.result === undefined) {
		return [invoke, 'return cpybuild_check();'];
	}
	const { received, result, suffix, checked } = one.result;
	const value = one.returnPointer ? '&value' : 'value';
	return [
		`${declare(received, 'value')}${one.returnPointer ? ' = {NULL, 0}' : ''};`,
		invoke,
		failing('cpybuild_check() < 0'),
		...(checked ? [failing(`cpybuild_check_${suffix}(${cString(one.qualifiedName)}, ${value}) < 0`)] : []),
		`*result = ${conversion(received, result)};`,
		'return 0;',
	];
}

function conversion(received: string, result: string): string {
	if (received === result) {
		return 'value';
	}
	return result === 'bool' ? 'value != 0' : `(${result})value`;
}

function failing(condition: string): string {
	return `if (${condition}) {\n    return -1;\n}`;
}
