import type { DiagnosticCode } from '../diagnostics/diagnostic.js';

/** Something wrong in a WIT text, before it is known where in a file that text stands. */
export interface WitProblem {
	readonly code: DiagnosticCode;
	readonly message: string;
	/** Which file of several the text is. */
	readonly path?: string;
	/** UTF-16 offsets into the WIT text, `end` exclusive. */
	readonly start: number;
	readonly end: number;
	readonly hint?: string;
	/** A second place, such as the first of two equal names. */
	readonly note?: {
		readonly message: string;
		readonly path?: string;
		readonly start: number;
		readonly end: number;
	};
}
