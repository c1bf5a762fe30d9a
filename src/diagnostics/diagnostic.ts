/** A text that a user wrote, kept whole so that problems can be shown in place. */
export interface SourceFile {
	/** The path as the user named it, with forward slashes; shown in messages. */
	readonly path: string;
	readonly text: string;
}

/** A stretch of a source text: UTF-16 offsets, `end` exclusive. Line and column exist only when shown. */
export interface Span {
	readonly file: SourceFile;
	readonly start: number;
	readonly end: number;
}

/** The phase in which a problem shows; it decides the exit code (see `exitCodeOf`). */
export type Phase = 'usage' | 'manifest' | 'wit' | 'lock' | 'toolchain' | 'build' | 'cache' | 'verify' | 'internal';

/** A stable name of a kind of problem, for example `manifest/unknown-type`. All of them are listed in `codes.ts`. */
export type DiagnosticCode = `${Phase}/${string}`;

/** A further remark on a problem: a second place, or advice without a place. */
export interface Note {
	readonly message: string;
	readonly span?: Span;
}

/** One problem that the user can act on. */
export interface Diagnostic {
	readonly code: DiagnosticCode;
	/** Warnings are shown and do not fail the command. */
	readonly severity: 'error' | 'warning';
	/** What is wrong, in the user's own words; one line, no final full stop. */
	readonly message: string;
	readonly span?: Span;
	/** What to do about it. */
	readonly hint?: string;
	readonly notes?: readonly Note[];
	/** Evidence below the message: the failed command, its first error and the tail of its output. */
	readonly details?: readonly string[];
}

/** What a caller gives for a diagnostic; `severity` is `error` unless said. */
export type DiagnosticInit = Omit<Diagnostic, 'severity'> & { readonly severity?: 'error' | 'warning' };

/** Completes a diagnostic. */
export function diagnostic(init: DiagnosticInit): Diagnostic {
	return { severity: 'error', ...init };
}

/** Problems that the user can act on. Every other exception that leaves cpybuild is a bug of cpybuild. */
export class CpybuildError extends Error {
	override readonly name = 'CpybuildError';
	/** All problems that were found, in the order of their places. */
	readonly diagnostics: readonly Diagnostic[];

	constructor(diagnostics: Diagnostic | readonly Diagnostic[], options?: ErrorOptions) {
		const all = 'code' in diagnostics ? [diagnostics] : diagnostics;
		super(all.map((one) => `${one.code}: ${one.message}`).join('\n'), options);
		this.diagnostics = all;
	}
}

/** Throws one problem as a `CpybuildError`. */
export function fail(init: DiagnosticInit, options?: ErrorOptions): never {
	throw new CpybuildError(diagnostic(init), options);
}
