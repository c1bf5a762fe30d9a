import { CpybuildError, type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';
import { exitCodeOf } from '../diagnostics/exit.js';
import { renderJson } from '../diagnostics/render-json.js';
import { writeJsonLine } from './progress/json.js';
import { writeDiagnostics } from './progress/write-diagnostics.js';
import type { Terminal } from './terminal.js';

const reportAt = 'report it, with what is above and the manifest, to the place where you got cpybuild from';

/** Shows why a command failed, and gives its exit code. */
export function showFailure(error: unknown, terminal: Terminal, options: { readonly json: boolean }): number {
	const diagnostics = diagnosticsOf(error, terminal.signal);
	const exitCode = exitCodeOf(diagnostics);
	if (options.json) writeJsonLine(terminal, { type: 'failed', exitCode, diagnostics: renderJson(diagnostics) });
	else writeDiagnostics(diagnostics, terminal);
	return exitCode;
}

/** The problems that an exception stands for; one that is no `CpybuildError` is a bug, unless it is the user's Ctrl-C. */
function diagnosticsOf(error: unknown, signal: AbortSignal): readonly Diagnostic[] {
	if (error instanceof CpybuildError) return error.diagnostics;
	if (signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))) {
		return [diagnostic({ code: 'build/interrupted', message: 'interrupted' })];
	}
	return [
		diagnostic({
			code: 'internal/unexpected',
			message: `a bug in cpybuild: ${error instanceof Error ? error.message : String(error)}`,
			details: stackLines(error),
			hint: reportAt,
		}),
	];
}

/** The stack, with the causes behind it. */
function stackLines(error: unknown): string[] {
	if (!(error instanceof Error)) return [];
	const own = (error.stack ?? '').split('\n').map((line) => line.trimStart());
	const cause = stackLines(error.cause);
	return cause.length === 0 ? own : [...own, 'caused by', ...cause];
}
