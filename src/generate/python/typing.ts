import type { HostFunction, HostModule } from '../../manifest/manifest.js';
import { pythonVariable } from '../../manifest/python-spelling.js';
import type { Param } from '../../wit/type.js';
import { indent } from '../template.js';
import { annotationOf } from './annotation.js';
import { pythonDocString, pythonLiteral } from './literal.js';

/** How a builtin type is written in annotations. */
type Spell = (builtin: string) => string;

/** The stub file (`.pyi`) of a host module. */
export function pythonTyping(module: HostModule, header: string): string {
	const spell = spellingFor(module);
	const parts = [
		...(module.doc === undefined ? [] : [pythonDocString(module.doc)]),
		...(spell('int') === 'int' ? [] : ['import builtins as _builtins']),
		...module.functions.map((one) => functionTyping(one, spell)),
	];
	return `${[header, ...parts].join('\n\n')}\n`;
}

/** A function may be called like a builtin type; then annotations must not mean the function. */
function spellingFor(module: HostModule): Spell {
	const types = new Set(['bool', 'bytearray', 'bytes', 'float', 'int', 'memoryview', 'str']);
	return module.functions.some((one) => types.has(one.name))
		? (builtin) => `_builtins.${builtin}`
		: (builtin) => builtin;
}

function functionTyping(hostFunction: HostFunction, spell: Spell): string {
	const { params, result } = hostFunction.signature;
	const list = params.map((param) => parameterTyping(hostFunction, param, spell)).join(', ');
	const answer = result === undefined ? 'None' : spell(annotationOf(result).result);
	const head = `def ${hostFunction.name}(${list}) -> ${answer}:`;
	return hostFunction.doc === undefined
		? `${head} ...`
		: `${head}\n${indent(pythonDocString(hostFunction.doc), '    ')}`;
}

function parameterTyping(hostFunction: HostFunction, param: Param, spell: Spell): string {
	const typed = `${pythonVariable(param.name)}: ${annotationOf(param.type).parameter.map(spell).join(' | ')}`;
	const value = hostFunction.defaults[param.name];
	if (value === undefined) {
		return typed;
	}
	/** Infinity and NaN have no literal of their own. */
	const literal = typeof value === 'number' && !Number.isFinite(value) ? '...' : pythonLiteral(param.type, value);
	return `${typed} = ${literal}`;
}
