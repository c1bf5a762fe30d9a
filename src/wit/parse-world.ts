import { type Before, parseBefore, parseInterfaceItems, parseTypeDefinition, parseUse } from './parse-interface.js';
import {
	checkOpen,
	expect,
	expectWord,
	parseFileFunction,
	parseList,
	parseName,
	parsePath,
	stop,
	textOf,
} from './parse-parts.js';
import type { ExternSyntax, IncludeSyntax, WorldItemSyntax } from './syntax.js';
import type { TokenStream } from './token-stream.js';

/** Takes `{ … }` of a world. */
export function parseWorldItems(stream: TokenStream, what: string): readonly WorldItemSyntax[] {
	expect(stream, '{', what);
	const items: WorldItemSyntax[] = [];
	while (stream.accept('}') === undefined) {
		checkOpen(stream, 'the world');
		items.push(parseItem(stream));
	}
	return items;
}

function parseItem(stream: TokenStream): WorldItemSyntax {
	const before = parseBefore(stream);
	const type = parseTypeDefinition(stream, before);
	if (type !== undefined) return type;
	const next = stream.peek();
	switch (next.text) {
		case 'use':
			return parseUse(stream, before);
		case 'include':
			return parseInclude(stream, before);
		case 'import':
		case 'export':
			return parseExtern(stream, before, next.text);
		default: {
			const hint = 'a world holds "import", "export", "include", "use" and types';
			return stop(stream, next, `expected an item of a world, found ${textOf(next)}`, hint);
		}
	}
}

function parseInclude(stream: TokenStream, before: Before): IncludeSyntax {
	stream.next();
	const from = parsePath(stream, 'a world');
	if (stream.acceptWord('with') === undefined) {
		expect(stream, ';', `"include ${from.name.text}"`);
		return { kind: 'include', ...before, from, names: [] };
	}
	const names = parseList(stream, ['{', '}'], '"with"', () => {
		const name = parseName(stream, 'an item');
		expectWord(stream, 'as', 'names are replaced like this: with { a as b }');
		return { name, as: parseName(stream, 'an item') };
	});
	const end = stream.peek();
	if (end.kind === ';') stop(stream, end, 'there is no ";" after "with { … }"', 'remove it');
	return { kind: 'include', ...before, from, names };
}

function parseExtern(stream: TokenStream, before: Before, kind: 'import' | 'export'): ExternSyntax {
	stream.next();
	// `name: func()`, `name: interface {}` and `name: path` begin like the path `namespace:package/interface`.
	const isNamed = stream.peekName() !== undefined && stream.peekAfterName()?.kind === ':' && !isPackagePath(stream);
	if (!isNamed) {
		const path = parsePath(stream, 'an interface');
		expect(stream, ';', `the ${kind} "${path.name.text}"`);
		return { kind, ...before, item: { kind: 'path', path } };
	}
	const name = parseName(stream, `an ${kind}`);
	stream.next();
	const item = parseNamedItem(stream, name.text);
	if (item.kind !== 'interface') expect(stream, ';', `the ${kind} "${name.text}"`);
	return { kind, ...before, name, item };
}

function parseNamedItem(stream: TokenStream, name: string): ExternSyntax['item'] {
	const { text } = stream.peek();
	if (text === 'func' || text === 'async') return { kind: 'function', func: parseFileFunction(stream) };
	if (stream.acceptWord('interface') !== undefined) {
		return { kind: 'interface', items: parseInterfaceItems(stream, `"${name}: interface"`) };
	}
	return { kind: 'path', path: parsePath(stream, 'an interface') };
}

/** Whether `a:b/` is ahead. */
function isPackagePath(stream: TokenStream): boolean {
	return stream.peek(2).kind === 'word' && stream.peek(3).kind === '/';
}
