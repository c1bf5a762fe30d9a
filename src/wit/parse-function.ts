import type { Token } from './lexer.js';
import type { TokenStream } from './token-stream.js';

/** A parameter as it is written; `T` is what its reader makes of a type. */
export interface ParamSyntax<T> {
	readonly name: string;
	readonly type: T;
	readonly start: number;
	readonly end: number;
}

/** A function type as it is written. */
export interface FunctionSyntax<T> {
	readonly isAsync: boolean;
	readonly params: readonly ParamSyntax<T>[];
	readonly result?: T;
}

/** What signatures of the manifest and of WIT files read each in its own way. Readers report what is wrong themselves. */
export interface FunctionReader<T> {
	readonly readName: (token: Token) => string | undefined;
	readonly readType: (position: 'parameter' | 'result') => T | undefined;
	/** What to write for a parameter without a type. */
	readonly untypedHint: (name: string) => string;
	/** Told of the second of two parameters of one name. */
	readonly duplicate: (first: ParamSyntax<unknown>, second: ParamSyntax<unknown>) => void;
}

/** Parses `async func(a: s32) -> string`, from `async` or `func` on. Broken parameters and results are left out. */
export function parseFunction<T>(stream: TokenStream, reader: FunctionReader<T>): FunctionSyntax<T> | undefined {
	const isAsync = stream.acceptWord('async') !== undefined;
	const func = stream.acceptWord('func');
	if (func === undefined) {
		stream.syntax(stream.peek(), 'expected "func"', 'a function looks like this: func(a: s32, b: string) -> bool');
		return undefined;
	}
	if (stream.accept('(') === undefined) {
		stream.syntax(stream.peek(), 'expected "(" after "func"', 'a function without parameters is written func()');
		return undefined;
	}
	const params = parseParams(stream, reader);
	if (params === undefined) return undefined;
	const result = parseResult(stream, reader);
	return { isAsync, params, ...(result === undefined ? {} : { result }) };
}

/** A parameter whose type may be broken. */
type DraftParam<T> = ParamSyntax<T | undefined>;

/** The parameters after `(`, up to and including `)`; undefined when the list never ends. */
export function parseParams<T>(stream: TokenStream, reader: FunctionReader<T>): readonly ParamSyntax<T>[] | undefined {
	const params: DraftParam<T>[] = [];
	while (stream.accept(')') === undefined) {
		const reported = stream.problems.length;
		const param = parseParam(stream, reader);
		if (param !== undefined) {
			const first = params.find(({ name }) => name === param.name);
			params.push(param);
			if (first !== undefined) reader.duplicate(first, param);
		}
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

function parseParam<T>(stream: TokenStream, reader: FunctionReader<T>): DraftParam<T> | undefined {
	const token = stream.nextName();
	if (token === undefined) {
		const next = stream.peek();
		if (next.kind !== 'end') stream.syntax(next, `expected a parameter name, found "${next.text}"`);
		return undefined;
	}
	const name = reader.readName(token);
	if (stream.accept(':') === undefined) {
		const after = stream.peek();
		const where = after.kind === ',' || after.kind === ')' || after.kind === 'end' ? token : after;
		const message = `expected ":" and a type after the parameter "${token.text}"`;
		stream.syntax(where, message, reader.untypedHint(token.text));
		return undefined;
	}
	const type = reader.readType('parameter');
	return name === undefined ? undefined : { name, type, start: token.start, end: token.end };
}

/** The result after `->`, if there is one. */
export function parseResult<T>(stream: TokenStream, reader: FunctionReader<T>): T | undefined {
	const arrow = stream.accept('->');
	if (arrow === undefined) return undefined;
	const next = stream.peek();
	if (next.kind === '(') {
		const span = { start: next.start, end: stream.skipBrackets() };
		const hint = 'leave out the arrow when there is no result';
		stream.report(stream.dialect.namedResultCode, span, 'a result is one type without a name', hint);
		return undefined;
	}
	if (next.kind === 'end') {
		stream.syntax(arrow, 'expected a type after "->"', 'leave out the arrow when there is no result');
		return undefined;
	}
	return reader.readType('result');
}
