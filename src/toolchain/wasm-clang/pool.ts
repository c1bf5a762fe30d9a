import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFile } from '../../own-files.js';
import type { ToolAnswer, ToolCall } from './protocol.js';

/** A call without its number. */
export type PoolCall = Omit<ToolCall, 'id'>;

interface Waiting {
	readonly call: ToolCall;
	readonly answer: (answer: ToolAnswer) => void;
}

/** Processes that keep the wasm clang loaded, and a queue of calls before them. */
export class WasmClangPool {
	readonly #size: number;
	readonly #execArgv: readonly string[];
	readonly #idle: ChildProcess[] = [];
	readonly #all = new Set<ChildProcess>();
	readonly #queue: Waiting[] = [];
	#server: { readonly server: Server; readonly path: string; readonly folder: string } | undefined;
	#calls = 0;

	/**
	 * @param tuning `short`: V8's baseline compiler alone and no function looked at before it runs, which starts in half
	 *   the time and suits a few calls;
	 *   `long`: the optimising compiler too, for hundreds of calls.
	 */
	constructor(size: number, tuning: 'short' | 'long') {
		this.#size = size;
		this.#execArgv = tuning === 'short' ? ['--liftoff-only', '--wasm-lazy-validation'] : [];
	}

	/** Runs a call as soon as a process is free. */
	run(call: PoolCall): Promise<ToolAnswer> {
		return new Promise((answer) => {
			this.#queue.push({ call: { ...call, id: this.#calls++ }, answer });
			this.#next();
		});
	}

	/** Listens for the client that configure and make call; returns the socket's path. */
	async listen(): Promise<string> {
		if (this.#server) return this.#server.path;
		// A path of its own and not in the store: socket paths may have some 100 bytes only.
		const folder = await mkdtemp(join(tmpdir(), 'cpybuild-'));
		const path = join(folder, 'clang');
		const server = createServer({ allowHalfOpen: true }, (socket) => this.#serve(socket));
		await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
		this.#server = { server, path, folder };
		return path;
	}

	/** Ends all processes; calls under way and waiting fail. */
	async close(): Promise<void> {
		for (const child of this.#all) child.kill('SIGKILL');
		for (const { call, answer } of this.#queue.splice(0)) answer(ended(call, 'was stopped'));
		if (!this.#server) return;
		this.#server.server.close();
		await rm(this.#server.folder, { recursive: true, force: true });
		this.#server = undefined;
	}

	#serve(socket: Socket): void {
		const chunks: Buffer[] = [];
		socket.on('data', (chunk) => chunks.push(chunk));
		socket.on('error', () => socket.destroy());
		socket.on('end', () => {
			const call: PoolCall = JSON.parse(Buffer.concat(chunks).toString());
			this.run(call).then((answer) => socket.end(JSON.stringify(answer)));
		});
	}

	#next(): void {
		if (this.#queue.length === 0) return;
		const child = this.#idle.pop() ?? (this.#all.size < this.#size ? this.#start() : undefined);
		const waiting = child && this.#queue.shift();
		if (!waiting) return;
		const crashed = (code: number | null, signal: NodeJS.Signals | null) => {
			waiting.answer(ended(waiting.call, `ended with ${signal ?? `code ${code}`}`));
			this.#next();
		};
		child.once('exit', crashed);
		child.once('message', (answer: ToolAnswer) => {
			child.off('exit', crashed);
			this.#idle.push(child);
			waiting.answer(answer);
			this.#next();
		});
		child.send(waiting.call);
	}

	#start(): ChildProcess {
		const child = fork(programFile('toolchain/wasm-clang/worker'), {
			execArgv: ['--no-warnings', ...this.#execArgv],
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		this.#all.add(child);
		child.once('exit', () => {
			this.#all.delete(child);
			const index = this.#idle.indexOf(child);
			if (index >= 0) this.#idle.splice(index, 1);
		});
		return child;
	}
}

/** The answer to a call whose process is gone, in the words of a compiler. */
function ended(call: ToolCall, how: string): ToolAnswer {
	return {
		id: call.id,
		exitCode: 70,
		stdout: '',
		output: `${call.tool}: fatal error: the process of the wasm clang ${how}\n`,
	};
}
