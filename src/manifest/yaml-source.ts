import { type Document, isAlias, isScalar, type Node, type Pair, parseDocument, visit, type YAMLMap } from 'yaml';
import type { DiagnosticInit, SourceFile, Span } from '../diagnostics/diagnostic.js';
import { findUnquotedSignatures, maskSignatures, unmaskSignatures } from './unquoted.js';

/** A manifest's text as YAML reads it. */
export interface YamlSource {
	readonly file: SourceFile;
	readonly document: Document;
	/** The plain data of the document; undefined when the YAML is too broken to say anything about it. */
	readonly data: unknown;
	readonly problems: readonly DiagnosticInit[];
	/** Mappings by key, filled as places are looked up. */
	readonly pairs: WeakMap<YAMLMap, ReadonlyMap<string, Pair>>;
}

/** Reads YAML, with everything that is wrong with it as YAML. */
export function readYaml(file: SourceFile): YamlSource {
	let parsed: ReturnType<typeof parseWithUnquoted>;
	try {
		parsed = parseWithUnquoted(file);
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		const problem = tooLarge(file, 'the manifest is nested too deeply');
		return { file, document: parseYaml(''), data: undefined, problems: [problem], pairs: new WeakMap() };
	}
	const { document } = parsed;
	const syntax = syntaxProblems(file, document);
	const problems = [...parsed.problems, ...duplicateKeys(file, document), ...syntax, ...impossibleKeys(file, document)];
	if (syntax.length > 0) return { file, document, data: undefined, problems, pairs: new WeakMap() };
	try {
		return { file, document, data: document.toJS({ maxAliasCount }), problems, pairs: new WeakMap() };
	} catch (error) {
		// The library's only complaint here is about aliases that expand to too much.
		if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
		problems.push(tooLarge(file, 'the aliases of the manifest expand to too much'));
		return { file, document, data: undefined, problems, pairs: new WeakMap() };
	}
}

const maxAliasCount = 100;

function tooLarge(file: SourceFile, message: string): DiagnosticInit {
	return { code: 'manifest/too-large', message, span: { file, start: 0, end: 0 }, hint: 'write the values out' };
}

function parseYaml(text: string): Document {
	// The library looks for equal keys pair by pair, which takes minutes in a large mapping; see `duplicateKeys`.
	return parseDocument(text, { prettyErrors: false, stringKeys: true, uniqueKeys: false, version: '1.2' });
}

function parseWithUnquoted(file: SourceFile): { readonly document: Document; readonly problems: DiagnosticInit[] } {
	const document = parseYaml(file.text);
	const unquoted = findUnquotedSignatures(file.text, document);
	if (unquoted.length === 0) return { document, problems: [] };
	const masked = parseYaml(maskSignatures(file.text, unquoted));
	unmaskSignatures(masked, unquoted);
	const problems = unquoted.map(({ start, end, correctedLine }) => ({
		code: 'manifest/unquoted-signature' as const,
		message: 'a signature must be quoted, since ": " and "," mean something in YAML',
		span: { file, start, end },
		hint: `write ${correctedLine}`,
	}));
	return { document: masked, problems };
}

function syntaxProblems(file: SourceFile, document: Document): readonly DiagnosticInit[] {
	const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }): DiagnosticInit => {
		const quote = code === 'MISSING_CHAR' ? openQuote(document, pos[0]) : undefined;
		if (quote !== undefined) {
			const span = { file, start: quote, end: quote + 1 };
			const hint = 'close it on the same line, or check the quotes inside';
			return { code: 'manifest/syntax', message: 'this quote is never closed', span, hint };
		}
		const [text, hint] = yamlMessages[code] ?? [sentence(message)];
		const blank = /^[ ]*/.exec(file.text.slice(pos[0]))?.[0].length ?? 0;
		const span = { file, start: pos[0] + blank, end: Math.max(pos[1], pos[0] + blank + 1) };
		return { code: 'manifest/syntax', message: text, span, ...(hint === undefined ? {} : { hint }) };
	});
	visit(document, {
		Alias: (_, alias) => {
			if (alias.resolve(document) !== undefined) return;
			const message = `the anchor "${alias.source}" is not defined before this alias`;
			const hint = `quote the text if it is no alias: "*${alias.source}"`;
			problems.push({ code: 'manifest/syntax', message, span: spanOf(file, alias), hint });
		},
	});
	// One slip of indentation makes the library stumble many times over; the first place is the useful one.
	return problems.slice(0, 1);
}

const yamlMessages: Readonly<Record<string, readonly [message: string, hint?: string]>> = {
	TAB_AS_INDENT: ['a tab cannot indent YAML', 'indent with spaces'],
	BAD_INDENT: ['the indentation does not fit the lines above', 'align it with what it belongs to'],
	BLOCK_AS_IMPLICIT_KEY: [
		'a mapping cannot start here',
		'indent it on a line of its own, or quote text that holds ": "',
	],
	BLOCK_IN_FLOW: ['text with ": " in it must be quoted inside { }'],
	MULTILINE_IMPLICIT_KEY: ['a key must be on one line', 'check the indentation, and for a missing ":"'],
	MULTIPLE_DOCS: ['a manifest is one YAML document', 'remove what follows "---"'],
	BAD_ALIAS: ['this is not an alias', 'quote text that starts with "*"'],
};

/** Where the quoted text begins that runs on until an offset. */
function openQuote(document: Document, end: number): number | undefined {
	let start: number | undefined;
	visit(document, {
		Scalar: (_, { type, range }) => {
			if ((type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') && range && range[1] >= end) start ??= range[0];
		},
	});
	return start;
}

function sentence(message: string): string {
	return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
}

function duplicateKeys(file: SourceFile, document: Document): readonly DiagnosticInit[] {
	const problems: DiagnosticInit[] = [];
	visit(document, {
		Map: (_, map) => {
			const first = new Map<string, Node>();
			for (const { key } of map.items as readonly Pair[]) {
				if (!isScalar(key)) continue;
				const name = String(key.value);
				const earlier = first.get(name);
				if (earlier === undefined) first.set(name, key);
				else {
					problems.push({
						code: 'manifest/duplicate-key',
						message: `the key "${name}" appears twice`,
						span: spanOf(file, key),
						hint: 'rename or remove one of them',
						notes: [{ message: 'the first one is here', span: spanOf(file, earlier) }],
					});
				}
			}
		},
	});
	return problems;
}

/** `__proto__` means something to JavaScript; it gets lost on the way, so it must not pass in silence. */
function impossibleKeys(file: SourceFile, document: Document): readonly DiagnosticInit[] {
	const problems: DiagnosticInit[] = [];
	visit(document, {
		Pair: (_, { key }) => {
			if (!isScalar(key) || key.value !== '__proto__') return;
			const message = '"__proto__" cannot be a name in a manifest';
			problems.push({ code: 'manifest/bad-name', message, span: spanOf(file, key), hint: 'choose another name' });
		},
	});
	return problems;
}

/** The place of a node; a mapping's or list's first line is what gets marked. */
export function spanOf(file: SourceFile, node: Node): Span {
	const [start, end] = node.range ?? [0, 0];
	return { file, start, end };
}

/** Follows an alias to its anchor. */
export function resolved(document: Document, node: unknown): unknown {
	return isAlias(node) ? node.resolve(document) : node;
}
