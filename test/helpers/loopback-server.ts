import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A request that a server of a test has got. */
export interface Asked {
	/** Method and path: `GET /ac/…`. */
	readonly line: string;
	readonly authorization: string | undefined;
	readonly body: string;
}

/** An HTTP server of a test on this machine. */
export interface LoopbackServer {
	/** Its root, with a slash at the end. */
	readonly url: string;
	readonly asked: readonly Asked[];
}

/** Answers one request; `count` says how many came before it. */
export type Answering = (response: ServerResponse, request: IncomingMessage, count: number) => void;

/** Starts a server that answers as a test wants it, truthfully or not. It ends with the test. */
export async function serve(answer: Answering): Promise<LoopbackServer> {
	const asked: Asked[] = [];
	const server = createServer(async (request, response) => {
		const body = await text(request).catch(() => '');
		const line = `${request.method} ${request.url}`;
		asked.push({ line, authorization: request.headers.authorization, body });
		answer(response, request, asked.length - 1);
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
