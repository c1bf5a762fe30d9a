import { isIdentifier, isKeyword, suggestWitName } from './name.js';
import type { TokenStream } from './token-stream.js';
import { constructors, isPrimitiveName } from './types.js';

/** A type as it is written, before its names are known to mean anything. */
export interface TypeExpression {
	/** With the `%` that it may have. Also `_` and numbers, where WIT takes them as arguments. */
	readonly name: string;
	/** Absent without angle brackets. */
	readonly args?: readonly TypeExpression[];
	readonly start: number;
	readonly end: number;
}

// wasm-tools stops at this depth; no call stack suffers from it.
const deepest = 100;
const largestLength = 0xffff_ffff;

/** Parses a type; reports a broken one and gives undefined. Whether its names exist is not asked here. */
export function parseTypeExpression(stream: TokenStream): TypeExpression | undefined {
	const expression = parseExpression(stream, 1);
	return expression !== undefined && checkShape(stream, expression) ? expression : undefined;
}

/** A type as messages show it. */
export function expressionText({ name, args }: TypeExpression): string {
	return args === undefined ? name : `${name}<${args.map(expressionText).join(', ')}>`;
}

function parseExpression(stream: TokenStream, depth: number): TypeExpression | undefined {
	const token = stream.nextName();
	if (token === undefined) {
		const next = stream.peek();
		const found = next.kind === 'end' ? '' : `, found "${next.text}"`;
		stream.syntax(next, `expected a type${found}`, stream.dialect.typesHint);
		return undefined;
	}
	if (stream.accept('<') === undefined) return { name: token.text, start: token.start, end: token.end };
	if (depth === deepest && !isHandle(token.text)) {
		stream.syntax(token, 'types are nested too deeply');
		return undefined;
	}
	const args: TypeExpression[] = [];
	for (;;) {
		const close = stream.accept('>');
		if (close !== undefined) return { name: token.text, args, start: token.start, end: close.end };
		const arg = parseExpression(stream, depth + 1);
		if (arg === undefined) return undefined;
		args.push(arg);
		const comma = stream.accept(',');
		if (comma === undefined && stream.peek().kind !== '>') {
			stream.syntax(stream.peek(), `the type arguments of "${token.text}" are not closed`, 'add ">"');
			return undefined;
		}
		if (comma !== undefined && stream.peek().kind === '>' && token.text !== 'tuple') {
			stream.syntax(comma, `expected a type after ","`, 'leave out the comma');
			return undefined;
		}
	}
}

/** Reports wrong numbers of arguments, and arguments that cannot be where they are. */
function checkShape(stream: TokenStream, expression: TypeExpression): boolean {
	const { name, args } = expression;
	const arity = constructors.get(name);
	if (arity === undefined) return checkPlain(stream, expression);
	const count = args?.length ?? 0;
	if (args?.length === 0 || count < arity.min || count > arity.max) {
		const hint = name === 'list' ? 'write list<u8>' : stream.dialect.typesHint;
		stream.syntax(expression, `"${name}" has a wrong number of type arguments`, hint);
		return false;
	}
	return (args ?? []).every((arg, index) => checkArgument(stream, expression, arg, index));
}

function checkArgument(stream: TokenStream, outer: TypeExpression, arg: TypeExpression, index: number): boolean {
	const isLength = outer.name === 'list' && index === 1;
	if (isLength !== /^\d+$/.test(arg.name) || (isLength && Number(arg.name) > largestLength)) {
		const message = isLength
			? `"${expressionText(arg)}" is not a length of a list`
			: `expected a type, found "${arg.name}"`;
		stream.syntax(arg, message, isLength ? `write a number up to ${largestLength}` : stream.dialect.typesHint);
		return false;
	}
	if (isLength) return arg.args === undefined || checkPlain(stream, arg);
	if (arg.name === '_') {
		if (outer.name === 'result' && index === 0 && outer.args?.length === 2 && arg.args === undefined) return true;
		stream.syntax(arg, 'expected a type, found "_"', 'only the first argument of result<_, E> may be left out');
		return false;
	}
	if (isHandle(outer.name)) return checkName(stream, arg) && checkPlain(stream, arg);
	return checkShape(stream, arg);
}

/** Names and primitives: they have no arguments. */
function checkPlain(stream: TokenStream, expression: TypeExpression): boolean {
	const { name, args } = expression;
	if (args !== undefined) {
		stream.syntax(expression, `"${name}" takes no type arguments`, `write ${name}`);
		return false;
	}
	return isPrimitiveName(name) || name === 'error-context' || checkName(stream, expression);
}

function checkName(stream: TokenStream, { name, start, end }: TypeExpression): boolean {
	if (isKeyword(name)) {
		stream.syntax(
			{ start, end },
			`"${name}" is a word of WIT's grammar, not a type`,
			`a type of this name is written %${name}`,
		);
		return false;
	}
	return true;
}

function isHandle(name: string): boolean {
	return name === 'own' || name === 'borrow';
}

/** What to write for a name that WIT does not take. */
export function nameHint(text: string): string {
	const suggestion = suggestWitName(text.replace(/^%/, ''));
	return suggestion === undefined || isIdentifier(text)
		? 'use ASCII words joined by hyphens, each in one case, for example max-bytes'
		: `write ${isKeyword(suggestion) ? '%' : ''}${suggestion}`;
}
