import type { SourceFile, Span } from './diagnostic.js';

/** A position as people count: line and column start at 1, columns are characters (code points). */
export interface Position {
	readonly line: number;
	readonly column: number;
}

/** Where a span begins and ends; `end` is exclusive. */
export interface Place {
	readonly start: Position;
	readonly end: Position;
}

/** The place of a span, for messages and editors. */
export function placeOf({ file, start, end }: Span): Place {
	return { start: positionAt(file, start), end: positionAt(file, Math.max(start, end)) };
}

/** A line of a source file: its number, its offsets, and its text without the line break. */
export interface SourceLine {
	readonly number: number;
	readonly start: number;
	readonly text: string;
}

/** The line that holds an offset. */
export function lineAt({ text }: SourceFile, offset: number): SourceLine {
	const inside = Math.min(offset, text.length);
	const start = inside === 0 ? 0 : text.lastIndexOf('\n', inside - 1) + 1;
	const next = text.indexOf('\n', inside);
	const line = text.slice(start, next === -1 ? text.length : next).replace(/\r$/, '');
	return { number: countNewlines(text, start) + 1, start, text: line };
}

function positionAt(file: SourceFile, offset: number): Position {
	const line = lineAt(file, offset);
	return { line: line.number, column: [...line.text.slice(0, offset - line.start)].length + 1 };
}

function countNewlines(text: string, end: number): number {
	let count = 0;
	for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count++;
	return count;
}
