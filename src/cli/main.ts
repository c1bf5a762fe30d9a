#!/usr/bin/env node
import process from 'node:process';
import { runCommandLine } from './run-command-line.js';
import { openTerminal } from './terminal.js';

/** The first Ctrl-C asks for an orderly end, the second one ends the process at once. */
function listenForInterrupts(): AbortSignal {
	const controller = new AbortController();
	const interrupt = (): void => {
		if (controller.signal.aborted) process.exit(130);
		controller.abort();
	};
	process.on('SIGINT', interrupt);
	process.on('SIGTERM', interrupt);
	return controller.signal;
}

const { stdout, stderr, env } = process;
// A reader that leaves early (`| head`) is no error.
stdout.on('error', (error: NodeJS.ErrnoException) => {
	if (error.code !== 'EPIPE') throw error;
	process.exit(0);
});
const terminal = openTerminal({ stdout, stderr, env, cwd: process.cwd(), signal: listenForInterrupts() });
process.exitCode = await runCommandLine(process.argv.slice(2), terminal);
