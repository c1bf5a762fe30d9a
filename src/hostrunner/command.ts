import { programFile } from '../own-files.js';

/** CPython's C code recurses deeply; Node's own stack limit is 984 KB. */
const STACK_KB = 3900;

/** The command line that runs a WASI program of CPython's own build; the program and its arguments follow. */
export function hostRunnerCommand(): readonly [string, ...string[]] {
	return [process.execPath, '--no-warnings', `--stack-size=${STACK_KB}`, programFile('hostrunner/hostrunner')];
}
