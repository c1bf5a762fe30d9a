import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { renderGithub, renderPretty } from '../../diagnostics/render.js';
import type { Terminal } from '../terminal.js';

/** Writes problems for people to standard error and, where GitHub reads along, as annotations to standard output. */
export function writeDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
	if (diagnostics.length === 0) return;
	terminal.stderr.write(renderPretty(diagnostics, { color: terminal.errorColor }));
	if (terminal.github) terminal.stdout.write(renderGithub(diagnostics));
}

/** Those of a report's warnings that were not shown while the build ran: a build that does nothing repeats old ones. */
export function unseenWarnings(all: readonly Diagnostic[], seen: readonly Diagnostic[]): Diagnostic[] {
	const seenKeys = new Set(seen.map(warningKey));
	return all.filter((one) => !seenKeys.has(warningKey(one)));
}

function warningKey({ code, message, span }: Diagnostic): string {
	return JSON.stringify([code, message, span?.file.path, span?.start]);
}
