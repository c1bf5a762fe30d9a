import type { Diagnostic, Span } from './diagnostic.js';
import { placeOf } from './place.js';

/** A diagnostic as JSON output shows it: places are lines and columns that start at 1, ends are exclusive. */
export interface JsonDiagnostic extends Partial<JsonPlace> {
	readonly code: string;
	readonly severity: Diagnostic['severity'];
	readonly message: string;
	readonly hint?: string;
	readonly notes?: readonly ({ readonly message: string } & Partial<JsonPlace>)[];
	readonly details?: readonly string[];
}

/** Where a problem is, in JSON output. */
export interface JsonPlace {
	readonly file: string;
	readonly line: number;
	readonly column: number;
	readonly endLine: number;
	readonly endColumn: number;
}

/** Problems for programs: one object each. */
export function renderJson(diagnostics: readonly Diagnostic[]): readonly JsonDiagnostic[] {
	return diagnostics.map(({ code, severity, message, span, hint, notes, details }) => ({
		code,
		severity,
		message,
		...jsonPlace(span),
		...(hint === undefined ? {} : { hint }),
		...(notes === undefined ? {} : { notes: notes.map((one) => ({ message: one.message, ...jsonPlace(one.span) })) }),
		...(details === undefined ? {} : { details }),
	}));
}

function jsonPlace(span: Span | undefined): Partial<JsonPlace> {
	if (span === undefined) return {};
	const { start, end } = placeOf(span);
	return {
		file: span.file.path,
		line: start.line,
		column: start.column,
		endLine: end.line,
		endColumn: end.column,
	};
}
