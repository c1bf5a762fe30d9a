import type { HostFunction } from '../../manifest/manifest.js';
import { pythonVariable } from '../../manifest/python-spelling.js';
import { fallibleOf } from '../../wit/parts.js';
import type { Param, Signature } from '../../wit/type.js';
import { indent } from '../template.js';
import { annotate, type Spelling } from './annotation.js';
import { pythonDocString, pythonLiteral } from './literal.js';

/** A host function in a stub file. */
export function functionTyping(hostFunction: HostFunction, spelling: Spelling): string {
	const { params } = hostFunction.signature;
	const list = params.map((param) => parameterTyping(hostFunction, param, spelling)).join(', ');
	return definition(
		`def ${hostFunction.name}(${list}) -> ${answerTyping(hostFunction.signature, spelling)}:`,
		hostFunction.doc,
	);
}

/** A function without a body, or with one that is its doc string. */
export function definition(head: string, doc: string | undefined): string {
	return doc === undefined ? `${head} ...` : `${head}\n${indent(pythonDocString(doc), '    ')}`;
}

/** What a function returns: a result is its value, or raises. */
export function answerTyping(signature: Signature, spelling: Spelling): string {
	const result = fallibleOf(signature);
	const value = result === undefined ? signature.result : result.ok;
	return value === undefined ? 'None' : annotate(value, 'received', spelling);
}

function parameterTyping(hostFunction: HostFunction, param: Param, spelling: Spelling): string {
	const typed = `${pythonVariable(param.name)}: ${annotate(param.type, 'given', spelling)}`;
	const value = hostFunction.defaults[param.name];
	if (value === undefined) {
		return typed;
	}
	/** Infinity and NaN have no literal of their own. */
	const literal = typeof value === 'number' && !Number.isFinite(value) ? '...' : pythonLiteral(param.type, value);
	return `${typed} = ${literal}`;
}
