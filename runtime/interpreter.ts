import { type CompiledModule, engine } from './engine.js';
import { type Entry, EntryPoints, resultOf } from './entry-points.js';
import { Guard } from './guard.js';
import type { GuestInstance } from './instance.js';
import { createWasi, WASI_MODULE, type WasiOptions } from './wasi.js';

/** What generated bindings give, as far as an interpreter needs it: the result of `createBindings`. */
export interface HostBindings<Exports extends object = object> {
	readonly imports: Readonly<Record<string, object>>;
	/** Only bindings with async functions have it: those are for `createAsyncInterpreter`. */
	readonly calls?: never;
	/** Typed functions that Python code implements. */
	readonly exports?: Exports;
	/** Throws a TypeError that says how a module's contract differs from theirs. */
	checkContract?(module: CompiledModule): void;
	attach(instance: GuestInstance): void;
}

/** What an interpreter is given. It has nothing else. */
export interface InterpreterOptions<Exports extends object = object> extends WasiOptions {
	/** The result of the generated `createBindings`, made for this interpreter alone. */
	readonly bindings?: HostBindings<Exports>;
	/** Folders of the guest in which Python looks for modules first. */
	readonly path?: readonly string[];
}

/** A Python interpreter that stays: its modules and variables live from one call to the next. */
export interface Interpreter<Exports extends object = object> {
	/** The functions of the manifest's `exports:`, typed by the generated bindings. */
	readonly exports: Exports;
	/**
	 * Runs a program's text in the module `__main__`.
	 * @param file How frames of errors name the text. Default: `<string>`.
	 * @throws PythonError for an exception that the program does not catch, `SystemExit` too.
	 */
	run(source: string, file?: string): void;
	/**
	 * Runs a module as `python -m` does.
	 * @throws PythonError for an exception that it does not catch, `SystemExit` too.
	 */
	runModule(name: string): void;
	/**
	 * Calls a function of a module, which is imported if that is still to be done. Arguments and result are values of
	 * JSON; functions of the manifest's `exports:` take and give all others, and are checked.
	 * @throws PythonError for an exception that it does not catch.
	 */
	call(module: string, name: string, ...args: readonly unknown[]): unknown;
	/**
	 * Ends the interpreter: functions registered with `atexit` run, files are closed. Later calls throw
	 * `InterpreterEnded`; closing again does nothing.
	 */
	close(): void;
}

/**
 * Instantiates a compiled python.wasm and starts its interpreter. Each call makes an interpreter of its own; the module
 * can be shared. It uses the thread's stack: in Node a worker with `resourceLimits: { stackSizeMb: 32 }` has enough for
 * deep recursion.
 * @throws TypeError when the bindings are not for this module; it names every difference.
 */
export async function createInterpreter<Exports extends object = object>(
	module: CompiledModule,
	{ bindings, path = [], ...options }: InterpreterOptions<Exports> = {},
): Promise<Interpreter<Exports>> {
	if (bindings && 'calls' in bindings) {
		throw new TypeError('these bindings have async functions: use createAsyncInterpreter');
	}
	// Before the engine does, whose message would name one import and say nothing of types.
	bindings?.checkContract?.(module);
	const wasi = createWasi({ args: ['python'], ...options });
	const guard = new Guard();
	const instance = await engine().instantiate(module, { ...bindings?.imports, [WASI_MODULE]: wasi.imports });
	wasi.initialize(instance);
	bindings?.attach({ exports: guard.protect(instance.exports) });
	const entryPoints = new EntryPoints(instance);
	const call = <T>(entry: Entry<T>): T => resultOf(guard.call(() => entry.leave(entry.enter())));
	call(entryPoints.initialize(path));
	return {
		// Without `exports:` in the manifest there are none, and their type is empty.
		exports: bindings?.exports ?? ({} as Exports),
		run: (source, file = '<string>') => call(entryPoints.run(source, file)),
		runModule: (name) => call(entryPoints.runModule(name)),
		call: (module, name, ...args) => JSON.parse(call(entryPoints.call(module, name, JSON.stringify(args)))),
		close() {
			if (guard.entered) throw new Error('the interpreter cannot be closed by what it calls');
			try {
				if (!guard.ended) call(entryPoints.close());
			} finally {
				guard.end('the interpreter was closed');
				wasi.close();
			}
		},
	};
}
