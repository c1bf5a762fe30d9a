import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A web server of this machine, for the length of a test. */
export interface TestServer {
	readonly url: string;
	/** Paths that were asked for, in order. */
	readonly requests: readonly string[];
}

/** Starts a server that answers with `answer`. */
export async function serve(answer: RequestListener): Promise<TestServer> {
	const requests: string[] = [];
	const server = createServer((request, response) => {
		requests.push(request.url ?? '');
		answer(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
