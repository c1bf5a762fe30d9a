import type { Scalar } from 'yaml';

/** Where each UTF-16 unit of a scalar's value stands in the source: parallel lists of offsets. */
export interface ScalarMap {
	readonly starts: readonly number[];
	readonly ends: readonly number[];
}

/**
 * Maps the value of a scalar to its source, through quotes, escapes, folding and indentation. The scalar is read a
 * second time here, since the YAML library keeps no such map; when the two readings differ the answer is undefined.
 */
export function mapScalar(text: string, scalar: Scalar): ScalarMap | undefined {
	const [start, end] = scalar.range ?? [0, 0];
	if (typeof scalar.value !== 'string') return undefined;
	for (const units of readings(text, scalar, start, end)) {
		if (units.map(({ value }) => value).join('') === scalar.value) {
			return { starts: units.map((unit) => unit.start), ends: units.map((unit) => unit.end) };
		}
	}
	return undefined;
}

/** One UTF-16 unit of a value with the source that it came from. */
interface Unit {
	readonly value: string;
	readonly start: number;
	readonly end: number;
}

/** A line of the source, without its line break and without what its style ignores. */
type Line = readonly Unit[];

function readings(text: string, scalar: Scalar, start: number, end: number): Iterable<readonly Unit[]> {
	switch (scalar.type) {
		case 'QUOTE_SINGLE':
			return [fold(trimmedLines(text, start + 1, end - 1).map(unquoteSingle))];
		case 'QUOTE_DOUBLE':
			return [foldDouble(text, start + 1, end - 1)];
		case 'BLOCK_LITERAL':
		case 'BLOCK_FOLDED':
			return blockReadings(text, scalar, start, end);
		default:
			return [fold(trimmedLines(text, start, end))];
	}
}

function unitsOf(text: string, start: number, end: number): Unit[] {
	return Array.from({ length: Math.max(0, end - start) }, (_, index) => {
		const at = start + index;
		return { value: text[at] ?? '', start: at, end: at + 1 };
	});
}

/** Offsets of the lines between two offsets, without line breaks. */
function lineRanges(text: string, start: number, end: number): readonly (readonly [number, number])[] {
	const ranges: [number, number][] = [];
	for (let from = start; ; ) {
		const newline = text.indexOf('\n', from);
		if (newline === -1 || newline >= end) return [...ranges, [from, end]];
		ranges.push([from, text[newline - 1] === '\r' && newline > from ? newline - 1 : newline]);
		from = newline + 1;
	}
}

/** The lines of a flow scalar: white space around line breaks does not count. */
function trimmedLines(text: string, start: number, end: number): readonly Line[] {
	const ranges = lineRanges(text, start, end);
	return ranges.map(([from, to], index) => {
		let first = from;
		let last = to;
		while (index > 0 && first < last && isBlank(text[first])) first++;
		while (index < ranges.length - 1 && last > first && isBlank(text[last - 1])) last--;
		return unitsOf(text, first, last);
	});
}

function isBlank(char: string | undefined): boolean {
	return char === ' ' || char === '\t';
}

/** Joins lines as flow scalars do: one line break is a space, of several breaks all but the first stay. */
function fold(lines: readonly Line[]): readonly Unit[] {
	const out: Unit[] = [...(lines[0] ?? [])];
	let breaks = 0;
	for (const [index, line] of lines.slice(1).entries()) {
		breaks++;
		const isLast = index === lines.length - 2;
		if (line.length === 0 && !isLast) continue;
		const at = line[0]?.start ?? out.at(-1)?.end ?? 0;
		out.push(...filler(breaks === 1 ? ' ' : '\n'.repeat(breaks - 1), at), ...line);
		breaks = 0;
	}
	return out;
}

function filler(value: string, at: number): readonly Unit[] {
	return [...value].map((unit) => ({ value: unit, start: at, end: at }));
}

function unquoteSingle(line: Line): Line {
	const out: Unit[] = [];
	for (let index = 0; index < line.length; index++) {
		const unit = line[index];
		if (unit === undefined) break;
		const doubled = unit.value === "'" && line[index + 1]?.value === "'";
		out.push(doubled ? { ...unit, end: unit.end + 1 } : unit);
		if (doubled) index++;
	}
	return out;
}

const escapes: Readonly<Record<string, string>> = {
	'0': '\0',
	a: '\x07',
	b: '\b',
	e: '\x1b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
	N: '\u0085',
	_: '\u00a0',
	L: '\u2028',
	P: '\u2029',
};

const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** A double-quoted scalar: escapes, folding, and escaped line breaks, which vanish with the space after them. */
function foldDouble(text: string, start: number, end: number): readonly Unit[] {
	const out: Unit[] = [];
	// White space that vanishes if a line break follows.
	let blank: Unit[] = [];
	for (let at = start; at < end; ) {
		const char = text[at] ?? '';
		if (char === '\\') {
			out.push(...blank);
			blank = [];
			const next = at + (text[at + 1] === '\r' ? 2 : 1);
			if (text[next] === '\n') {
				// An escaped line break vanishes, together with the indentation of the next line.
				at = next + 1;
				while (at < end && isBlank(text[at])) at++;
				continue;
			}
			const unit = escaped(text, at);
			out.push(...unit.value.split('').map((value) => ({ value, start: at, end: unit.end })));
			at = unit.end;
		} else if (char === '\n' || (char === '\r' && text[at + 1] === '\n')) {
			blank = [];
			const after = skipBreaks(text, at, end);
			out.push(...filler(after.breaks === 1 ? ' ' : '\n'.repeat(after.breaks - 1), after.at));
			at = after.at;
		} else {
			const unit = { value: char, start: at, end: at + 1 };
			if (isBlank(char)) blank.push(unit);
			else {
				out.push(...blank, unit);
				blank = [];
			}
			at++;
		}
	}
	return [...out, ...blank];
}

function skipBreaks(text: string, from: number, end: number): { readonly at: number; readonly breaks: number } {
	let breaks = 0;
	let at = from;
	for (; at < end && /[ \t\r\n]/.test(text[at] ?? ''); at++) if (text[at] === '\n') breaks++;
	return { at, breaks };
}

function escaped(text: string, at: number): { readonly value: string; readonly end: number } {
	const letter = text[at + 1] ?? '';
	const length = hexLengths[letter];
	if (length === undefined) return { value: escapes[letter] ?? letter, end: at + 2 };
	const end = at + 2 + length;
	const code = Number.parseInt(text.slice(at + 2, end), 16);
	return { value: code <= 0x10ffff ? String.fromCodePoint(code) : '', end };
}

/**
 * The readings of a block scalar. Its indentation is that of its first line, unless the header says how much is
 * indentation: relative to the parent, which is not at hand, so every possible one is tried.
 */
function* blockReadings(text: string, scalar: Scalar, start: number, end: number): Iterable<readonly Unit[]> {
	const body = text.indexOf('\n', start) + 1;
	if (body === 0 || body > end) return yield [];
	const lines = lineRanges(text, body, end);
	const first = lines.find(([from, to]) => text.slice(from, to).trim() !== '');
	const deepest = first === undefined ? 0 : (/^ */.exec(text.slice(first[0], first[1]))?.[0].length ?? 0);
	const explicit = /^[|>][+-]?[1-9]/.test(text.slice(start, body));
	for (let indent = deepest; indent >= (explicit ? Math.max(0, deepest - mostExtraIndent) : deepest); indent--) {
		const units = blockUnits(text, lines, indent, scalar.type === 'BLOCK_FOLDED');
		// Chomping decides how many line breaks at the end count; the value tells.
		const content = units.findLastIndex(({ value }) => value !== '\n') + 1;
		yield units.slice(0, content + trailingBreaks(String(scalar.value)));
	}
}

// A first line that is indented deeper than this beyond its block gets no exact positions.
const mostExtraIndent = 80;

function trailingBreaks(value: string): number {
	let count = 0;
	while (value.at(-1 - count) === '\n') count++;
	return count;
}

function blockUnits(
	text: string,
	lines: readonly (readonly [number, number])[],
	indent: number,
	folded: boolean,
): readonly Unit[] {
	const out: Unit[] = [];
	let pending = 0;
	let wasText = false;
	for (const [from, to] of lines) {
		const line = unitsOf(text, Math.min(from + indent, to), to);
		const isText = line.length > 0 && !isBlank(line[0]?.value);
		if (line.length > 0 && out.length + pending > 0) {
			const folds = folded && wasText && isText && pending > 0;
			out.push(...filler(folds ? (pending === 1 ? ' ' : '\n'.repeat(pending - 1)) : '\n'.repeat(pending), from));
			pending = 0;
		}
		if (line.length > 0) wasText = isText;
		out.push(...line);
		pending++;
	}
	return [...out, ...filler('\n'.repeat(pending), lines.at(-1)?.[1] ?? 0)];
}
