import type { CompiledModule } from '../engine.js';
import { WasiError } from '../errno.js';
import { InterpreterEnded } from '../guard.js';
import type { Input, Output } from '../mount.js';
import type { AsyncBindings } from './bindings.js';
import { HostCalls } from './host-calls.js';
import { makeMailbox, Outbox } from './mailbox.js';
import type { AsyncInterpreter, AsyncInterpreterOptions } from './options.js';
import type { FromThread, RequestKind, SentOptions, SentStream } from './protocol.js';
import { receiveError, sendError } from './sent-error.js';
import type { Thread } from './thread.js';

/** Makes an interpreter in a thread, which can wait; the host's functions are called in this one. */
export async function createThreaded<Exports extends object>(
	module: CompiledModule,
	start: () => Thread,
	options: AsyncInterpreterOptions<Exports>,
): Promise<AsyncInterpreter<Exports>> {
	const guest = new GuestThread(module, start, options);
	await guest.request('open');
	return {
		exports: exportsOf(options.bindings, guest),
		run: async (source, file = '<string>') => void (await guest.request('run', source, file)),
		runModule: async (name) => void (await guest.request('runModule', name)),
		call: async (name, functionName, ...args) =>
			JSON.parse(String(await guest.request('call', name, functionName, JSON.stringify(args)))),
		close: () => guest.close(),
	};
}

/** Runs Python's own command line to its end in a thread; its exit code. */
export async function startThreaded(
	module: CompiledModule,
	start: () => Thread,
	options: AsyncInterpreterOptions,
): Promise<number> {
	const guest = new GuestThread(module, start, options);
	try {
		return Number(await guest.request('start'));
	} finally {
		guest.end(new InterpreterEnded('the program has ended'));
	}
}

/** The functions that Python implements, called in the thread. */
function exportsOf<Exports extends object>({ exports }: AsyncBindings<Exports>, guest: GuestThread): Exports {
	const members = Object.entries((exports ?? {}) as Readonly<Record<string, object>>).map(([name, functions]) => [
		name,
		Object.fromEntries(
			Object.keys(functions).map((one) => [one, (...args: unknown[]) => guest.request('export', name, one, ...args)]),
		),
	]);
	return Object.fromEntries(members);
}

interface Request {
	/** All objects in it. */
	readonly objects: readonly object[];
	readonly resolve: (value: unknown) => void;
	readonly reject: (error: unknown) => void;
}

type Method = (...args: readonly unknown[]) => unknown;

/** A thread with an interpreter, as the host sees it. */
class GuestThread {
	readonly #thread: Thread;
	readonly #outbox: Outbox;
	readonly #calls: HostCalls;
	readonly #errors: AsyncBindings['errors'];
	readonly #objects = new Map<number, object>();
	readonly #requests = new Map<number, Request>();
	#ids = 0;
	/** How many functions of the host Python waits for. */
	#waiting = 0;
	#end: InterpreterEnded | undefined;

	constructor(module: CompiledModule, start: () => Thread, options: AsyncInterpreterOptions) {
		const mailbox = makeMailbox();
		this.#outbox = new Outbox(mailbox);
		this.#calls = new HostCalls(options.bindings);
		this.#errors = options.bindings.errors;
		this.#thread = start();
		this.#thread.listen(
			(message) => this.#receive(message as FromThread),
			(error) => this.end(endOf(error)),
		);
		this.#thread.post({ kind: 'begin', mailbox, module, options: this.#sent(options) });
	}

	/** Has something run in the thread. */
	request(what: RequestKind, ...args: readonly unknown[]): Promise<unknown> {
		return new Promise((resolve, reject) => {
			if (this.#end) throw this.#end;
			const id = ++this.#ids;
			// Messages that no bytes can be made of are refused before anything is noted of them.
			const objects = this.#outbox.send({ kind: 'request', id, what, args });
			this.#requests.set(id, { resolve, reject, objects });
			this.#thread.post({ kind: 'wake' });
			this.#keep();
		});
	}

	async close(): Promise<void> {
		if (this.#end) return;
		const closed = new InterpreterEnded('the interpreter was closed');
		try {
			if (this.#requests.size === 0) await this.request('close');
		} finally {
			this.end(closed);
		}
	}

	/** Ends the thread, whatever it does. */
	end(why: InterpreterEnded): void {
		if (this.#end) return;
		this.#end = why;
		this.#thread.terminate();
		for (const { reject } of this.#requests.values()) reject(why);
		this.#requests.clear();
		for (const object of this.#objects.values()) if ('close' in object) (object.close as () => void)();
		this.#objects.clear();
	}

	#receive(message: FromThread): void {
		if (this.#end) return;
		switch (message.kind) {
			case 'import':
				this.#waiting++;
				this.#keep();
				this.#calls.answer(message, (answer) => {
					this.#waiting--;
					this.#answer(message.id, answer);
					this.#keep();
				});
				return;
			case 'method':
				this.#method(message);
				return;
			case 'reserve':
				this.#answer(message.id, { value: this.#calls.reserve() });
				return;
			case 'given': {
				const { handle, request, object, resource, lent } = message;
				this.#calls.give(handle, { resource, lent, value: this.#requests.get(request)?.objects[object] ?? {} });
				return;
			}
			case 'returned':
				this.#calls.takeBack(message.handle);
				return;
			case 'done':
				this.#requests.get(message.id)?.resolve(this.#calls.withObjects([message.value], message.handles)[0]);
				this.#finish(message.id);
				return;
			case 'threw':
				this.#fail(message.id, this.#declared(message));
				return;
			case 'failed':
				this.#fail(message.id, receiveError(message.error));
				return;
			case 'emptied':
				this.#outbox.flush();
		}
	}

	#fail(id: number, error: Error): void {
		this.#requests.get(id)?.reject(error);
		this.#finish(id);
		if (error instanceof InterpreterEnded) this.end(error);
	}

	/** An error that an export declares, of the host's own class. */
	#declared({ name, message, payload, handles }: Extract<FromThread, { readonly kind: 'threw' }>): Error {
		const [given] = this.#calls.withObjects([payload], handles);
		const type = this.#errors[name] ?? Error;
		const error = new type(given as never, message);
		// Those without a payload have another parameter.
		error.message = message;
		return error;
	}

	#finish(id: number): void {
		this.#requests.delete(id);
		this.#keep();
	}

	#answer(id: number, answer: object): void {
		if (this.#end) return;
		try {
			this.#outbox.send({ kind: 'answer', id, ...answer });
		} catch (error) {
			this.#outbox.send({ kind: 'answer', id, failure: sendError(error) });
		}
	}

	/** Only Python that runs keeps the process alive: what it waits for does so by itself, or never comes. */
	#keep(): void {
		this.#thread.setNeeded(this.#requests.size > this.#waiting);
	}

	#method({ id, object, name, args }: Extract<FromThread, { readonly kind: 'method' }>): void {
		try {
			this.#answer(id, { value: this.#callMethod(object, name, args) });
		} catch (error) {
			this.#answer(id, error instanceof WasiError ? { errno: error.errno } : { failure: sendError(error) });
		}
	}

	#callMethod(number: number, name: string, args: readonly unknown[]): unknown {
		const object = this.#objects.get(number) as (object & Readonly<Record<string, Method>>) | undefined;
		if (object === undefined) throw new Error(`the thread asks for the object ${number}, which there is not`);
		// These fill what they are given, which is in the thread.
		if (name === 'read' || name === 'readAt') {
			const [length, ...rest] = args;
			const target = new Uint8Array(Number(length));
			return target.subarray(0, Number(object[name]?.(target, ...rest)));
		}
		const value = object[name]?.(...args);
		if (name === 'open') return this.#keepObject(value as object);
		if (name === 'close') this.#objects.delete(number);
		return value;
	}

	#keepObject(object: object): number {
		const number = ++this.#ids;
		this.#objects.set(number, object);
		return number;
	}

	#sent(options: AsyncInterpreterOptions): SentOptions {
		const { args, env, path, stdin, stdout, stderr, mounts, cpuTime, sleep } = options;
		const stream = (one: Input | Output): SentStream => ({ object: this.#keepObject(one), terminal: one.terminal });
		return {
			...(args && { args }),
			...(env && { env }),
			...(path && { path }),
			...(stdin && { stdin: stream(stdin) }),
			...(stdout && { stdout: stream(stdout) }),
			...(stderr && { stderr: stream(stderr) }),
			...(mounts && {
				mounts: mounts.map(({ guest, mount }) => ({
					guest,
					object: this.#keepObject(mount),
					writable: mount.writable,
					symlinks: mount.symlinks,
				})),
			}),
			...(cpuTime && { cpuTime: this.#keepObject({ cpuTime }) }),
			...(sleep && { sleep: this.#keepObject({ sleep }) }),
		};
	}
}

function endOf(error: unknown): InterpreterEnded {
	const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	return new InterpreterEnded(`the thread of the interpreter has ended: ${why}`, { cause: error });
}
