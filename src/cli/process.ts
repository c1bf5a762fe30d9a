import process from 'node:process';
import { runCommandLine } from './run-command-line.js';
import { openTerminal } from './terminal.js';

/** The command line as the process that it is: its signals and streams; gives its exit code. */
export async function runProcess(): Promise<number> {
	const { stdout, stderr, env } = process;
	const controller = new AbortController();

	// The first Ctrl-C asks for an orderly end, the second one ends the process at once.
	const interrupt = (): void => {
		if (controller.signal.aborted) process.exit(130);
		controller.abort();
	};
	process.on('SIGINT', interrupt);
	process.on('SIGTERM', interrupt);
	// The terminal was closed: what runs in process groups of its own would live on.
	process.on('SIGHUP', interrupt);

	// A reader that leaves early (`| head`) wants no more either.
	stdout.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE') throw error;
		controller.abort();
	});

	const terminal = openTerminal({ stdout, stderr, env, cwd: process.cwd(), signal: controller.signal });
	return runCommandLine(process.argv.slice(2), terminal);
}
