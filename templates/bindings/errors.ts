import type { Guest } from './guest.js';
import { writeText } from './text.js';

/** What a host's mistake becomes in Python; the numbers belong to the ABI. */
export const RAISES = { RuntimeError: 0, TypeError: 1, OverflowError: 2, ValueError: 3, MemoryError: 4 } as const;

/** Marks errors that must unwind the guest: set this property to true on errors of your own that shall end it. */
export const UNWIND = Symbol.for('cpybuild.unwind');

/** Marks an error of the bindings themselves. */
export function unwinding<E extends Error>(error: E): E {
	return Object.defineProperty(error, UNWIND, { value: true });
}

/** Makes the import call that is under way raise in Python what the host threw. */
export function raise(guest: Guest, error: unknown, name: string): void {
	if (unwinds(error)) throw error;
	raiseInPython(guest, RAISES.RuntimeError, messageOf(error), name);
}

/** Hands an exception to the guest, which raises it when the import returns. Without memory for its message it is another one. */
export function raiseInPython(guest: Guest, kind: number, message: string, name: string): void {
	const { pointer, length } = writeText(guest, message.slice(0, 10_000), name);
	guest.raise(pointer === 0 ? RAISES.MemoryError : kind, pointer, length);
}

/** Makes the call raise because what the host returned has no room in memory. */
export function rejectSize(guest: Guest, name: string, what: string): void {
	raiseInPython(guest, RAISES.MemoryError, `${name}: the host returned ${what}, for which there is no memory`, name);
}

/**
 * Tells what must not become a Python exception, because guest code below the host function was left for good:
 * - a trap and a wasm exception: frames of the guest may have been unwound, its C stack pointer is not restored;
 * - a stack overflow: it may have struck inside the guest, and telling it would need the stack that is missing;
 * - the exit of a WASI program, by the names of the well-known implementations;
 * - any error marked with `Symbol.for('cpybuild.unwind')`.
 * A host function that expects a trap of another instance, for example of a codec, catches that itself.
 */
export function unwinds(error: unknown): boolean {
	try {
		// node:wasi leaves by a symbol of its own.
		if (typeof error === 'symbol') return error.description === 'kExitCode';
		if (typeof error !== 'object' || error === null) return false;
		if (UNWIND in error && error[UNWIND] === true) return true;
		return isTrap(error) || isStackOverflow(error) || isExit(error);
	} catch {
		return false;
	}
}

/** A trap of wasm code, or an exception that wasm code threw. */
export function isTrap(error: object): boolean {
	const { WebAssembly } = globalThis as { readonly WebAssembly?: Readonly<Record<string, unknown>> };
	return [WebAssembly?.RuntimeError, WebAssembly?.Exception].some(
		(type) => typeof type === 'function' && error instanceof type,
	);
}

/** A stack overflow as V8 and JavaScriptCore, and as SpiderMonkey report it. */
export function isStackOverflow(error: object): boolean {
	if (!(error instanceof Error)) return false;
	return error instanceof RangeError
		? error.message.startsWith('Maximum call stack size exceeded')
		: error.name === 'InternalError' && error.message === 'too much recursion';
}

/** The exit of a WASI program: browser_wasi_shim and uwasi, wasmer's and wasi-js, jco, Emscripten. */
export function isExit(error: object): boolean {
	const names = ['WASIProcExit', 'WASIExitError', 'ComponentExit', 'ExitStatus'];
	for (let level: unknown = error; typeof level === 'object' && level !== null; level = Object.getPrototypeOf(level)) {
		if (names.includes(level.constructor?.name)) return true;
	}
	return false;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
	try {
		if (typeof error === 'string') return error;
		if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') {
			return error.message === '' ? classNameOf(error) : error.message;
		}
		return `the host threw ${describe(error)}`;
	} catch {
		return 'the host threw a value that cannot be shown';
	}
}

/**
 * Makes the call raise because the host returned a wrong value. `wanted` is the result type with its article;
 * `numbers` is the JavaScript type of its values when it has a range.
 */
export function reject(
	guest: Guest,
	name: string,
	value: unknown,
	wanted: string,
	numbers?: 'number' | 'bigint',
): void {
	if (rejectPromise(guest, name, value)) return;
	const outside = typeof value === numbers && (typeof value === 'bigint' || Number.isInteger(value));
	const why = outside ? `out of the range of ${wanted}` : `not ${wanted}`;
	const kind = outside ? RAISES.OverflowError : RAISES.TypeError;
	raiseInPython(guest, kind, `${name}: the host returned ${describe(value)}, ${why}`, name);
}

/** Makes the call raise when the host returned a promise: the guest waits for its answer and cannot await one. */
export function rejectPromise(guest: Guest, name: string, value: unknown): boolean {
	if (!isPromise(value)) return false;
	// Nobody will look at it any more; its failure must not end the host program.
	value.then(undefined, () => {});
	const message = `${name}: the host returned ${describe(value)}, and async functions are not supported here`;
	raiseInPython(guest, RAISES.TypeError, message, name);
	return true;
}

/** Tells promises, whoever made them. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
	try {
		return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
	} catch {
		return false;
	}
}

/** A short rendering of a value for messages. */
export function describe(value: unknown): string {
	if (typeof value === 'string') return JSON.stringify(cut(value));
	if (typeof value === 'bigint') return `${cut(String(value))}n`;
	if (typeof value === 'function') return 'a function';
	if (typeof value === 'object' && value !== null) {
		const name = classNameOf(value);
		return `${/^[AEIOaeio]/.test(name) ? 'an' : 'a'} ${name}`;
	}
	return Object.is(value, -0) ? '-0' : cut(String(value));
}

/** The name of an object's class, or `object` when it will not tell. */
export function classNameOf(value: object): string {
	try {
		const name: unknown = value.constructor.name;
		return typeof name === 'string' && name !== '' ? cut(name) : 'object';
	} catch {
		return 'object';
	}
}

/** Cuts a text to what a message can carry, between characters. */
export function cut(text: string): string {
	return text.length <= 40 ? text : `${Array.from(text.slice(0, 80)).slice(0, 40).join('')}…`;
}
