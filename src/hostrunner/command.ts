import { join } from 'node:path';
import { packageFolder, programFile } from '../own-files.js';

/** CPython's C code recurses deeply; Node's own stack limit is 984 KB. */
const STACK_KB = 3900;

/** What the program that runs WASI programs consists of: its file, which imports no other, and what says it is a module. */
export function hostRunnerFiles(): readonly string[] {
	return [program(), join(packageFolder(), 'package.json')];
}

/**
 * The command line that runs a WASI program of CPython's own build; the program and its arguments follow.
 * @param node Node.js on the machine that runs it.
 */
export function hostRunnerCommand(node: string): readonly [string, ...string[]] {
	return [node, '--no-warnings', `--stack-size=${STACK_KB}`, program()];
}

function program(): string {
	return programFile('hostrunner/hostrunner');
}
