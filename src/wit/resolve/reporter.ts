import type { DiagnosticCode } from '../../diagnostics/diagnostic.js';
import type { WitProblem } from '../problem.js';
import type { Place } from '../syntax.js';

/** A place in one of several files. */
export interface FilePlace extends Place {
	readonly path: string;
}

/** What a problem may have beside its message. */
interface Advice {
	readonly hint?: string | undefined;
	/** A second place. */
	readonly note?: { readonly message: string; readonly at: FilePlace } | undefined;
}

/** Collects what is wrong in the files of a resolution. */
export class Reporter {
	readonly problems: WitProblem[] = [];

	/** Notes a problem. */
	report(code: DiagnosticCode, at: FilePlace, message: string, { hint, note }: Advice = {}): void {
		this.problems.push(problemAt(code, at, message, { hint, note }));
	}

	/** Takes over the problems of one file. */
	addFile(path: string, problems: readonly WitProblem[]): void {
		this.problems.push(...problems.map((one) => ({ ...one, path })));
	}
}

/** A problem with its place. */
export function problemAt(
	code: DiagnosticCode,
	{ path, start, end }: FilePlace,
	message: string,
	{ hint, note }: Advice = {},
): WitProblem {
	return {
		code,
		message,
		path,
		start,
		end,
		...(hint === undefined ? {} : { hint }),
		...(note === undefined
			? {}
			: { note: { message: note.message, path: note.at.path, start: note.at.start, end: note.at.end } }),
	};
}
