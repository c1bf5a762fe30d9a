import type { GuestInstance } from '../instance.js';

/** A function of the host, in the parts that letting Python wait takes. */
export interface HostCall {
	/** Whether its promise is awaited. */
	readonly isAsync: boolean;
	/** The size of the memory for its result, when that is no core value. */
	readonly area: number;
	/** Calls it; a method's first argument is its object. */
	readonly call: (...args: never[]) => unknown;
	/** Lowers what it returned or threw; gives what the import returns. */
	readonly returned: (result: never, area: number) => unknown;
	readonly threw: (error: unknown, area: number) => unknown;
}

/** What bindings keep of the host's objects, and note of addresses. */
export interface BindingsHeap {
	/** The host's objects that Python holds, by handle: `{ resource, value }`. */
	readonly held: (object | undefined)[];
	readonly unused: number[];
	/** Where addresses are in what was lowered, once there is this list. */
	spans?: number[];
}

/** What generated bindings give when a function of the host is `async`: the result of `createBindings`. */
export interface AsyncBindings<Exports extends object = object> {
	readonly imports: Readonly<Record<string, object>>;
	/** Typed functions that Python code implements. */
	readonly exports?: Exports;
	readonly calls: { readonly [module: string]: { readonly [name: string]: HostCall } };
	readonly heap: BindingsHeap;
	/** The classes of the errors that functions declare, by name; the first argument of one without a payload is its message. */
	readonly errors: { readonly [name: string]: new (payload: never, message?: string) => Error };
	/** Throws a TypeError when a compiled module needs other bindings. */
	checkContract?(module: object): void;
	attach(instance: GuestInstance): void;
}

/** Under this symbol, bindings find how Python waits for a promise. */
export const WAIT = Symbol.for('cpybuild.wait');

/** Under this symbol, bindings find how Python is called when its turn comes. */
export const ENTER = Symbol.for('cpybuild.enter');

/** How Python is called: `lower` gives the arguments, `leave` takes the result. */
export type Enter = (
	name: string,
	lower: () => readonly (number | bigint)[],
	leave: (core: unknown) => unknown,
) => unknown;
