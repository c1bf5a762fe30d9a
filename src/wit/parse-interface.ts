import { docOf, type Token } from './lexer.js';
import { parseParams, parseResult } from './parse-function.js';
import {
	checkOpen,
	expect,
	expectWord,
	fileReader,
	given,
	parseAttributes,
	parseFileFunction,
	parseFileType,
	parseList,
	parseName,
	parsePath,
	stop,
	textOf,
	UnreadableFile,
} from './parse-parts.js';
import type {
	Attribute,
	InterfaceItem,
	Member,
	NamedFunction,
	Renaming,
	ResourceFunctionSyntax,
	TypeSyntax,
	UseSyntax,
} from './syntax.js';
import type { TokenStream } from './token-stream.js';

/** The gates and the documentation of a declaration, which stand before it. */
export interface Before {
	readonly attributes: readonly Attribute[];
	readonly doc?: string;
}

/** Takes what stands before a declaration. */
export function parseBefore(stream: TokenStream): Before {
	const docs = docOf(stream.peek());
	const attributes = parseAttributes(stream);
	// Documentation between the gates and the declaration is meant for it, too.
	const doc = [docs, attributes.length === 0 ? undefined : docOf(stream.peek())].filter((one) => one !== undefined);
	return { attributes, ...(doc.length === 0 ? {} : { doc: doc.join('\n') }) };
}

/** Takes `{ … }` of an interface. */
export function parseInterfaceItems(stream: TokenStream, what: string): readonly InterfaceItem[] {
	expect(stream, '{', what);
	const items: InterfaceItem[] = [];
	while (stream.accept('}') === undefined) {
		checkOpen(stream, 'the interface');
		items.push(parseItem(stream));
	}
	return items;
}

function parseItem(stream: TokenStream): InterfaceItem {
	const before = parseBefore(stream);
	const type = parseTypeDefinition(stream, before);
	if (type !== undefined) return type;
	if (stream.peek().text === 'use') return parseUse(stream, before);
	const next = stream.peekName();
	if (next !== undefined && (stream.peek(1).kind === ':' || next.text.startsWith('%')))
		return parseNamed(stream, before);
	const hint = 'an interface holds functions (name: func(…);), types and "use"';
	return stop(stream, stream.peek(), `expected a function or a type, found ${textOf(stream.peek())}`, hint);
}

function parseNamed(stream: TokenStream, before: Before): NamedFunction {
	const name = parseName(stream, 'a function');
	expect(stream, ':', `the name "${name.text}"`);
	if (stream.peek().text === 'static') {
		stop(
			stream,
			stream.peek(),
			'"static" is for functions of a resource',
			'leave it out, or move the function into a resource',
		);
	}
	const func = parseFileFunction(stream);
	expect(stream, ';', `the function "${name.text}"`);
	return { kind: 'function', ...before, name, func };
}

/** Takes `use path.{a, b as c};`. */
export function parseUse(stream: TokenStream, before: Before): UseSyntax {
	expectWord(stream, 'use');
	const from = parsePath(stream, 'an interface');
	expect(stream, '.', `the interface "${from.name.text}"`);
	const names = parseList(stream, ['{', '}'], 'the point', (): Renaming => {
		const name = parseName(stream, 'a type');
		if (stream.acceptWord('as') === undefined) return { name };
		return { name, as: parseName(stream, 'a type') };
	});
	expect(stream, ';', `"use"`);
	return { kind: 'use', ...before, from, names };
}

/** Takes a definition of a type, if there is one ahead. */
export function parseTypeDefinition(stream: TokenStream, before: Before): TypeSyntax | undefined {
	const token = stream.peek();
	if (token.kind !== 'word') return undefined;
	switch (token.text) {
		case 'type':
			return parseAlias(stream, before);
		case 'resource':
			return parseResource(stream, before);
		case 'record':
		case 'variant':
		case 'enum':
		case 'flags':
			return parseMembers(stream, before, token.text);
		default:
			return undefined;
	}
}

function parseAlias(stream: TokenStream, before: Before): TypeSyntax {
	stream.next();
	const name = parseName(stream, 'a type');
	expect(stream, '=', `the name "${name.text}"`);
	const type = parseFileType(stream);
	expect(stream, ';', `the type "${name.text}"`);
	return { kind: 'alias', ...before, name, type };
}

function parseMembers(stream: TokenStream, before: Before, kind: 'record' | 'variant' | 'enum' | 'flags'): TypeSyntax {
	stream.next();
	const name = parseName(stream, `${kind === 'enum' ? 'an' : 'a'} ${kind === 'flags' ? 'flags type' : kind}`);
	const members = parseList(stream, ['{', '}'], `the name "${name.text}"`, () => parseMember(stream, kind), hintAt);
	return { kind, ...before, name, members };
}

function parseMember(stream: TokenStream, kind: keyof typeof memberWords): Member {
	const doc = docOf(stream.peek());
	const name = parseName(stream, memberWords[kind]);
	return { name, ...(doc === undefined ? {} : { doc }), ...parseMemberType(stream, kind, name.text) };
}

/** What whoever wrote something else after a member may have meant. */
function hintAt({ kind }: Token, { name, type }: Member): string | undefined {
	if (kind === 'word') return 'separate them with commas';
	if (kind === ':' && type === undefined) return `the type of a case stands in parentheses: ${name.text}(u8)`;
	return undefined;
}

const memberWords = { record: 'a field', variant: 'a case', enum: 'a case', flags: 'a flag' } as const;

function parseMemberType(stream: TokenStream, kind: keyof typeof memberWords, name: string): Pick<Member, 'type'> {
	if (kind === 'record') {
		expect(stream, ':', `the field "${name}"`);
		return { type: parseFileType(stream) };
	}
	if (kind !== 'variant' || stream.accept('(') === undefined) return {};
	const type = parseFileType(stream);
	expect(stream, ')', `the type of the case "${name}"`);
	return { type };
}

function parseResource(stream: TokenStream, before: Before): TypeSyntax {
	stream.next();
	const name = parseName(stream, 'a resource');
	const functions: ResourceFunctionSyntax[] = [];
	if (stream.accept('{') !== undefined) {
		while (stream.accept('}') === undefined) {
			checkOpen(stream, `the resource "${name.text}"`);
			functions.push(parseResourceFunction(stream));
		}
	} else {
		expect(stream, ';', `the resource "${name.text}"`);
	}
	return { kind: 'resource', ...before, name, functions };
}

function parseResourceFunction(stream: TokenStream): ResourceFunctionSyntax {
	const before = parseBefore(stream);
	const constructorWord = stream.acceptWord('constructor');
	if (constructorWord !== undefined) return parseConstructor(stream, before, constructorWord);
	const name = parseName(stream, 'a method');
	expect(stream, ':', `the name "${name.text}"`);
	const kind = stream.acceptWord('static') === undefined ? 'method' : 'static';
	const func = parseFileFunction(stream);
	expect(stream, ';', `the ${kind === 'static' ? 'static function' : 'method'} "${name.text}"`);
	return { kind, ...before, name, func };
}

function parseConstructor(
	stream: TokenStream,
	before: Before,
	{ text, start, end }: { readonly text: string; readonly start: number; readonly end: number },
): ResourceFunctionSyntax {
	const reported = stream.problems.length;
	expect(stream, '(', '"constructor"');
	const reader = fileReader(stream);
	const params = given(parseParams(stream, reader));
	const result = parseResult(stream, reader);
	if (stream.problems.length > reported) throw new UnreadableFile();
	expect(stream, ';', 'the constructor');
	const func = { isAsync: false, params, ...(result === undefined ? {} : { result }) };
	return { kind: 'constructor', ...before, name: { text, start, end }, func };
}
