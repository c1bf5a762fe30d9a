import { parentPort, workerData } from 'node:worker_threads';
import { createWasi, InterpreterEnded, type Output, runCommand, WASI_MODULE } from '../../runtime/index.js';
import { hostOutput, nodeMount, nodeThread } from '../../runtime/node/index.js';
import { CpybuildError } from '../diagnostics/diagnostic.js';
import { type WasmModule, wasm } from '../webassembly.js';
import { fedInput } from './fed-input.js';
import type { Job, Outcome } from './job.js';
import { linkImports } from './link-imports.js';
import { writeConsoleTo } from './worker-console.js';

/** The thread that runs a guest: it gets its job at start, and the compiled module as the one message. */
parentPort?.once('message', (module: WasmModule) => {
	const job: Job = workerData;
	runJob(module, job).then((outcome) => parentPort?.postMessage(outcome));
});

async function runJob(module: WasmModule, job: Job): Promise<Outcome> {
	const stdout = hostOutput(job.stdout);
	const stderr = hostOutput(job.stderr);
	writeConsoleTo(stdout, stderr);
	try {
		return { kind: 'exited', code: await runModule(module, job, stdout, stderr) };
	} catch (error) {
		return outcomeOf(error);
	}
}

async function runModule(module: WasmModule, job: Job, stdout: Output, stderr: Output): Promise<number> {
	const host = await linkImports(module, job);
	const options = {
		args: job.args,
		env: job.env,
		stdin: fedInput(job.input),
		stdout,
		stderr,
		mounts: job.dirs.map((dir) => ({ guest: dir.guest, mount: nodeMount(dir.host, dir) })),
		cpuTime: () => {
			const { user, system } = process.cpuUsage();
			return (user + system) / 1000;
		},
	};
	const { waiting } = host;
	if (waiting && job.bindings !== undefined) {
		// Not by promises of the engine, whose stacks are too small for Python's own limits.
		const thread = nodeThread(job.bindings);
		return runCommand(module, { ...options, bindings: waiting, waiting: 'thread', thread });
	}
	const wasi = createWasi(options);
	const instance = await wasm.instantiate(module, { ...host.imports, [WASI_MODULE]: wasi.imports });
	host.attach(instance);
	return wasi.start(instance);
}

function outcomeOf(error: unknown): Outcome {
	if (error instanceof CpybuildError) return { kind: 'refused', diagnostics: error.diagnostics };
	if (isOutOfMemory(error)) return { kind: 'exhausted' };
	// One of another thread has only its name.
	if (error instanceof Error && error.name === 'RuntimeError') return { kind: 'crashed', message: error.message };
	if (error instanceof RangeError && error.message.startsWith('Maximum call stack')) {
		return { kind: 'crashed', message: 'the stack of the host thread is used up' };
	}
	return { kind: 'threw', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Whether the thread that ran Python for a host that waits was ended by Node. */
function isOutOfMemory(error: unknown): boolean {
	if (!(error instanceof InterpreterEnded)) return false;
	const { cause } = error;
	return cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
