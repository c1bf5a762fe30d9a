import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { renderGithub, renderPretty } from '../../diagnostics/render.js';
import type { Terminal } from '../terminal.js';

/** Writes problems for people to standard error and, where GitHub reads along, as annotations to standard output. */
export function writeDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
	if (diagnostics.length === 0) return;
	terminal.stderr.write(renderPretty(diagnostics, { color: terminal.errorColor }));
	if (terminal.github) terminal.stdout.write(renderGithub(diagnostics));
}
