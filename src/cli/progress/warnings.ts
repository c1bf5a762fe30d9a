import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Terminal } from '../terminal.js';

/** Shows the warnings of a build, each once. */
export interface Warnings {
	/** Shows a warning that came while the build runs. */
	show(warning: Diagnostic): void;
	/** Shows those of the report that were not shown yet, and waits for all: a build that does nothing repeats old ones. */
	finish(all?: readonly Diagnostic[]): Promise<void>;
}

/** Shows warnings on a terminal. What renders them is loaded with the first one, since most builds have none. */
export function openWarnings(terminal: Terminal): Warnings {
	const seen = new Set<string>();
	let written = Promise.resolve();
	const show = (warnings: readonly Diagnostic[]): void => {
		const unseen = warnings.filter((one) => !seen.has(warningKey(one)));
		if (unseen.length === 0) return;
		for (const one of unseen) seen.add(warningKey(one));
		written = written.then(async () => {
			(await import('./write-diagnostics.js')).writeDiagnostics(unseen, terminal);
		});
	};
	return {
		show: (warning) => show([warning]),
		finish: (all = []) => {
			show(all);
			return written;
		},
	};
}

function warningKey({ code, message, span }: Diagnostic): string {
	return JSON.stringify([code, message, span?.file.path, span?.start]);
}
