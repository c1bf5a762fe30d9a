import type { HostFunction, HostModule } from '../../manifest/manifest.js';
import { pythonVariable } from '../../manifest/python-spelling.js';
import type { Param, Signature } from '../../wit/type.js';
import { indent } from '../template.js';
import { annotate, type Spelling } from './annotation.js';
import { classTyping, payloadErrorTyping } from './class-typing.js';
import type { RaisedErrors } from './errors.js';
import { pythonDocString, pythonLiteral } from './literal.js';
import { spellingFor } from './spelling.js';

/** The stub file (`.pyi`) of a host module. */
export function pythonTyping(module: HostModule, errors: RaisedErrors, header: string): string {
	const { spelling, imports } = spellingFor(module);
	const classes = [
		...module.types.flatMap((one) => classTyping(one, errors, spelling)),
		...errors.payloadErrors(module.name).flatMap((one) => payloadErrorTyping(one, spelling)),
	];
	const functions = module.functions.map((one) => functionTyping(one, spelling));
	const parts = [
		...(module.doc === undefined ? [] : [pythonDocString(module.doc)]),
		// What is imported is known when all else is written.
		...imports(functions.length > 0 || classes.length > 0),
		...classes,
		...functions,
	];
	return `${[header, ...parts].join('\n\n')}\n`;
}

function functionTyping(hostFunction: HostFunction, spelling: Spelling): string {
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
export function answerTyping({ result }: Signature, spelling: Spelling): string {
	const value = result?.kind === 'result' ? result.ok : result;
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
