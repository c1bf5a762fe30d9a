import { CpybuildError, type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';
import type { CommandResult } from '../machine/machine.js';

/** What to say of a command that failed. */
export interface CommandFailure {
	/** What the command was to do: `compile demo.c`. */
	readonly purpose: string;
	readonly argv: readonly string[];
	readonly result: CommandResult;
	/** The file that holds the whole output. */
	readonly logPath: string;
	readonly code?: Diagnostic['code'];
	readonly span?: Diagnostic['span'];
	readonly hint?: string;
}

/** How many last lines of a failed command's output a message shows. */
const TAIL = 20;

/** Lines by which compilers, linkers, make and configure name what went wrong. */
const ERRORS = [
	/\b(?:fatal )?error: /,
	/undefined symbol/,
	/undefined reference/,
	/^configure: error/,
	/^make: \*\*\*/,
	/Error \d+$/,
];

/** Throws when the command's exit code is not 0: its first real error, its tail, and where the whole output is. */
export function requireSuccess(failure: CommandFailure): void {
	if (failure.result.exitCode !== 0) throw new CpybuildError(commandFailure(failure));
}

/** The diagnostic of a failed command. */
export function commandFailure({ purpose, argv, result, logPath, code, span, hint }: CommandFailure): Diagnostic {
	const lines = result.output.split('\n').filter((line) => line.trim() !== '');
	const first = firstError(lines);
	const tail = lines.slice(-TAIL);
	return diagnostic({
		code: code ?? 'build/command-failed',
		message: `could not ${purpose}: ${argv[0]} ended with exit code ${result.exitCode}${first ? `: ${first}` : ''}`,
		...(span && { span }),
		...(hint && { hint }),
		details: [
			`command: ${argv.join(' ')}`,
			...(lines.length > TAIL ? [`last ${TAIL} of ${lines.length} lines:`] : lines.length > 0 ? ['output:'] : []),
			...tail.map((line) => `  ${line}`),
			`full log: ${logPath}`,
		],
	});
}

/** The first line that names an error, by the order of `ERRORS`: a compiler's own words before make's summary. */
export function firstError(lines: readonly string[]): string | undefined {
	for (const pattern of ERRORS) {
		const line = lines.find((one) => pattern.test(one));
		if (line) return line.trim();
	}
	return undefined;
}
