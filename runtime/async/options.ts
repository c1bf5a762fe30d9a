import type { InterpreterOptions } from '../interpreter.js';
import type { AsyncBindings } from './bindings.js';
import type { Thread } from './thread.js';

/** What an interpreter is given whose host functions may be async. */
export interface AsyncInterpreterOptions<Exports extends object = object> extends Omit<InterpreterOptions, 'bindings'> {
	/** The result of the generated `createBindings`, made for this interpreter alone. */
	readonly bindings: AsyncBindings<Exports>;
	/**
	 * Starts a thread for the interpreter, which is taken where the engine has no JavaScript Promise Integration:
	 * `nodeThread` of `cpybuild/runtime/node`, or a worker of the page's.
	 */
	readonly thread?: () => Thread;
	/** Default: `promises` (JavaScript Promise Integration) where the engine has it, else `thread`. */
	readonly waiting?: 'promises' | 'thread';
}

/** A Python interpreter that stays, and whose host functions may be async. Calls nest: see `docs/async.md`. */
export interface AsyncInterpreter<Exports extends object = object> {
	/** The functions of the manifest's `exports:`, typed by the generated bindings. */
	readonly exports: Exports;
	/**
	 * Runs a program's text in the module `__main__`.
	 * @param file How frames of errors name the text. Default: `<string>`.
	 * @throws PythonError for an exception that the program does not catch, `SystemExit` too.
	 */
	run(source: string, file?: string): Promise<void>;
	/** Runs a module as `python -m` does. */
	runModule(name: string): Promise<void>;
	/** Calls a function of a module with values of JSON. */
	call(module: string, name: string, ...args: readonly unknown[]): Promise<unknown>;
	/**
	 * Ends the interpreter. When nothing runs, functions registered with `atexit` run before; calls that wait are
	 * rejected with `InterpreterEnded`.
	 */
	close(): Promise<void>;
}
