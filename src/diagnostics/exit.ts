import type { Diagnostic, Phase } from './diagnostic.js';

const exitCodes: Readonly<Record<Phase, number>> = {
	build: 1,
	cache: 1,
	usage: 2,
	manifest: 2,
	wit: 2,
	lock: 2,
	toolchain: 3,
	verify: 4,
	internal: 70,
};

/** What a shell reports for a program that Ctrl-C ended. */
const interruptedExitCode = 130;

/** The exit code of a command that ends with these problems: 0 when none of them is an error. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): number {
	const codes = diagnostics.filter((one) => one.severity === 'error').map(exitCodeOfOne);
	// An interruption or a bug says more about the run than the problems that came before it.
	return codes.find((code) => code >= exitCodes.internal) ?? codes[0] ?? 0;
}

/** The exit code that problems of a phase lead to. */
export function exitCodeOfPhase(phase: Phase): number {
	return exitCodes[phase];
}

function exitCodeOfOne({ code }: Diagnostic): number {
	return code === 'build/interrupted' ? interruptedExitCode : exitCodeOfPhase(phaseOf(code));
}

function phaseOf(code: Diagnostic['code']): Phase {
	// The type of a code guarantees the prefix; TypeScript cannot see it through `split`.
	return code.slice(0, code.indexOf('/')) as Phase;
}
