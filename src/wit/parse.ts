import { type Token, tokenize } from './lexer.js';
import { pythonName, suggestWitName, witName } from './name.js';
import { type ParamSyntax, parseFunction } from './parse-function.js';
import { parseType } from './parse-type.js';
import type { WitProblem } from './problem.js';
import type { TypeScope } from './scope.js';
import { TokenStream } from './token-stream.js';
import type { Signature } from './type.js';
import { asyncExport, asyncHint, carriedTypes } from './types.js';

/** What parsing a WIT text gives: the thing itself, or everything that is wrong with it, in the order of the text. */
export type Parsed<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly problems: readonly WitProblem[] };

/** What a signature must keep to beyond WIT's own rules. */
export interface SignatureOptions {
	/** Parameter names that are taken, in Python's spelling: its keywords. */
	readonly reserved?: ReadonlySet<string>;
	/** The types that a signature may name. */
	readonly scope?: TypeScope;
	/** Whether `async` is carried where the signature stands. */
	readonly carriesAsync?: boolean;
}

/**
 * Parses a WIT function type, `func(a: s32, b: list<u8>) -> string`. A broken parameter does not hide the mistakes in
 * the next one: after a problem the parser goes on at the next comma.
 */
export function parseSignature(text: string, options: SignatureOptions = {}): Parsed<Signature> {
	const { tokens, problems } = tokenize(text);
	const stream = new TokenStream(tokens, [...problems]);
	const signature = parseWhole(stream, options);
	if (signature !== undefined && stream.problems.length === 0) return { ok: true, value: signature };
	return { ok: false, problems: [...stream.problems].sort((a, b) => a.start - b.start) };
}

function parseWhole(
	stream: TokenStream,
	{ reserved = new Set(), scope, carriesAsync }: SignatureOptions,
): Signature | undefined {
	const first = stream.peek();
	const isAsync = first.text === 'async' && stream.peek(1).text === 'func';
	if (isAsync && carriesAsync !== true) {
		stream.report('manifest/unsupported-type', first, asyncExport, asyncHint);
	} else if (!isAsync && first.text !== 'func') {
		const hint = 'a signature looks like this: func(a: s32, b: string) -> bool';
		stream.syntax(first, first.kind === 'end' ? 'the signature is empty' : 'expected "func"', hint);
		return undefined;
	}
	const read = parseFunction(stream, {
		readName: (token) => paramName(stream, token, reserved),
		readType: (position) => parseType(stream, position, scope),
		untypedHint,
		duplicate: (one, two) => reportDuplicate(stream, one, two),
	});
	if (read === undefined) return undefined;
	const rest = stream.peek();
	if (rest.kind !== 'end') {
		const hint = rest.text === ':' || rest.kind === 'word' ? 'a result is written with an arrow: -> s32' : undefined;
		stream.syntax(rest, `unexpected "${rest.text}" after the signature`, hint);
		return undefined;
	}
	const { params, result } = read;
	return { params, ...(result === undefined ? {} : { result }), ...(isAsync ? { isAsync } : {}) };
}

/** Also for `func(s32)`, where the only word is a type. */
function untypedHint(text: string): string {
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

function reportDuplicate(stream: TokenStream, first: ParamSyntax<unknown>, second: ParamSyntax<unknown>): void {
	stream.problems.push({
		code: 'manifest/duplicate-parameter',
		message: `two parameters are named "${second.name}"`,
		start: second.start,
		end: second.end,
		hint: 'give each parameter its own name; "-" and "_" make no difference',
		note: { message: 'the first one is here', start: first.start, end: first.end },
	});
}
