import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request that a server of a test has got. */
export interface Asked {
	/** Method and path: `GET /ac/…`. */
	readonly line: string;
	readonly authorization: string | undefined;
}

/** An HTTP server of a test on this machine. */
export interface LoopbackServer {
	/** Its root, with a slash at the end. */
	readonly url: string;
	readonly asked: readonly Asked[];
}

/** Answers one request, whose body is there; `count` says how many came before it. */
export type Answering = (response: ServerResponse, request: IncomingMessage, count: number, body: Buffer) => void;

/** Starts a server that answers as a test wants it, truthfully or not. It ends with the test. */
export async function serve(answer: Answering): Promise<LoopbackServer> {
	const asked: Asked[] = [];
	const server = createServer(async (request, response) => {
		const count = asked.length;
		asked.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
		answer(response, request, count, await buffer(request));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

/** A URL where nothing listens. */
export async function deadUrl(): Promise<string> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return `http://127.0.0.1:${port}/`;
}
