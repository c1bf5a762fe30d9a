import { availableParallelism } from 'node:os';
import { execa } from 'execa';
import { fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Command, CommandResult, Machine, RunOptions } from './machine.js';

/** The machine that cpybuild itself runs on. */
export function nativeMachine(path: string): Machine {
	return { processors: availableParallelism(), path, run: (command, options) => run(command, path, options ?? {}) };
}

async function run(command: Command, path: string, options: RunOptions): Promise<CommandResult> {
	const [program, ...args] = command.argv;
	throwIfInterrupted(options.signal);
	// A process group of its own: make and configure start children that must end with them.
	const child = execa(program, args, {
		cwd: command.cwd,
		env: { PATH: path, ...command.env },
		extendEnv: false,
		input: command.input ?? '',
		all: true,
		reject: false,
		detached: true,
		stripFinalNewline: false,
		maxBuffer: 64 * 1024 * 1024,
	});
	const stop = () => killGroup(child.pid);
	options.signal?.addEventListener('abort', stop);
	try {
		if (options.onLine) for await (const line of child.iterable({ from: 'all' })) options.onLine(line);
		const result = await child;
		throwIfInterrupted(options.signal);
		const { exitCode } = result;
		if (exitCode === undefined) failedToRun(program, result);
		return { exitCode, stdout: result.stdout, output: result.all };
	} finally {
		options.signal?.removeEventListener('abort', stop);
		if (options.signal?.aborted) stop();
	}
}

function killGroup(pid: number | undefined): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// It has ended already.
	}
}

/** What execa tells of a program that did not start, or was ended by a signal. */
interface FailedStart {
	readonly code?: string | undefined;
	readonly originalMessage?: string | undefined;
	readonly shortMessage?: string | undefined;
}

function failedToRun(program: string, error: FailedStart): never {
	if (error.code === 'ENOENT') {
		fail({
			code: 'toolchain/not-found',
			message: `there is no program "${program}" on this machine`,
			hint: `install it, or add its folder to PATH`,
		});
	}
	fail({
		code: 'toolchain/not-runnable',
		message: `"${program}" ended before its time: ${error.originalMessage ?? error.shortMessage ?? 'unknown reason'}`,
	});
}
