import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { BuildMachine, Command, CommandResult, RunOptions } from './machine.js';
import { keepOutput, type Output } from './output.js';

/** Opens the machine that cpybuild itself runs on. */
export function nativeMachine(path: string): BuildMachine {
	let begin = () => {};
	const busy = new Promise<void>((resolve) => {
		begin = resolve;
	});
	return {
		processors: availableParallelism(),
		path,
		node: process.execPath,
		busy,
		run: (command, options) => {
			const running = run(command, path, options ?? {});
			begin();
			return running;
		},
		close: async () => {},
	};
}

async function run(command: Command, path: string, { onLine, signal }: RunOptions): Promise<CommandResult> {
	const [program] = command.argv;
	throwIfInterrupted(signal);
	let child: ChildProcess | undefined;
	const stop = () => killGroup(child?.pid);
	signal?.addEventListener('abort', stop);
	try {
		child = start(command, path);
		const output = keepOutput(onLine);
		read(child, output);
		// A program need not read its input to the end, or at all.
		child.stdin?.on('error', () => {}).end(command.input);
		const { code, killer } = await endOf(child);
		throwIfInterrupted(signal);
		if (code === null) endedEarly(program, killer ?? 'unknown reason');
		return { exitCode: code, ...output.end() };
	} catch (error) {
		// It may still run, when its output could not be told.
		if (child?.exitCode === null) stop();
		const { syscall, code, message } = error as NodeJS.ErrnoException;
		if (!syscall?.startsWith('spawn')) throw error;
		if (code === 'ENOENT') notFound(program);
		return endedEarly(program, message);
	} finally {
		signal?.removeEventListener('abort', stop);
		if (signal?.aborted) stop();
	}
}

function start({ argv: [program, ...args], cwd, env, input }: Command, path: string): ChildProcess {
	return spawn(program, args, {
		cwd,
		env: { PATH: path, ...env },
		// A process group of its own: make and configure start children that must end with them.
		detached: true,
		stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
	});
}

/** Reads what a command writes. Who listens may fail, on a full disk for example: then the stream does. */
function read(child: ChildProcess, output: Output): void {
	for (const name of ['stdout', 'stderr'] as const) {
		const stream = child[name];
		stream?.on('data', (bytes: Uint8Array) => {
			try {
				output[name](bytes);
			} catch (error) {
				stream.destroy(error as Error);
			}
		});
	}
}

/** How a command ended, once all of its output is read. */
function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly killer: string | null }> {
	return new Promise((resolve, reject) => {
		for (const one of [child, child.stdout, child.stderr]) one?.on('error', reject);
		child.once('close', (code, killer) => resolve({ code, killer }));
	});
}

function killGroup(pid: number | undefined): void {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// It has ended already.
	}
}

function notFound(program: string): never {
	fail({
		code: 'toolchain/not-found',
		message: `there is no program "${program}" on this machine`,
		hint: `install it, or add its folder to PATH`,
	});
}

function endedEarly(program: string, why: string): never {
	fail({ code: 'toolchain/not-runnable', message: `"${program}" ended before its time: ${why}` });
}
