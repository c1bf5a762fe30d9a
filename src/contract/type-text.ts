/** A type of a contract, taken apart: `list<demo.row>` is `list` of `demo.row`. */
export interface Term {
	readonly name: string;
	readonly args: readonly Term[];
}

/** A parameter, field or case. */
export interface Member {
	readonly name: string;
	/** Absent for cases without payload, and for labels. */
	readonly type?: Term;
}

/** A signature of a contract. */
export interface SignatureTerm {
	readonly isAsync: boolean;
	readonly params: readonly Member[];
	readonly result?: Term;
}

/** A definition of a contract. */
export interface DefinitionTerm {
	readonly kind: string;
	readonly members: readonly Member[];
}

/** Reads `func(q: demo.query) -> string`. @throws SyntaxError */
export function readSignature(text: string): SignatureTerm {
	const reader = new TermReader(text);
	const isAsync = reader.accept('async');
	reader.expect('func');
	reader.expect('(');
	const params = reader.members(')', () => {
		reader.expect(':');
		return reader.term();
	});
	const result = reader.accept('->') ? reader.term() : undefined;
	reader.end();
	return { isAsync, params, ...(result && { result }) };
}

/** Reads `record { text: string }`, or another definition. @throws SyntaxError */
export function readDefinition(text: string): DefinitionTerm {
	const reader = new TermReader(text);
	const kind = reader.word();
	const members = reader.accept('{') ? reader.members('}', () => readPayload(reader)) : [];
	reader.end();
	return { kind, members };
}

function readPayload(reader: TermReader): Term | undefined {
	if (reader.accept(':')) return reader.term();
	if (!reader.accept('(')) return undefined;
	const type = reader.term();
	reader.expect(')');
	return type;
}

/** Takes the tokens of a text one by one. */
class TermReader {
	readonly #tokens: readonly string[];
	#at = 0;

	constructor(text: string) {
		this.#tokens = text.match(/->|%?[\w.-]*\w|[^\s\w]/g) ?? [];
	}

	accept(token: string): boolean {
		if (this.#tokens[this.#at] !== token) return false;
		this.#at++;
		return true;
	}

	expect(token: string): void {
		if (!this.accept(token)) throw new SyntaxError(`expected "${token}"`);
	}

	word(): string {
		const token = this.#tokens[this.#at++] ?? '';
		if (!/\w$/.test(token)) throw new SyntaxError(`expected a name, found "${token}"`);
		return token.replace(/^%/, '');
	}

	term(): Term {
		const name = this.word();
		if (!this.accept('<')) return { name, args: [] };
		const args: Term[] = [];
		do args.push(this.term());
		while (this.accept(','));
		this.expect('>');
		return { name, args };
	}

	members(close: string, readType: () => Term | undefined): readonly Member[] {
		const members: Member[] = [];
		while (!this.accept(close)) {
			const name = this.word();
			const type = readType();
			members.push({ name, ...(type && { type }) });
			if (!this.accept(',')) {
				this.expect(close);
				break;
			}
		}
		return members;
	}

	end(): void {
		if (this.#at < this.#tokens.length) throw new SyntaxError(`unexpected "${this.#tokens[this.#at]}"`);
	}
}
