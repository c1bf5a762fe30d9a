import { type CreateBindings, serve, type ThreadPort } from './async/serve.js';

interface WorkerScope {
	postMessage(message: unknown): void;
	addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/**
 * The program of a page's worker for `webThread`: serves interpreters whose host functions are async. `createBindings`
 * is that of the generated `bindings.js`.
 */
export function serveInterpreter(createBindings: CreateBindings): void {
	const scope = globalThis as unknown as WorkerScope;
	const port: ThreadPort = {
		post: (message) => scope.postMessage(message),
		listen: (onMessage) => scope.addEventListener('message', ({ data }) => onMessage(data)),
	};
	serve(port, createBindings);
}
