import { type Token, tokenize } from './lexer.js';
import { pythonName, suggestWitName, witName } from './name.js';
import { parseType } from './parse-type.js';
import type { WitProblem } from './problem.js';
import { TokenStream } from './token-stream.js';
import type { Param, Signature, WitType } from './type.js';
import { carriedTypes } from './types.js';

/** What parsing a WIT text gives: the thing itself, or everything that is wrong with it, in the order of the text. */
export type Parsed<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly problems: readonly WitProblem[] };

/** What a signature must keep to beyond WIT's own rules. */
export interface SignatureOptions {
	/** Parameter names that are taken, in Python's spelling: its keywords. */
	readonly reserved?: ReadonlySet<string>;
}

/**
 * Parses a WIT function type, `func(a: s32, b: list<u8>) -> string`. A broken parameter does not hide the mistakes in
 * the next one: after a problem the parser goes on at the next comma.
 */
export function parseSignature(text: string, options: SignatureOptions = {}): Parsed<Signature> {
	const { tokens, problems } = tokenize(text);
	const stream = new TokenStream(tokens, [...problems]);
	const signature = parseFunction(stream, options.reserved ?? new Set());
	if (signature !== undefined && stream.problems.length === 0) return { ok: true, value: signature };
	return { ok: false, problems: [...stream.problems].sort((a, b) => a.start - b.start) };
}

function parseFunction(stream: TokenStream, reserved: ReadonlySet<string>): Signature | undefined {
	const first = stream.peek();
	if (first.text === 'async' && stream.peek(1).text === 'func') {
		stream.next();
		stream.report('manifest/unsupported-type', first, 'async functions are not supported', 'leave out "async"');
	}
	if (stream.peek().text !== 'func') {
		const hint = 'a signature looks like this: func(a: s32, b: string) -> bool';
		stream.syntax(stream.peek(), first.kind === 'end' ? 'the signature is empty' : 'expected "func"', hint);
		return undefined;
	}
	stream.next();
	if (stream.accept('(') === undefined) {
		stream.syntax(stream.peek(), 'expected "(" after "func"', 'a function without parameters is written func()');
		return undefined;
	}
	const params = parseParams(stream, reserved);
	if (params === undefined) return undefined;
	const result = parseResult(stream);
	const rest = stream.peek();
	if (rest.kind !== 'end') {
		const hint = rest.text === ':' || rest.kind === 'word' ? 'a result is written with an arrow: -> s32' : undefined;
		stream.syntax(rest, `unexpected "${rest.text}" after the signature`, hint);
		return undefined;
	}
	return { params, ...(result === undefined ? {} : { result }) };
}

/** A parameter whose type may be broken. */
type DraftParam = Omit<Param, 'type'> & { readonly type: WitType | undefined };

/** The parameters up to and including `)`; undefined when the list never ends. */
function parseParams(stream: TokenStream, reserved: ReadonlySet<string>): readonly Param[] | undefined {
	const params: DraftParam[] = [];
	while (stream.accept(')') === undefined) {
		const reported = stream.problems.length;
		const param = parseParam(stream, reserved);
		if (param !== undefined) addParam(stream, params, param);
		if (param?.type === undefined) stream.skipTo(',', ')');
		if (stream.peek().kind === ')') continue;
		if (stream.accept(',') !== undefined) continue;
		if (stream.peek().kind === 'end') {
			if (stream.problems.length === reported) {
				stream.syntax(stream.peek(), 'the parameter list is not closed', 'add ")"');
			}
			return undefined;
		}
		stream.syntax(stream.peek(), `expected "," or ")", found "${stream.peek().text}"`);
		stream.skipTo(',', ')');
		stream.accept(',');
	}
	return params.flatMap(({ type, ...param }) => (type === undefined ? [] : [{ ...param, type }]));
}

function parseParam(stream: TokenStream, reserved: ReadonlySet<string>): DraftParam | undefined {
	const token = stream.peek();
	if (token.kind !== 'word') {
		if (token.kind !== 'end') stream.syntax(token, `expected a parameter name, found "${token.text}"`);
		return undefined;
	}
	stream.next();
	const name = paramName(stream, token, reserved);
	if (stream.accept(':') === undefined) {
		const after = stream.peek();
		const where = after.kind === ',' || after.kind === ')' || after.kind === 'end' ? token : after;
		stream.syntax(where, `expected ":" and a type after the parameter "${token.text}"`, missingTypeHint(token.text));
		return undefined;
	}
	const type = parseType(stream, 'parameter');
	return name === undefined ? undefined : { name, type, start: token.start, end: token.end };
}

/** Also for `func(s32)`, where the only word is a type. */
function missingTypeHint(text: string): string {
	const name = carriedTypes.includes(text) ? undefined : witName(text.replace(/^%/, ''));
	return `parameters are written name: type, for example ${name ?? 'a'}: s32`;
}

function paramName(stream: TokenStream, token: Token, reserved: ReadonlySet<string>): string | undefined {
	const spelling = token.text.replace(/^%/, '');
	const name = witName(spelling);
	if (name === undefined) {
		const suggestion = suggestWitName(spelling);
		stream.report(
			'manifest/bad-parameter-name',
			token,
			`"${token.text}" is not a parameter name`,
			suggestion === undefined
				? 'use lower-case ASCII words joined by hyphens, for example max-bytes'
				: `write "${suggestion}"${suggestion.includes('-') ? `, which is "${pythonName(suggestion)}" in Python` : ''}`,
		);
	} else if (reserved.has(pythonName(name))) {
		const message = `"${spelling}" is a Python keyword and cannot be a parameter name`;
		stream.report('manifest/bad-parameter-name', token, message, `write for example "${name}-value"`);
	}
	return name;
}

function addParam(stream: TokenStream, params: DraftParam[], param: DraftParam): void {
	const first = params.find(({ name }) => name === param.name);
	params.push(param);
	if (first === undefined) return;
	stream.problems.push({
		code: 'manifest/duplicate-parameter',
		message: `two parameters are named "${param.name}"`,
		start: param.start,
		end: param.end,
		hint: 'give each parameter its own name; "-" and "_" make no difference',
		note: { message: 'the first one is here', start: first.start, end: first.end },
	});
}

function parseResult(stream: TokenStream): WitType | undefined {
	const arrow = stream.accept('->');
	if (arrow === undefined) return undefined;
	const next = stream.peek();
	if (next.kind === '(') {
		const span = { start: next.start, end: stream.skipBrackets() };
		stream.report(
			'manifest/unsupported-type',
			span,
			'a result is one type without a name',
			'leave out the arrow when there is no result',
		);
		return undefined;
	}
	if (next.kind === 'end') {
		stream.syntax(arrow, 'expected a type after "->"', 'leave out the arrow when there is no result');
		return undefined;
	}
	return parseType(stream, 'result');
}
