import type { WitProblem } from './problem.js';

/** A token of WIT text. Words keep their spelling (with `%`), so that messages can quote it. */
export interface Token {
	readonly kind: 'word' | '(' | ')' | '<' | '>' | ',' | ':' | '->' | 'other' | 'end';
	readonly text: string;
	readonly start: number;
	readonly end: number;
}

const space = /[ \t\r\n]+/y;
const lineComment = /\/\/[^\n]*/y;
const commentEdge = /\/\*|\*\//g;
// Words of any alphabet and any hyphens, so that a wrong name is reported whole; the `-` of `->` is not part of one.
const word = /%?[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_]|-(?!>))*/uy;
const punctuation = /->|[()<>,:]/y;
const other = /(?:(?![()<>,:\s]|->|\/[/*])[^\p{L}\p{N}_%])+|[\s\S]/uy;

/** Splits WIT text into tokens, always ending with an `end` token. Only a comment without end is a problem here. */
export function tokenize(text: string): {
	readonly tokens: readonly Token[];
	readonly problems: readonly WitProblem[];
} {
	const tokens: Token[] = [];
	const problems: WitProblem[] = [];
	let at = 0;
	const take = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		const found = pattern.exec(text)?.[0];
		at += found?.length ?? 0;
		return found;
	};
	while (at < text.length) {
		if (take(space) !== undefined || take(lineComment) !== undefined) continue;
		const start = at;
		if (text.startsWith('/*', at)) {
			const end = endOfComment(text, at);
			if (end === undefined) {
				const message = 'the comment is not closed';
				problems.push({ code: 'manifest/signature-syntax', message, start, end: start + 2, hint: 'end it with */' });
			}
			at = end ?? text.length;
			continue;
		}
		const found = take(word) ?? take(punctuation);
		if (found !== undefined) tokens.push({ kind: kindOf(found), text: found, start, end: at });
		else tokens.push({ kind: 'other', text: take(other) ?? '', start, end: at });
	}
	tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
	return { tokens, problems };
}

function kindOf(text: string): Token['kind'] {
	switch (text) {
		case '(':
		case ')':
		case '<':
		case '>':
		case ',':
		case ':':
		case '->':
			return text;
		default:
			return 'word';
	}
}

/** The offset after the block comment at `start`; block comments nest. */
function endOfComment(text: string, start: number): number | undefined {
	let depth = 0;
	for (const edge of text.slice(start).matchAll(commentEdge)) {
		depth += edge[0] === '/*' ? 1 : -1;
		if (depth === 0) return start + edge.index + 2;
	}
	return undefined;
}
