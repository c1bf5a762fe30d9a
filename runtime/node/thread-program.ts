import { parentPort, workerData } from 'node:worker_threads';
import { type CreateBindings, serve } from '../async/serve.js';

/** The thread of `nodeThread`: its data is the URL of `bindings.js`. */
const { createBindings }: { readonly createBindings: CreateBindings } = await import(workerData);

if (parentPort) {
	const port = parentPort;
	serve(
		{ post: (message) => port.postMessage(message), listen: (onMessage) => port.on('message', onMessage) },
		createBindings,
	);
}
