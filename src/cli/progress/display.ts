import type { CpybuildError } from '../../diagnostics/diagnostic.js';
import type { Listener, Report } from '../../report.js';

/** Shows a build while it runs. */
export interface Display {
	readonly onEvent: Listener;
	/** Called once, when the build has ended and no event follows; resolves when everything has been written. */
	readonly close: (outcome: Outcome) => Promise<void>;
}

/** How a build ended. Whoever runs it shows the problems of a failed one. */
export type Outcome = { readonly report: Report } | { readonly error: CpybuildError | unknown };
