import { type Document, isScalar, visit } from 'yaml';

interface Range {
	readonly start: number;
	readonly end: number;
}

/** A signature without quotes that YAML does not take as one text. */
export interface UnquotedSignature extends Range {
	readonly text: string;
	/** The whole line with quotes added, without its indentation. */
	readonly correctedLine: string;
}

/** A key on a line, and what looks like a signature after it. */
const candidate = /(?<=[\w'"-][ \t]{0,9}:[ \t]{1,99})(?:async[ \t]+)?func[ \t]{0,9}\(/g;

// Enough for people to see what is wrong, and few enough for a file that was made to waste time.
const most = 100;
const longest = 4096;

/**
 * Finds unquoted signatures: `signature: func(a: s32)` is a mapping inside a mapping for YAML, and in `{ … }` a comma
 * ends it. `document` is the text as YAML reads it, mistakes included; it tells what is a comment or a longer text.
 */
export function findUnquotedSignatures(text: string, document: Document): readonly UnquotedSignature[] {
	const scalars: Range[] = [];
	visit(document, {
		Scalar: (_, { range }) => {
			if (range) scalars.push({ start: range[0], end: range[1] });
		},
	});
	const found: Range[] = [];
	let next = 0;
	for (const { index: start } of text.matchAll(candidate)) {
		if (found.length === most) break;
		const end = start + signatureLength(text.slice(start, start + longest));
		// Both lists are in the order of the text.
		while ((scalars[next]?.end ?? text.length) <= start) next++;
		const holder = scalars[next];
		if (holder === undefined || holder.start !== start || holder.end === end) continue;
		found.push({ start, end });
	}
	return found.map((range) => ({
		...range,
		text: text.slice(range.start, range.end),
		correctedLine: correctedLine(text, range, found),
	}));
}

/** The line of a signature with quotes around every signature on it that needs them. */
function correctedLine(text: string, { start }: Range, all: readonly Range[]): string {
	const lineStart = text.lastIndexOf('\n', start) + 1;
	const lineEnd = start + (/\r?\n|$/.exec(text.slice(start))?.index ?? 0);
	let line = '';
	let at = lineStart;
	for (const one of all.filter((range) => range.start >= lineStart && range.end <= lineEnd)) {
		line += `${text.slice(at, one.start)}"${text.slice(one.start, one.end)}"`;
		at = one.end;
	}
	return (line + text.slice(at, lineEnd)).trim();
}

/** How much of a text belongs to the signature at its start; a comma or brace outside brackets ends it. */
function signatureLength(text: string): number {
	const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
	let depth = 0;
	let at = 0;
	for (; at < line.length; at++) {
		const char = line[at] ?? '';
		if (char === '(' || char === '<') depth++;
		if (char === ')' || (char === '>' && line[at - 1] !== '-')) depth--;
		if (depth <= 0 && /[,}\]]/.test(char)) break;
		if (char === '#' && /\s/.test(line[at - 1] ?? '')) break;
	}
	return line.slice(0, at).trimEnd().length;
}

/**
 * The text with every such signature replaced by one harmless word of the same length: YAML can then read the rest of
 * the file, and all places stay where they are.
 */
export function maskSignatures(text: string, signatures: readonly UnquotedSignature[]): string {
	let out = text;
	for (const { start, end } of signatures) out = out.slice(0, start) + 'f'.repeat(end - start) + out.slice(end);
	return out;
}

/** Gives the masked signatures back to a document that was read from the masked text. */
export function unmaskSignatures(document: Document, signatures: readonly UnquotedSignature[]): void {
	const byStart = new Map(signatures.map((one) => [one.start, one.text]));
	visit(document, {
		Value: (_, node) => {
			const text = isScalar(node) && node.range ? byStart.get(node.range[0]) : undefined;
			if (isScalar(node) && text !== undefined) node.value = text;
		},
	});
}
