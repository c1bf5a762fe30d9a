import { createConnection, createServer, type Socket } from 'node:net';

/** A socket that tells whoever connects who holds a lock, for as long as its process lives. */
export interface HolderSocket {
	/** Lets everyone who is connected go, and removes the socket's file. */
	close(): void;
}

/**
 * Listens on a Unix domain socket. It does not keep its process alive, and children do not inherit it: the kernel
 * closes it, and with it every connection, at the moment in which the process ends in whatever way.
 */
export async function listenAsHolder(path: string, holder: string): Promise<HolderSocket> {
	const connections = new Set<Socket>();
	const server = createServer((connection) => {
		connections.add(connection);
		connection.unref();
		connection.on('error', () => {});
		connection.on('close', () => connections.delete(connection));
		connection.write(`${holder}\n`);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen({ path, exclusive: true }, resolve);
	});
	server.on('error', () => {});
	server.unref();
	return {
		close: () => {
			server.close();
			for (const connection of connections) connection.destroy();
		},
	};
}

/** What connecting gives when nobody listens any more; the last one when that happens while one is connecting. */
const HAS_ENDED: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET']);

/** Connects to a holder's socket; `undefined` when its process has ended or has closed it. */
export function connectToHolder(path: string): Promise<Socket | undefined> {
	return new Promise((resolve, reject) => {
		const socket = createConnection(path);
		socket.once('connect', () => resolve(socket));
		socket.on('error', (error: NodeJS.ErrnoException) => {
			if (HAS_ENDED.has(error.code)) resolve(undefined);
			else reject(error);
		});
	});
}

/** Returns when the holder's side of a connection ends, or when the signal ends the waiting. */
export function holderEnds(socket: Socket, onName: (holder: string) => void, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		let said = '';
		const stop = () => socket.destroy();
		socket.setEncoding('utf8');
		socket.on('data', (text: string) => {
			const isTold = said.includes('\n');
			said += text;
			if (!isTold && said.includes('\n')) onName(said.slice(0, said.indexOf('\n')));
		});
		socket.once('close', () => {
			signal?.removeEventListener('abort', stop);
			resolve();
		});
		signal?.addEventListener('abort', stop, { once: true });
		if (signal?.aborted) stop();
	});
}
