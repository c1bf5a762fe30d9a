import { forbiddenCharacter, tokenize } from './lexer.js';
import { type Before, parseBefore, parseInterfaceItems } from './parse-interface.js';
import {
	checkOpen,
	expect,
	parseName,
	parsePackageName,
	parsePath,
	stop,
	textOf,
	UnreadableFile,
} from './parse-parts.js';
import { parseWorldItems } from './parse-world.js';
import type { WitProblem } from './problem.js';
import type { FileItem, FileSyntax, NestedPackage, PackageName } from './syntax.js';
import { TokenStream } from './token-stream.js';

/** What a file says, or what is wrong with it: the reader stops at the first mistake, except in parameters. */
export type ParsedFile =
	| { readonly ok: true; readonly value: FileSyntax }
	| { readonly ok: false; readonly problems: readonly WitProblem[] };

/** Parses a WIT file. Whether its names exist is not asked here. */
export function parseFile(text: string): ParsedFile {
	const forbidden = forbiddenCharacter(text, 'wit/syntax');
	if (forbidden !== undefined) return { ok: false, problems: [forbidden] };
	const { tokens, problems } = tokenize(text, 'wit/syntax');
	if (problems.length > 0) return { ok: false, problems };
	const stream = new TokenStream(tokens, [], text);
	try {
		const value = parseItems(stream);
		if (stream.problems.length === 0) return { ok: true, value };
	} catch (error) {
		if (!(error instanceof UnreadableFile)) throw error;
	}
	return { ok: false, problems: stream.problems };
}

function parseItems(stream: TokenStream): FileSyntax {
	const isPackageCommented = stream.peek().comments !== undefined;
	const header = parseHeader(stream);
	const items: FileItem[] = [];
	const nested: NestedPackage[] = [];
	if (header !== undefined && 'nested' in header) nested.push(header.nested);
	while (stream.peek().kind !== 'end') {
		const before = parseBefore(stream);
		if (stream.peek().text === 'package') nested.push(parsePackage(stream, before));
		else items.push(parseItem(stream, before));
	}
	const name = header !== undefined && 'name' in header ? { package: header.name } : {};
	return { ...name, isPackageCommented, items, nested };
}

/** A file may begin with `package ns:name;`, or with a nested package, which looks the same up to the last sign. */
function parseHeader(
	stream: TokenStream,
): { readonly name: PackageName } | { readonly nested: NestedPackage } | undefined {
	if (stream.peek().text !== 'package') return undefined;
	stream.next();
	const name = parsePackageName(stream);
	if (stream.accept(';') !== undefined) return { name };
	return { nested: parseNested(stream, name) };
}

function parsePackage(stream: TokenStream, { attributes }: Before): NestedPackage {
	const [attribute] = attributes;
	if (attribute !== undefined)
		stop(stream, attribute, 'packages have no attributes', 'put them on what is in the package');
	stream.next();
	return parseNested(stream, parsePackageName(stream));
}

function parseNested(stream: TokenStream, name: PackageName): NestedPackage {
	if (stream.peek().kind === ';') {
		const hint = 'move it to the top, or write { and } around what belongs to this package';
		stop(stream, name, 'the package of a file is named before everything else', hint);
	}
	expect(stream, '{', 'the name of the package');
	const items: FileItem[] = [];
	while (stream.accept('}') === undefined) {
		checkOpen(stream, 'the package');
		const before = parseBefore(stream);
		if (stream.peek().text === 'package') {
			stop(stream, stream.peek(), 'a package cannot be inside another one', 'move it to the top of the file');
		}
		items.push(parseItem(stream, before));
	}
	return { name, items };
}

function parseItem(stream: TokenStream, before: Before): FileItem {
	const token = stream.peek();
	switch (token.kind === 'word' ? token.text : undefined) {
		case 'interface': {
			stream.next();
			const name = parseName(stream, 'an interface');
			return { kind: 'interface', ...before, name, items: parseInterfaceItems(stream, `the name "${name.text}"`) };
		}
		case 'world': {
			stream.next();
			const name = parseName(stream, 'a world');
			return { kind: 'world', ...before, name, items: parseWorldItems(stream, `the name "${name.text}"`) };
		}
		case 'use': {
			stream.next();
			const path = parsePath(stream, 'an interface');
			const as = stream.acceptWord('as') === undefined ? undefined : parseName(stream, 'an interface');
			expect(stream, ';', '"use"');
			const place = { start: token.start, end: path.end };
			return { kind: 'file-use', ...before, ...place, path, ...(as === undefined ? {} : { as }) };
		}
		default: {
			const hint = 'a file holds interfaces, worlds, "use" and packages; types and functions belong into an interface';
			return stop(stream, token, `expected "interface" or "world", found ${textOf(token)}`, hint);
		}
	}
}
