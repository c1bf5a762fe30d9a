import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Thread } from '../async/thread.js';

/** How a thread is started. */
export interface NodeThreadOptions {
	/** Megabytes for its stack; Python's own limits are reached before 32, the default, is used up. */
	readonly stackSizeMb?: number;
}

/** A thread of Node's for `createAsyncInterpreter`; `bindings` is the path or the URL of the generated `bindings.js`. */
export function nodeThread(bindings: string | URL, { stackSizeMb = 32 }: NodeThreadOptions = {}): () => Thread {
	const isUrl = bindings instanceof URL || /^[a-z]{2,}:/.test(bindings);
	const url = isUrl ? String(bindings) : pathToFileURL(bindings).href;
	return () => {
		const worker = new Worker(programFile(), {
			workerData: url,
			resourceLimits: { stackSizeMb },
			// A process that runs a text says so with this flag, which the worker would inherit and not start with.
			...(process.execArgv.some((flag) => flag.startsWith('--input-type')) && { execArgv: [] }),
		});
		return {
			post: (message) => worker.postMessage(message),
			listen(onMessage, onEnd) {
				worker.on('message', onMessage);
				worker.once('error', onEnd);
				worker.once('exit', (code) => onEnd(new Error(`its exit code is ${code}`)));
			},
			setNeeded: (isNeeded) => (isNeeded ? worker.ref() : worker.unref()),
			terminate: () => void worker.terminate(),
		};
	};
}

/** The thread's program, wherever the bundler has put this code; for tests of the sources the compiled one, too. */
function programFile(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
	return join(folder, 'lib/runtime/node/thread-program.js');
}
