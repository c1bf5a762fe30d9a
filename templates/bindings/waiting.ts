import { isPromise } from './errors.js';
import { entryPoint, pythonError } from './exports.js';
import type { Guest } from './guest.js';

/** What lowers the two ways in which a function of the host ends. */
export interface Settling<T, R> {
	readonly returned: (result: T, area: number) => R;
	readonly threw: (error: unknown, area: number) => R;
}

/** How a runtime lets Python wait for a promise; it calls one of the two when Python goes on. */
export type Wait = <T, R>(
	promise: PromiseLike<T>,
	returned: (result: T) => R,
	threw: (error: unknown) => R,
) => PromiseLike<R>;

/** How a runtime calls Python when its turn comes. */
export type Enter = <T>(
	name: string,
	lower: () => readonly (number | bigint)[],
	leave: (core: never) => T,
) => PromiseLike<T>;

/** Lowers what a function of the host gave, or lets Python wait for it. */
export function settle<T, R>(
	guest: Guest,
	name: string,
	call: Settling<T, R>,
	result: T | PromiseLike<T>,
	area: number,
): R | PromiseLike<R> {
	if (!isPromise(result)) return call.returned(result as T, area);
	const wait = hook<Wait>(guest, 'cpybuild.wait');
	if (wait === undefined) {
		// Nobody will look at it any more; its failure must not end the host program.
		result.then(undefined, () => {});
		const error = new TypeError(`${name}: Python cannot wait for a promise here: use createAsyncInterpreter`);
		return call.threw(error, area);
	}
	return wait(
		result as PromiseLike<T>,
		(value) => call.returned(value, area),
		(error) => call.threw(error, area),
	);
}

/** Calls a function that Python code implements, when it can be called. */
export function enterLater<T>(
	guest: Guest,
	name: string,
	lower: () => readonly (number | bigint)[],
	leave: (core: never) => T,
): Promise<T> {
	const enterHook = hook<Enter>(guest, 'cpybuild.enter');
	if (enterHook === undefined) {
		throw new TypeError(`${name}: Python may have to wait, which it cannot here: use createAsyncInterpreter`);
	}
	return enterHook(name, lower, (core: never) => {
		const error = entryPoint(guest, 'cpybuild_last_error')();
		if (error !== 0) throw pythonError(guest, error as number);
		return leave(core);
	}) as Promise<T>;
}

/** What a runtime has put among the exports for bindings. */
export function hook<T>(guest: Guest, name: string): T | undefined {
	return (guest.exports as Readonly<Record<symbol, T | undefined>> | undefined)?.[Symbol.for(name)];
}
