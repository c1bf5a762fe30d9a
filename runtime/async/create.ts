import type { CompiledModule } from '../engine.js';
import type { AsyncInterpreter, AsyncInterpreterOptions } from './options.js';
import { canSuspend, createSuspending, startSuspending } from './suspending.js';
import type { Thread } from './thread.js';
import { createThreaded, startThreaded } from './threaded.js';

/**
 * Starts an interpreter of a python.wasm whose host functions may be async. Where the engine has JavaScript Promise
 * Integration it runs in this thread, else in one that `thread` starts; the host's functions are called in this one.
 * @throws Error when neither is possible.
 * @throws TypeError when the bindings are not for this module; it names every difference.
 */
export async function createAsyncInterpreter<Exports extends object = object>(
	module: CompiledModule,
	options: AsyncInterpreterOptions<Exports>,
): Promise<AsyncInterpreter<Exports>> {
	// Before the engine does, whose message would name one import and say nothing of types.
	options.bindings.checkContract?.(module);
	const start = threadOf(options);
	return start ? createThreaded(module, start, options) : createSuspending(module, options);
}

/**
 * Runs Python's own command line, as `python` with `args`, to its end; its exit code. Host functions may be async.
 * @throws Error when Python cannot wait here.
 */
export async function runCommand(module: CompiledModule, options: AsyncInterpreterOptions): Promise<number> {
	options.bindings.checkContract?.(module);
	const start = threadOf(options);
	return start ? startThreaded(module, start, options) : startSuspending(module, options);
}

/** What starts a thread, unless the engine itself can wait. */
function threadOf({ thread, waiting }: AsyncInterpreterOptions): (() => Thread) | undefined {
	if (waiting !== 'thread' && canSuspend()) return undefined;
	if (waiting !== 'promises' && thread) return thread;
	const lacks = [
		...(waiting === 'thread' ? [] : ['this JavaScript engine has no JavaScript Promise Integration']),
		...(waiting === 'promises' ? [] : ['the option "thread" is missing']),
	];
	throw new Error(`Python cannot wait here: ${lacks.join(', and ')}`);
}
