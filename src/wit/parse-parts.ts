import type { Sign, Token } from './lexer.js';
import { isIdentifier, isKeyword } from './name.js';
import type { FunctionReader } from './parse-function.js';
import { parseFunction } from './parse-function.js';
import { isStringLiteral } from './string-literal.js';
import type { Attribute, FileFunction, ItemPath, NameSyntax, PackageName, Place } from './syntax.js';
import type { TokenStream } from './token-stream.js';
import { nameHint, parseTypeExpression, type TypeExpression } from './type-expression.js';
import { parseVersion, type Version } from './version.js';

/** Thrown where a file cannot be read any further; what is wrong has been reported to the stream. */
export class UnreadableFile extends Error {}

/** Reports what is wrong and gives up. */
export function stop(stream: TokenStream, place: Place, message: string, hint?: string): never {
	stream.syntax(place, message, hint);
	throw new UnreadableFile();
}

/** What a reader gave, unless it reported a problem instead. */
export function given<T>(value: T | undefined): T {
	if (value === undefined) throw new UnreadableFile();
	return value;
}

/** Takes a sign; `after` says what it follows. */
export function expect(stream: TokenStream, sign: Sign, after: string): Token {
	const token = stream.accept(sign);
	if (token !== undefined) return token;
	const next = stream.peek();
	return stop(stream, next, `expected "${sign}" after ${after}, found ${textOf(next)}`);
}

/** A token as messages show it. */
export function textOf({ kind, text }: Token): string {
	return kind === 'end' ? 'the end of the file' : `"${text}"`;
}

/** Reports a text that ends where something is still open. */
export function checkOpen(stream: TokenStream, what: string): void {
	const next = stream.peek();
	if (next.kind === 'end') stop(stream, next, `${what} is not closed`, 'add "}"');
}

/** Takes a word of the grammar. */
export function expectWord(stream: TokenStream, text: string, hint?: string): Token {
	const token = stream.acceptWord(text);
	return token ?? stop(stream, stream.peek(), `expected "${text}", found ${textOf(stream.peek())}`, hint);
}

/** Takes a name; `what` says of what. */
export function parseName(stream: TokenStream, what: string): NameSyntax {
	const token = stream.nextName();
	if (token === undefined) {
		const next = stream.peek();
		// `%` without a name behind it is a token of its own.
		return stop(stream, next, `expected the name of ${what}, found ${textOf(next)}`);
	}
	return checkName(stream, token, what);
}

function checkName(stream: TokenStream, token: Token, what: string): NameSyntax {
	const { text, start, end } = token;
	if (isKeyword(text)) {
		stop(stream, token, `"${text}" is a word of WIT's grammar and cannot be the name of ${what}`, `write %${text}`);
	}
	const bare = text.replace(/^%/, '');
	if (!isIdentifier(bare)) {
		stream.report('wit/bad-name', token, `"${text}" is not a name in WIT`, nameHint(text));
		throw new UnreadableFile();
	}
	return { text: bare, start, end };
}

/** Takes `acme:billing`, with a version where one may stand. */
export function parsePackageName(stream: TokenStream): PackageName {
	const namespace = parseName(stream, 'a namespace');
	expect(stream, ':', `the namespace "${namespace.text}"`);
	const name = parseName(stream, 'a package');
	const version = stream.accept('@') === undefined ? undefined : parseVersionTokens(stream);
	return {
		namespace,
		name,
		start: namespace.start,
		end: version?.end ?? name.end,
		...(version === undefined ? {} : { version: version.version }),
	};
}

/** Takes `streams` or `wasi:io/streams@0.2.0`. */
export function parsePath(stream: TokenStream, what: string): ItemPath {
	const first = parseName(stream, what);
	if (stream.accept(':') === undefined) return { name: first, start: first.start, end: first.end };
	const packageName = parseName(stream, 'a package');
	expect(stream, '/', `the package "${first.text}:${packageName.text}"`);
	const name = parseName(stream, what);
	const version = stream.accept('@') === undefined ? undefined : parseVersionTokens(stream);
	return {
		package: {
			namespace: first,
			name: packageName,
			start: first.start,
			end: packageName.end,
			...(version === undefined ? {} : { version: version.version }),
		},
		name,
		start: first.start,
		end: version?.end ?? name.end,
	};
}

/**
 * Takes a version. Which tokens belong to it is as wasm-tools has it: after `-` and `+`, names, numbers, hyphens and
 * points, but not a point before anything else, since `use a:b/c@1.0.0-rc.{d}` has one.
 */
export function parseVersionTokens(stream: TokenStream): Place & { readonly version: Version } {
	const first = stream.peek();
	const numbers = [stream.accept('integer'), stream.accept('.'), stream.accept('integer'), stream.accept('.')];
	const last = stream.accept('integer');
	if (last === undefined || numbers.includes(undefined)) {
		return stop(stream, first, 'expected a version', 'write all three numbers: 1.0.0');
	}
	let end = last.end;
	for (const prefix of ['-', '+'] as const) {
		if (stream.accept(prefix) === undefined) continue;
		for (;;) {
			const point = stream.peek().kind === '.' ? 1 : 0;
			if (!isVersionPart(stream.peek(point))) break;
			if (point === 1) stream.next();
			end = stream.next().end;
		}
	}
	const text = stream.textBetween(first.start, end);
	const version = parseVersion(text);
	if (version !== undefined) return { version, start: first.start, end };
	const hint = 'versions are written as semver.org has it: 1.0.0, or 1.0.0-rc.1';
	return stop(stream, { start: first.start, end }, `"${text}" is not a version`, hint);
}

function isVersionPart({ kind, text }: Token): boolean {
	return kind === 'integer' || kind === '-' || (kind === 'word' && !isKeyword(text) && !text.startsWith('%'));
}

const attributesHint = 'known attributes: @since, @unstable, @deprecated, @external-id';

/** Takes the `@` attributes before a declaration. */
export function parseAttributes(stream: TokenStream): readonly Attribute[] {
	const attributes: Attribute[] = [];
	for (let at = stream.accept('@'); at !== undefined; at = stream.accept('@')) {
		const name = parseName(stream, 'an attribute');
		const place = { start: at.start, end: name.end };
		if (!['since', 'unstable', 'deprecated', 'external-id'].includes(name.text)) {
			stop(stream, place, `unknown attribute "@${name.text}"`, attributesHint);
		}
		expect(stream, '(', `"@${name.text}"`);
		attributes.push({ ...place, ...parseAttribute(stream, name.text) });
		expect(stream, ')', `the value of "@${name.text}"`);
	}
	return attributes;
}

type AttributeValue = Attribute extends infer A ? (A extends Attribute ? Omit<A, keyof Place> : never) : never;

function parseAttribute(stream: TokenStream, name: string): AttributeValue {
	if (name === 'external-id') {
		const token = stream.peek();
		if (token.kind !== 'string') stop(stream, token, 'expected a string', 'write @external-id("…")');
		if (!isStringLiteral(token.text)) {
			const hint =
				'escapes are \\n, \\r, \\t, \\", \\\', \\\\, \\u{…} and two hexadecimal digits; line breaks are not allowed';
			stop(stream, token, 'this is not a string as WIT writes it', hint);
		}
		stream.next();
		return { kind: name };
	}
	const key = name === 'unstable' ? 'feature' : 'version';
	const found = stream.peek();
	if (stream.nextName()?.text.replace(/^%/, '') !== key) {
		const example = name === 'unstable' ? 'feature = name' : 'version = 1.0.0';
		stop(stream, found, `expected "${key}", found ${textOf(found)}`, `write @${name}(${example})`);
	}
	expect(stream, '=', `"${key}"`);
	if (name === 'unstable') return { kind: name, feature: parseName(stream, 'a feature').text };
	return { kind: name === 'since' ? 'since' : 'deprecated', version: parseVersionTokens(stream).version };
}

/** Takes what stands between an opening sign and a closing one, separated by commas, with or without one at the end. */
export function parseList<T>(
	stream: TokenStream,
	[open, close]: readonly [Sign, Sign],
	what: string,
	item: () => T,
	hintAt: (token: Token, last: T) => string | undefined = () => undefined,
): readonly T[] {
	expect(stream, open, what);
	const items: T[] = [];
	for (;;) {
		if (stream.accept(close) !== undefined) return items;
		const last = item();
		items.push(last);
		if (stream.accept(',') !== undefined) continue;
		if (stream.accept(close) !== undefined) return items;
		const next = stream.peek();
		stop(stream, next, `expected "," or "${close}", found ${textOf(next)}`, hintAt(next, last));
	}
}

/** Takes a type. */
export function parseFileType(stream: TokenStream): TypeExpression {
	return given(parseTypeExpression(stream));
}

/** Takes a function type. */
export function parseFileFunction(stream: TokenStream): FileFunction {
	const reported = stream.problems.length;
	const func = given(parseFunction(stream, fileReader(stream)));
	if (stream.problems.length > reported) throw new UnreadableFile();
	return func;
}

/** How files write parameters. */
export function fileReader(stream: TokenStream): FunctionReader<TypeExpression> {
	return {
		readName: (token) => {
			try {
				return checkName(stream, token, 'a parameter').text;
			} catch (error) {
				if (error instanceof UnreadableFile) return undefined;
				throw error;
			}
		},
		readType: () => parseTypeExpression(stream),
		untypedHint: () => 'parameters are written name: type, for example a: s32',
		// Names that are one name in lower case are found with those of other members, later.
		duplicate: () => undefined,
	};
}
