import { fileURLToPath } from 'node:url';

/** CPython's C code recurses deeply; Node's own stack limit is 984 KB. */
const STACK_KB = 3900;

/** The command line that runs a WASI program of CPython's own build; the program and its arguments follow. */
export function hostRunnerCommand(): readonly [string, ...string[]] {
	const hostrunner = fileURLToPath(new URL('./hostrunner.js', import.meta.url));
	return [process.execPath, '--no-warnings', `--stack-size=${STACK_KB}`, hostrunner];
}
