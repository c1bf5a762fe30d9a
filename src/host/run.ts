import { existsSync, readFileSync, statSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { MessageChannel, Worker } from 'node:worker_threads';
import { CpybuildError, type DiagnosticInit, diagnostic, fail } from '../diagnostics/diagnostic.js';
import { programFile } from '../own-files.js';
import { type WasmModule, wasm } from '../webassembly.js';
import { feedInput } from './feed-input.js';
import type { GrantedFolder, Job, Outcome } from './job.js';

/** What to run, and what the guest is given. It has nothing else of this machine. */
export interface RunOptions {
	/** The folder that a build made; the guest sees it as `/` and cannot change it. */
	readonly dist: string;
	/** A module (`.ts`, `.js`, `.mjs`) that implements the bindings. */
	readonly hostModule?: string;
	/** Python's arguments, without the program's name. */
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly dirs?: readonly GrantedFolder[];
	/** Default: this process's standard input. */
	readonly stdin?: Readable;
	/** Descriptors of this process. Default: 1 and 2. */
	readonly stdout?: number;
	readonly stderr?: number;
	/** Ends the guest wherever it is; the exit code is then 130. */
	readonly signal?: AbortSignal;
}

/** A crash of the guest, as of a native program that aborts. */
const CRASHED = 134;
/** No memory left, as of a process that the kernel kills for it. */
const OUT_OF_MEMORY = 137;
const INTERRUPTED = 130;

/**
 * Enough for CPython to reach its own limits and raise RecursionError, also in code that V8 has not optimised yet.
 * Only the part that is used takes memory.
 */
const STACK_MB = 32;

/** Runs the interpreter of a dist folder in a thread of its own, to the end; its exit code. */
export async function runInterpreter(options: RunOptions): Promise<number> {
	const wasmFile = join(options.dist, 'python.wasm');
	checkFolders(options, wasmFile);
	const { port1: port, port2: workerPort } = new MessageChannel();
	const signal = new Int32Array(new SharedArrayBuffer(4));
	const terminal = options.stdin === undefined && isatty(0);
	const job = makeJob(options, { port: workerPort, signal, terminal });
	const worker = new Worker(programFile('host/worker'), {
		workerData: job,
		transferList: [workerPort],
		resourceLimits: { stackSizeMb: STACK_MB },
		// A process that runs a text says so with this flag, which the worker would inherit and not start with.
		...(process.execArgv.some((flag) => flag.startsWith('--input-type')) && { execArgv: [] }),
	});
	const stopInput = feedInput(() => options.stdin ?? process.stdin, port, signal);
	try {
		const ended = endOf(worker, options.signal);
		worker.postMessage(await compile(wasmFile));
		return exitCodeOf(await ended, job.stderr);
	} finally {
		stopInput();
		await worker.terminate();
	}
}

function checkFolders({ dist, dirs = [] }: RunOptions, wasmFile: string): void {
	const problems: DiagnosticInit[] = [];
	if (!existsSync(wasmFile)) {
		problems.push({
			code: 'usage/not-a-dist',
			message: `"${dist}" holds no python.wasm`,
			hint: 'name the output folder of a build; "cpybuild build" makes one',
		});
	}
	for (const { host, guest } of dirs) {
		if (!statSync(host, { throwIfNoEntry: false })?.isDirectory()) {
			problems.push({ code: 'usage/dir-missing', message: `there is no folder "${host}" to show as "${guest}"` });
		}
		if (!guest.startsWith('/') || guest.split('/').includes('..')) {
			problems.push({
				code: 'usage/dir-place',
				message: `a folder cannot be shown as "${guest}"`,
				hint: 'a path of the guest begins with "/" and has no ".." in it',
			});
		}
	}
	if (problems.length > 0) throw new CpybuildError(problems.map(diagnostic));
}

function makeJob(options: RunOptions, input: Job['input']): Job {
	const dist = resolve(options.dist);
	const bindings = join(dist, 'bindings.js');
	const dirs = (options.dirs ?? []).map((dir) => ({ ...dir, host: resolve(dir.host) }));
	return {
		args: ['python', ...(options.args ?? [])],
		env: options.env ?? {},
		dirs: [{ host: dist, guest: '/' }, ...dirs],
		...(existsSync(bindings) && { bindings }),
		...(options.hostModule !== undefined && { hostModule: resolve(options.hostModule) }),
		input,
		stdout: options.stdout ?? 1,
		stderr: options.stderr ?? 2,
	};
}

async function compile(file: string): Promise<WasmModule> {
	try {
		return await wasm.compile(readFileSync(file));
	} catch (error) {
		if (!(error instanceof wasm.CompileError)) throw error;
		return fail(
			{ code: 'usage/broken-wasm', message: `"${file}" cannot be compiled: ${error.message}` },
			{ cause: error },
		);
	}
}

function endOf(worker: Worker, signal: AbortSignal | undefined): Promise<Outcome> {
	return new Promise((settle) => {
		const interrupt = () => settle({ kind: 'exited', code: INTERRUPTED });
		if (signal?.aborted) interrupt();
		signal?.addEventListener('abort', interrupt);
		worker.once('message', settle);
		worker.once('error', (error) => settle(outcomeOfError(error)));
		// The host program may end the process, which in a worker is the thread.
		worker.once('exit', (code) => settle({ kind: 'exited', code }));
	});
}

function outcomeOfError(error: Error): Outcome {
	if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'exhausted' };
	return { kind: 'threw', message: error.stack ?? error.message };
}

/** The exit code of an outcome; what the guest cannot say itself is said for it. */
function exitCodeOf(outcome: Outcome, stderr: number): number {
	switch (outcome.kind) {
		case 'exited':
			return outcome.code;
		case 'refused':
			throw new CpybuildError(outcome.diagnostics);
		case 'crashed':
			writeSync(stderr, `cpybuild: python.wasm crashed: ${outcome.message}\n`);
			return CRASHED;
		case 'exhausted':
			writeSync(stderr, 'cpybuild: the thread that ran python.wasm used up its memory\n');
			return OUT_OF_MEMORY;
		case 'threw':
			writeSync(stderr, `cpybuild: the host program stopped python.wasm: ${outcome.message}\n`);
			return CRASHED;
	}
}
