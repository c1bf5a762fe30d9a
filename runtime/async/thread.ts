/** A thread that runs an interpreter: a worker of Node's or of a page's. */
export interface Thread {
	post(message: unknown): void;
	/** Says who gets what the thread sends, and who is told that it ended by itself. */
	listen(onMessage: (message: unknown) => void, onEnd: (error: unknown) => void): void;
	/** Whether the thread keeps the process alive, where there is such a thing. */
	setNeeded(isNeeded: boolean): void;
	terminate(): void;
}

/** A `Worker` of a page's, as far as it is needed: said here so that the runtime needs no DOM types. */
export interface WebWorker {
	postMessage(message: unknown): void;
	addEventListener(type: string, listener: (event: object) => void): void;
	terminate(): void;
}

/**
 * A thread for `createAsyncInterpreter` of a page's worker, whose program calls `serveInterpreter` of
 * `cpybuild/runtime/thread` with `createBindings`.
 */
export function webThread(start: () => WebWorker): () => Thread {
	return () => {
		const worker = start();
		return {
			post: (message) => worker.postMessage(message),
			listen(onMessage, onEnd) {
				worker.addEventListener('message', (event) => onMessage((event as { readonly data: unknown }).data));
				worker.addEventListener('error', (event) => {
					const { message = 'its program does not load' } = event as { readonly message?: string };
					onEnd(new Error(message));
				});
			},
			setNeeded() {},
			terminate: () => worker.terminate(),
		};
	};
}
