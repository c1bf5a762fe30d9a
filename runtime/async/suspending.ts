import { type CompiledModule, engine } from '../engine.js';
import { type Entry, EntryPoints, resultOf } from '../entry-points.js';
import { Guard } from '../guard.js';
import type { GuestInstance } from '../instance.js';
import { createWasi, WASI_MODULE } from '../wasi.js';
import { type AsyncBindings, ENTER, type Enter, WAIT } from './bindings.js';
import type { AsyncInterpreter, AsyncInterpreterOptions } from './options.js';
import { Turns } from './turns.js';

type Call = (...core: never[]) => unknown;

/** Whether the engine has JavaScript Promise Integration. */
export function canSuspend(): boolean {
	const { Suspending, promising } = engine();
	return typeof Suspending === 'function' && typeof promising === 'function';
}

/** Makes an interpreter in this thread, which the engine lets wait. */
export async function createSuspending<Exports extends object>(
	module: CompiledModule,
	{ bindings, path = [], ...options }: AsyncInterpreterOptions<Exports>,
): Promise<AsyncInterpreter<Exports>> {
	const wasi = createWasi({ args: ['python'], ...options });
	const guard = new Guard();
	const turns = new Turns();
	const enter = async <T>(begin: () => Promise<T>): Promise<T> => {
		try {
			return await turns.enter(begin);
		} finally {
			// What waits in an interpreter that has ended never goes on.
			if (guard.ended) turns.end(guard.refusal());
		}
	};
	const instance = await engine().instantiate(module, { ...suspendingImports(bindings), [WASI_MODULE]: wasi.imports });
	wasi.initialize(instance);
	bindings.attach({ exports: hookedExports(instance, guard, turns, enter) });
	const entryPoints = new EntryPoints(instance, promising);
	const call = async <T>(entry: Entry<T>): Promise<T> =>
		resultOf(await enter(() => guard.callLater(async () => entry.leave(await entry.enter()))));
	await call(entryPoints.initialize(path));
	return {
		exports: bindings.exports ?? ({} as Exports),
		run: (source, file = '<string>') => call(entryPoints.run(source, file)),
		runModule: (name) => call(entryPoints.runModule(name)),
		call: async (module, name, ...args) => JSON.parse(await call(entryPoints.call(module, name, JSON.stringify(args)))),
		async close() {
			if (guard.ended) return;
			await enter(async () => {
				try {
					const entry = entryPoints.close();
					// Python that waits cannot be finished: it is left.
					if (!turns.isWaiting) resultOf(await guard.callLater(async () => entry.leave(await entry.enter())));
				} finally {
					guard.end('the interpreter was closed');
					wasi.close();
				}
			});
		},
	};
}

/** Runs Python's own command line to its end in this thread; its exit code. */
export async function startSuspending(
	module: CompiledModule,
	{ bindings, path: _, ...options }: AsyncInterpreterOptions,
): Promise<number> {
	const wasi = createWasi({ args: ['python'], ...options });
	const guard = new Guard();
	const turns = new Turns();
	const instance = await engine().instantiate(module, { ...suspendingImports(bindings), [WASI_MODULE]: wasi.imports });
	bindings.attach({ exports: hookedExports(instance, guard, turns, (begin) => turns.enter(begin)) });
	try {
		return await turns.enter(() => wasi.startLater(instance, promising));
	} finally {
		wasi.close();
	}
}

function promising<F>(call: F): F {
	return engine().promising?.(call) ?? call;
}

/** The imports, of which those of async functions let the guest wait. */
function suspendingImports({ imports, calls }: AsyncBindings): Readonly<Record<string, object>> {
	const { Suspending } = engine();
	if (Suspending === undefined) throw new Error('the engine has no JavaScript Promise Integration');
	return Object.fromEntries(
		Object.entries(imports).map(([module, functions]) => [
			module,
			Object.fromEntries(
				Object.entries(functions as Readonly<Record<string, Call>>).map(([name, call]) => [
					name,
					calls[module]?.[name]?.isAsync === true ? new Suspending(call) : call,
				]),
			),
		]),
	);
}

/** The exports as bindings get them: with how Python waits, and how it is called. */
function hookedExports(
	instance: GuestInstance,
	guard: Guard,
	turns: Turns,
	enter: <T>(begin: () => Promise<T>) => Promise<T>,
): Readonly<Record<string | symbol, unknown>> {
	// Such a function frees Python objects, and has no way to wait for what they may do then.
	let isFreeing = false;
	const freeing =
		(call: Call): Call =>
		(...core) => {
			isFreeing = true;
			try {
				return call(...core);
			} finally {
				isFreeing = false;
			}
		};
	const wait: Turns['wait'] = (promise, returned, threw) => {
		if (!isFreeing) return turns.wait(promise, returned, threw);
		promise.then(undefined, () => {});
		return threw(new Error('Python cannot wait while a result is freed')) as never;
	};
	const call: Enter = (name, lower, leave) =>
		enter(async () => {
			const core = lower();
			const run = promising(instance.exports[name] as (...core: readonly unknown[]) => unknown);
			return leave(await guard.callLater(async () => run(...core)));
		});
	const exports = Object.entries(guard.protect(instance.exports)).map(([name, value]) => [
		name,
		name.startsWith('cabi_post_') ? freeing(value as Call) : value,
	]);
	return { ...Object.fromEntries(exports), [WAIT]: wait, [ENTER]: call };
}
