import type { CompiledModule } from '../engine.js';
import { engine } from '../engine.js';
import { type ErrnoValue, WasiError } from '../errno.js';
import { type GuestInstance, memoryOf } from '../instance.js';
import { createInterpreter, type Interpreter, type InterpreterOptions } from '../interpreter.js';
import { createWasi, WASI_MODULE } from '../wasi.js';
import { applyLowered, type GuestHeap } from './apply-lowered.js';
import { type AsyncBindings, ENTER, type Enter } from './bindings.js';
import type { Decoded } from './codec.js';
import { Inbox } from './mailbox.js';
import { PassedObjects, type Served } from './passed-objects.js';
import type { Beginning, FromThread, SentAnswer, SentOptions, ToThread } from './protocol.js';
import { remoteOptions } from './remote-files.js';
import { receiveError, sendError } from './sent-error.js';
import { Asked, elsewhere, objectAt, takeHandles } from './stand-in.js';

/** The thread's end of its messages. */
export interface ThreadPort {
	post(message: FromThread): void;
	listen(onMessage: (message: unknown) => void): void;
}

/** What generated bindings export, as far as a thread needs it. */
export type CreateBindings = (host: never) => AsyncBindings;

/** Serves a host in another thread: runs its interpreter, and asks it for what Python calls. */
export function serve(port: ThreadPort, createBindings: CreateBindings): void {
	let guest: ThreadGuest | undefined;
	port.listen((message) => {
		const { kind } = message as { readonly kind: string };
		if (kind === 'begin') guest = new ThreadGuest(port, message as Beginning, createBindings);
		guest?.wake();
	});
}

type Request = Extract<ToThread, { readonly kind: 'request' }> & Served;
type Functions = Readonly<Record<string, (...core: readonly (number | bigint)[]) => unknown>>;

/** An error of a class that bindings have for a function's `result`. */
type DeclaredError = Error & { readonly payload: unknown };

/** The interpreter of a thread. */
class ThreadGuest {
	readonly #port: ThreadPort;
	readonly #inbox: Inbox;
	readonly #module: CompiledModule;
	readonly #options: InterpreterOptions;
	readonly #bindings: AsyncBindings;
	readonly #passed: PassedObjects;
	readonly #requests: Request[] = [];
	#served: Served | undefined;
	/** Answers that came while an inner call was waited for. */
	readonly #answers = new Map<number, SentAnswer>();
	#python: Interpreter | undefined;
	#instance: GuestInstance | undefined;
	#ids = 0;
	#isBusy = false;

	constructor(port: ThreadPort, { mailbox, module, options }: Beginning, createBindings: CreateBindings) {
		this.#port = port;
		this.#inbox = new Inbox(mailbox, () => port.post({ kind: 'emptied' }));
		this.#module = module;
		this.#options = this.#received(options);
		this.#bindings = createBindings(elsewhere() as never);
		this.#passed = new PassedObjects(
			this.#bindings.heap,
			() => this.#reserve(),
			() => this.#served,
			(message) => port.post(message),
		);
	}

	/** Does what has been asked for. */
	async wake(): Promise<void> {
		if (this.#isBusy) return;
		this.#isBusy = true;
		for (;;) {
			this.#poll();
			const next = this.#requests.shift();
			if (next === undefined) break;
			if (next.what === 'open' || next.what === 'start') await this.#begin(next);
			else this.#serve(next);
		}
		this.#isBusy = false;
	}

	#poll(): void {
		for (let message = this.#inbox.poll(); message !== undefined; message = this.#inbox.poll()) {
			this.#sort(message);
		}
	}

	#sort({ value, objects }: Decoded): void {
		const message = value as ToThread;
		if (message.kind === 'request') this.#requests.push({ ...message, objects });
		else this.#answers.set(message.id, message);
	}

	async #begin({ id, what }: Request): Promise<void> {
		try {
			if (what === 'start') this.#done(id, await this.#start());
			else {
				this.#python = await createInterpreter(this.#module, { ...this.#options, bindings: this.#hostBindings() });
				this.#done(id, undefined);
			}
		} catch (error) {
			this.#port.post({ kind: 'failed', id, error: sendError(error) });
		}
	}

	/** Runs Python's own command line. */
	async #start(): Promise<number> {
		const { path: _path, bindings: _bindings, ...options } = this.#options;
		const wasi = createWasi({ args: ['python'], ...options });
		const bindings = this.#hostBindings();
		const instance = await engine().instantiate(this.#module, { ...bindings.imports, [WASI_MODULE]: wasi.imports });
		bindings.attach(instance);
		return wasi.start(instance);
	}

	#serve(request: Request): void {
		const { id, what, args } = request;
		const outer = this.#served;
		this.#served = request;
		try {
			this.#done(id, this.#run(what, args));
		} catch (error) {
			if (what === 'export' && this.#isDeclared(error)) this.#threw(id, error);
			else this.#port.post({ kind: 'failed', id, error: sendError(error) });
		} finally {
			this.#served = outer;
		}
	}

	#done(id: number, result: unknown): void {
		const value = [result];
		const handles = takeHandles(value, this.#bindings.heap.held);
		this.#port.post({ kind: 'done', id, value: value[0], handles });
	}

	#isDeclared(error: unknown): error is DeclaredError {
		return Object.values(this.#bindings.errors).some((type) => error instanceof type);
	}

	#threw(id: number, { name, message, payload: given }: DeclaredError): void {
		const payload = [given];
		const handles = takeHandles(payload, this.#bindings.heap.held);
		this.#port.post({ kind: 'threw', id, name, message, payload: payload[0], handles });
	}

	#run(what: Request['what'], args: readonly unknown[]): unknown {
		const python = this.#python;
		if (python === undefined) throw new Error('there is no interpreter yet');
		const [first, second, third, ...rest] = args;
		switch (what) {
			case 'run':
				return python.run(String(first), String(second));
			case 'runModule':
				return python.runModule(String(first));
			case 'call':
				return JSON.stringify(python.call(String(first), String(second), ...JSON.parse(String(third))));
			case 'export': {
				const functions = (this.#bindings.exports as Readonly<Record<string, Functions>>)[String(first)];
				return functions?.[String(second)]?.(...([third, ...rest].slice(0, args.length - 2) as never[]));
			}
			default:
				return python.close();
		}
	}

	/** Bindings whose functions are asked for in the other thread. */
	#hostBindings() {
		const { imports, calls, attach, checkContract, exports } = this.#bindings;
		const asking = Object.entries(imports as Readonly<Record<string, Functions>>).map(([module, functions]) => [
			module,
			Object.fromEntries(
				Object.entries(functions).map(([name, lift]) => [
					name,
					(...core: readonly (number | bigint)[]) => {
						try {
							return lift(...core);
						} catch (error) {
							if (!(error instanceof Asked)) throw error;
							const isAsync = calls[module]?.[name]?.isAsync === true;
							return this.#call(module, name, isAsync, error.args, Number(core.at(-1) ?? 0));
						}
					},
				]),
			),
		]);
		return {
			imports: Object.fromEntries(asking) as Readonly<Record<string, object>>,
			...(exports && { exports }),
			...(checkContract && { checkContract }),
			attach: (instance: GuestInstance) => {
				this.#instance = instance;
				const enter: Enter = (name, lower, leave) => {
					const core = lower();
					this.#passed.entered();
					return leave((instance.exports as Functions)[name]?.(...core));
				};
				attach({ exports: { ...instance.exports, [ENTER]: enter } });
			},
		};
	}

	/** Has a function of the host called, and brings what it gives into the guest. */
	#call(module: string, name: string, isAsync: boolean, args: readonly unknown[], area: number): unknown {
		const { held, unused } = this.#bindings.heap;
		const handles = takeHandles(args, held);
		const answer = this.#ask({ kind: 'import', id: ++this.#ids, module, name, args, handles }, isAsync);
		if (!('lowered' in answer)) throw failureOf(answer);
		// The host numbers its objects.
		unused.length = 0;
		for (const [handle, resource] of answer.given) held[handle] = objectAt(handle, resource);
		return applyLowered(this.#heap(), `${module}.${name}`, answer.lowered, area);
	}

	/** Asks the host, and waits for its answer; meanwhile it may call Python when `isAsync`. */
	#ask(question: Extract<FromThread, { readonly id: number }>, isAsync: boolean): SentAnswer {
		this.#port.post(question);
		for (;;) {
			const answer = this.#answers.get(question.id);
			if (answer !== undefined) {
				this.#answers.delete(question.id);
				return answer;
			}
			const next = isAsync ? this.#requests.shift() : undefined;
			if (next !== undefined) this.#serve(next);
			else this.#sort(this.#inbox.wait());
		}
	}

	#heap(): GuestHeap {
		const instance = this.#instance;
		if (instance === undefined) throw new Error('there is no instance yet');
		const { cpybuild_realloc, cpybuild_raise, cpybuild_raise_stack } = instance.exports as Functions;
		return {
			allocate: (size) => Number(cpybuild_realloc?.(0, 0, 8, size)) >>> 0,
			free: (pointer, size) => cpybuild_realloc?.(pointer, size, 8, 0),
			memory: () => memoryOf(instance).buffer,
			raise: (kind, pointer, length) => cpybuild_raise?.(kind, pointer, length),
			raiseStack: (pointer, length) => cpybuild_raise_stack?.(pointer, length),
		};
	}

	/** A handle of the host's. */
	#reserve(): number {
		const answer = this.#ask({ kind: 'reserve', id: ++this.#ids }, false);
		if ('value' in answer) return Number(answer.value);
		throw failureOf(answer);
	}

	#received(options: SentOptions): InterpreterOptions {
		return remoteOptions(options, (object, name, ...args) => {
			const answer = this.#ask({ kind: 'method', id: ++this.#ids, object, name, args }, false);
			if ('value' in answer) return answer.value;
			if ('errno' in answer) throw new WasiError(answer.errno as ErrnoValue);
			throw failureOf(answer);
		});
	}
}

/** The guest is left by it: the host does not know any more what it does. */
function failureOf(answer: SentAnswer): Error {
	const error = 'failure' in answer ? receiveError(answer.failure) : new Error('the host gave no answer');
	return Object.defineProperty(error, Symbol.for('cpybuild.unwind'), { value: true });
}
