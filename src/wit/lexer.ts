import type { DiagnosticCode } from '../diagnostics/diagnostic.js';
import { joinDocs } from './docs.js';
import type { WitProblem } from './problem.js';

/** The signs of WIT's grammar. */
const signs = ['(', ')', '<', '>', '{', '}', ',', ':', ';', '=', '.', '@', '/', '+', '-', '->'] as const;

/** A sign of WIT's grammar. */
export type Sign = (typeof signs)[number];

/** A token of WIT text. Words keep their spelling (with `%`), so that messages can quote it. */
export interface Token {
	readonly kind: 'word' | 'integer' | 'string' | Sign | 'other' | 'end';
	readonly text: string;
	readonly start: number;
	readonly end: number;
	/** The comments between the token before and this one. */
	readonly comments?: readonly string[];
}

/** The text of the doc comments before a token. */
export function docOf({ comments }: Token): string | undefined {
	return comments === undefined ? undefined : joinDocs(comments);
}

const space = /[ \t\n]+|\r\n/y;
const lineComment = /\/\/[^\n]*/y;
const commentEdge = /\/\*|\*\//g;
// Digits before words, as wasm-tools has it: `4a` is a number and a word, and `1.0.0-4a` is a version.
const integer = /[0-9]+/y;
// Words of any alphabet and any hyphens, so that a wrong name is reported whole; the `-` of `->` is not part of one.
const asciiWord = /%?\w(?:\w|-(?!>))*/y;
const word = /%?[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_]|-(?!>))*/uy;
const quoted = /"(?:[^"\\]|\\[\s\S])*"/y;
const sign = /->|[()<>{},:;=.@/+-]/y;
const other = /(?:(?![()<>{},:;=.@/+\s-])[^\p{L}\p{N}_%"])+|[\s\S]/uy;

// wasm-tools refuses these anywhere, also in comments: control characters, characters that reorder text on a screen, and
// characters that Unicode advises against.
const forbidden =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	/[\0-\x08\v\f\x0e-\x1f\x7f-\x9f\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5\u202a-\u202e\u2066-\u2069]/;

/**
 * Splits WIT text into tokens, always ending with an `end` token. Comments without end are a problem here, and in files
 * forbidden characters.
 */
export function tokenize(
	text: string,
	code: DiagnosticCode = 'manifest/signature-syntax',
): { readonly tokens: readonly Token[]; readonly problems: readonly WitProblem[] } {
	const tokens: Token[] = [];
	const problems: WitProblem[] = [];
	let comments: string[] = [];
	let at = text.startsWith('\ufeff') ? 1 : 0;
	// It costs a millisecond to compile the pattern of all alphabets.
	const wordHere = isAscii(text) ? asciiWord : word;
	const take = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		const found = pattern.exec(text)?.[0];
		at += found?.length ?? 0;
		return found;
	};
	const push = (kind: Token['kind'], found: string, start: number) => {
		tokens.push({ kind, text: found, start, end: at, ...(comments.length === 0 ? {} : { comments }) });
		comments = [];
	};
	while (at < text.length) {
		if (take(space) !== undefined) continue;
		const line = take(lineComment);
		if (line !== undefined) {
			comments.push(line);
			continue;
		}
		const start = at;
		if (text.startsWith('/*', at)) {
			const end = endOfComment(text, at);
			if (end === undefined) {
				const message = 'the comment is not closed';
				problems.push({ code, message, start, end: start + 2, hint: 'end it with */' });
			}
			at = end ?? text.length;
			comments.push(text.slice(start, at));
			continue;
		}
		const found = take(sign);
		if (found !== undefined) push(isSign(found) ? found : 'other', found, start);
		else pushWord();
	}
	push('end', '', text.length);
	return { tokens, problems };

	function pushWord(): void {
		const start = at;
		const found = [
			{ kind: 'integer', pattern: integer },
			{ kind: 'word', pattern: wordHere },
			{ kind: 'string', pattern: quoted },
			{ kind: 'other', pattern: other },
		] as const;
		for (const { kind, pattern } of found) {
			const text = take(pattern);
			if (text === undefined) continue;
			push(kind, text, start);
			return;
		}
	}
}

/** A text as a comment of a WIT file can have it: what WIT allows nowhere is replaced. */
export function withoutForbidden(text: string): string {
	return text.replaceAll(new RegExp(forbidden, 'g'), '\uFFFD');
}

/** The first character of a WIT file that WIT allows nowhere. */
export function forbiddenCharacter(text: string, code: DiagnosticCode): WitProblem | undefined {
	const found = forbidden.exec(text);
	if (found === null) return undefined;
	const name = `U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
	const message = `the character ${name} may not be in WIT, not even in a comment`;
	return { code, message, start: found.index, end: found.index + 1, hint: 'delete it' };
}

function isAscii(text: string): boolean {
	return !/[\u0080-\uffff]/.test(text);
}

function isSign(text: string): text is Sign {
	return signs.some((one) => one === text);
}

/** The offset after the block comment at `start`; block comments nest. */
function endOfComment(text: string, start: number): number | undefined {
	let depth = 0;
	commentEdge.lastIndex = start;
	for (let edge = commentEdge.exec(text); edge !== null; edge = commentEdge.exec(text)) {
		depth += edge[0] === '/*' ? 1 : -1;
		if (depth === 0) return edge.index + 2;
	}
	return undefined;
}
