import stringWidth from 'string-width';
import type { Span } from './diagnostic.js';
import { lineAt, placeOf } from './place.js';

/** How frames and their markers are coloured; the identity when colours are off. */
export interface FrameStyle {
	readonly gutter: (text: string) => string;
	readonly marker: (text: string) => string;
}

const tabWidth = 4;

/** How wide the line number of a span is: all frames of one diagnostic share the widest. */
export function gutterWidth(span: Span): number {
	return String(placeOf(span).start.line).length;
}

/**
 * A code frame: the place, the source line, and a marker under the span. A span over several lines marks the first.
 *
 *       --> project.yaml:8:17
 *        |
 *      8 |         result: byte
 *        |                 ^^^^
 */
export function codeFrame(span: Span, width: number, style: FrameStyle): readonly string[] {
	const { start } = placeOf(span);
	const line = lineAt(span.file, span.start);
	const from = Math.min(span.start - line.start, line.text.length);
	const to = Math.max(from, Math.min(span.end - line.start, line.text.length));

	const before = shown(line.text.slice(0, from), 0);
	const marked = shown(line.text.slice(from, to), stringWidth(before));
	const after = shown(line.text.slice(to), stringWidth(before + marked));

	const bar = style.gutter(`${' '.repeat(width + 1)} |`);
	const marker = ' '.repeat(stringWidth(before)) + style.marker('^'.repeat(Math.max(1, stringWidth(marked))));
	return [
		`${' '.repeat(width)} ${style.gutter('-->')} ${span.file.path}:${start.line}:${start.column}`,
		bar,
		`${style.gutter(` ${String(line.number).padStart(width)} |`)} ${before}${marked}${after}`.trimEnd(),
		`${bar} ${marker}`,
	];
}

/** Text as a terminal shows it: tabs become spaces, control characters become pictures of themselves. */
function shown(text: string, column: number): string {
	let out = '';
	for (const char of text) {
		if (char === '\t') out += ' '.repeat(tabWidth - ((column + stringWidth(out)) % tabWidth));
		else out += printable(char);
	}
	return out;
}

/** Keeps control characters of a source or a message from steering the terminal. */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (char) => {
		const code = char.charCodeAt(0);
		if (code < 0x20) return String.fromCharCode(0x2400 + code);
		return code === 0x7f ? '\u2421' : '\ufffd';
	});
}
