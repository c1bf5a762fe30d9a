import type { DiagnosticCode } from '../diagnostics/diagnostic.js';
import type { Token } from './lexer.js';
import type { WitProblem } from './problem.js';
import { typesHint } from './types.js';

const end: Token = { kind: 'end', text: '', start: 0, end: 0 };

/** How a text is read: as a signature of the manifest, or as a WIT file. */
interface Dialect {
	/** The code of broken grammar. */
	readonly syntaxCode: DiagnosticCode;
	/** The code of `-> (a: u8)`, which WIT had once. */
	readonly namedResultCode: DiagnosticCode;
	/** What to say to whoever wrote something that is no type. */
	readonly typesHint: string;
}

const signatures: Dialect = {
	syntaxCode: 'manifest/signature-syntax',
	namedResultCode: 'manifest/unsupported-type',
	typesHint,
};

const files: Dialect = {
	syntaxCode: 'wit/syntax',
	namedResultCode: 'wit/syntax',
	typesHint: 'types are u8, string and the like, list<…>, option<…>, result<…>, tuple<…>, and names',
};

/** The parser's hand on the tokens, and the list of problems that it collects on the way. */
export class TokenStream {
	readonly problems: WitProblem[];
	readonly #tokens: readonly Token[];
	readonly dialect: Dialect;
	readonly #text: string;
	#at = 0;

	/** With the text of a file, else for a signature. */
	constructor(tokens: readonly Token[], problems: WitProblem[], text?: string) {
		this.#tokens = tokens;
		this.problems = problems;
		this.dialect = text === undefined ? signatures : files;
		this.#text = text ?? '';
	}

	/** The token ahead, without taking it; the last token is `end` for ever. */
	peek(ahead = 0): Token {
		return this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1) ?? end;
	}

	/** Takes the token ahead. */
	next(): Token {
		const token = this.peek();
		this.#at++;
		return token;
	}

	/** Takes the token ahead if it is of a kind. */
	accept(kind: Token['kind']): Token | undefined {
		return this.peek().kind === kind ? this.next() : undefined;
	}

	/** Takes the word ahead, if it is this one. */
	acceptWord(text: string): Token | undefined {
		const token = this.peek();
		return token.kind === 'word' && token.text === text ? this.next() : undefined;
	}

	/**
	 * The word ahead, or undefined. Digits and the word that they touch are taken for one word: whoever writes `2nd` means
	 * a name.
	 */
	peekName(): Token | undefined {
		const token = this.peek();
		const after = this.peek(1);
		if (token.kind === 'word') return token;
		if (token.kind !== 'integer') return undefined;
		if (after.kind !== 'word' || after.start !== token.end) return token;
		return { ...token, kind: 'word', text: token.text + after.text, end: after.end };
	}

	/** The token after what `peekName` gives. */
	peekAfterName(): Token | undefined {
		const name = this.peekName();
		return name === undefined ? undefined : this.peek(this.peek().end === name.end ? 1 : 2);
	}

	/** The text between two offsets. */
	textBetween(start: number, end: number): string {
		return this.#text.slice(start, end);
	}

	/** Takes what `peekName` gave. */
	nextName(): Token | undefined {
		const token = this.peekName();
		while (token !== undefined && this.peek().start < token.end && this.peek().kind !== 'end') this.next();
		return token;
	}

	/** Skips to the next token of one of the kinds outside inner brackets, or to the end. */
	skipTo(...kinds: readonly Token['kind'][]): void {
		let depth = 0;
		for (let token = this.peek(); token.kind !== 'end'; token = this.peek()) {
			if (depth === 0 && kinds.includes(token.kind)) return;
			if (token.kind === '(' || token.kind === '<') depth++;
			if ((token.kind === ')' || token.kind === '>') && depth > 0) depth--;
			this.next();
		}
	}

	/** Skips the bracketed part that starts ahead; gives the offset of its end. */
	skipBrackets(): number {
		let depth = 0;
		let last = this.peek().end;
		while (this.peek().kind !== 'end') {
			const token = this.next();
			last = token.end;
			if (token.kind === '(' || token.kind === '<') depth++;
			if (token.kind === ')' || token.kind === '>') depth--;
			if (depth === 0) break;
		}
		return last;
	}

	/** Notes a problem. */
	report(
		code: DiagnosticCode,
		{ start, end }: { readonly start: number; readonly end: number },
		message: string,
		hint?: string,
	): void {
		this.problems.push({ code, message, start, end, ...(hint === undefined ? {} : { hint }) });
	}

	/** Notes that the grammar is broken at a place. */
	syntax(place: { readonly start: number; readonly end: number }, message: string, hint?: string): void {
		this.report(this.dialect.syntaxCode, place, message, hint);
	}
}
