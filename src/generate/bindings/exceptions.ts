import type { WitType } from '../../wit/type.js';
import { type Code, typed } from './code.js';
import { withArticle } from './messages.js';
import { quote } from './names.js';
import { block, docComment } from './text.js';
import type { TypeNames } from './type-names.js';
import { typeText } from './type-text.js';

/** The class of the errors by which functions give the error case of their `result`. */
export function printException(code: Code, error: WitType | undefined): string[] {
	const name = code.names.ofException(error);
	const type = payloadType(error, code.names);
	const parameters =
		error === undefined
			? [`message${code.form === 'ts' ? '?: string' : ''}`]
			: [`payload${typed(code, type)}`, 'message = payloadText(payload)'];
	return [
		...exceptionDoc(error),
		...block(`export class ${name} extends Error`, [
			`${code.form === 'ts' ? 'readonly ' : ''}payload${typed(code, type)};`,
			'',
			...block(`constructor(${parameters.join(', ')})`, [
				'super(message);',
				`this.name = ${quote(name)};`,
				`this.payload = ${error === undefined ? 'undefined' : 'payload'};`,
			]),
		]),
	];
}

/** What that class looks like from outside. */
export function declareException(error: WitType | undefined, names: TypeNames): string[] {
	const type = payloadType(error, names);
	const payload = error === undefined ? '' : `payload: ${type}, `;
	return [
		...exceptionDoc(error),
		...block(`export declare class ${names.ofException(error)} extends Error`, [
			`readonly payload: ${type};`,
			`constructor(${payload}message?: string);`,
		]),
	];
}

function payloadType(error: WitType | undefined, names: TypeNames): string {
	return error === undefined ? 'undefined' : typeText(error, names);
}

function exceptionDoc(error: WitType | undefined): string[] {
	const what = error === undefined ? 'an error that says no more' : `${withArticle(error)} as error`;
	return docComment([`Thrown by a function whose result is ${what}: Python raises it.`]);
}
