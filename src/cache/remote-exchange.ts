import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { RemoteLimits } from './remote-limits.js';

/** What is asked of a server. */
export interface RemoteRequest {
	readonly method: 'GET' | 'HEAD' | 'PUT';
	readonly url: URL;
	readonly authorization: string | undefined;
	readonly body?: RemoteBody;
	readonly signal: AbortSignal | undefined;
}

/** What a request sends. */
export interface RemoteBody {
	readonly bytes: number;
	/** Begins anew for every attempt. */
	readonly read: () => AsyncIterable<Uint8Array>;
}

/** What a server answers; to be closed. */
export interface RemoteAnswer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	/** The body as it comes; the server decides how much that is. */
	read(): AsyncIterable<Uint8Array>;
	close(): Promise<void>;
}

/** A server that is not worth another attempt: it has been waited for, or it sends its clients around. */
export class Hopeless extends Error {}

/** A connection that ended in the middle of an answer. */
export class BrokenOff extends Error {}

const MOST_REDIRECTS = 5;

/** A body up to this size is read to its end, so that the connection serves the next request. */
const SHORT_BODY = 65_536;

/**
 * Sends a request and follows redirects, without credentials from where they lead to another origin.
 * @throws When there is no answer; `Hopeless` when another attempt would be no better.
 */
export async function exchange(request: RemoteRequest, limits: RemoteLimits): Promise<RemoteAnswer> {
	let { url, authorization } = request;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		const answer = await exchangeOnce({ ...request, url, authorization }, limits);
		const next = redirectOf(answer, request.method, url);
		if (!next) return answer;
		await answer.close();
		if (next.origin !== url.origin) authorization = undefined;
		url = next;
	}
	throw new Hopeless(`more than ${MOST_REDIRECTS} redirects`);
}

/** Where an answer leads to. What arrived over TLS is not continued without. */
function redirectOf(
	{ status, headers: { location } }: RemoteAnswer,
	method: RemoteRequest['method'],
	url: URL,
): URL | undefined {
	const keepsMethod = status === 307 || status === 308;
	const redirects = keepsMethod || (method !== 'PUT' && (status === 301 || status === 302 || status === 303));
	if (!redirects || location === undefined || !URL.canParse(location, url.href)) return undefined;
	const next = new URL(location, url);
	return next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:') ? next : undefined;
}

/** Loads the client that a URL needs: the one for TLS is large. */
async function clientFor({ protocol }: URL): Promise<(url: URL, options: RequestOptions) => ClientRequest> {
	return protocol === 'https:' ? (await import('node:https')).request : (await import('node:http')).request;
}

async function exchangeOnce(request: RemoteRequest, limits: RemoteLimits): Promise<RemoteAnswer> {
	const { method, url, authorization, body, signal } = request;
	const open = await clientFor(url);
	return new Promise((resolve, reject) => {
		const sent = open(url, {
			method,
			headers: {
				'user-agent': 'cpybuild',
				// Hashes are over the bytes as they are stored.
				'accept-encoding': 'identity',
				...(authorization !== undefined && { authorization }),
				// Servers want to know how much is coming before they take it.
				...(body && { 'content-type': 'application/octet-stream', 'content-length': body.bytes }),
			},
			...(signal && { signal }),
		});
		const patience = startPatience();
		patience.onEnd((error) => sent.destroy(error));
		patience.expect('connection', limits.connectMs);
		whenConnected(sent, url, () => patience.expect('answer', limits.answerMs));
		sent.on('response', (response) => {
			patience.onEnd((error) => response.destroy(error));
			resolve(answerOf(sent, response, patience, limits));
		});
		sent.on('error', reject);
		sent.on('close', patience.end);
		if (body) send(body, sent, patience, limits);
		else sent.end();
	});
}

function whenConnected(sent: ClientRequest, url: URL, then: () => void): void {
	sent.once('socket', (socket) => {
		if (socket.connecting) socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', then);
		else then();
	});
}

/** Sends a body; a failure shows as one of the request. */
function send(body: RemoteBody, sent: ClientRequest, patience: Patience, limits: RemoteLimits): void {
	const paced = async function* () {
		yield* inTime(body.read(), patience, limits);
		patience.expect('answer', limits.answerMs);
	};
	pipeline(paced, sent).catch((error: Error) => sent.destroy(error));
}

function answerOf(
	sent: ClientRequest,
	response: IncomingMessage,
	patience: Patience,
	limits: RemoteLimits,
): RemoteAnswer {
	const { statusCode: status = 0, headers } = response;
	patience.expect('data', limits.idleMs);
	const read = async function* () {
		try {
			yield* inTime(response, patience, limits);
		} catch (error) {
			throw error instanceof Hopeless ? error : new BrokenOff('breaks off in the middle', { cause: error });
		}
	};
	const finish = async () => {
		// Who answers before the whole request is there does not want the rest.
		if (!sent.writableFinished || Number(headers['content-length']) > SHORT_BODY) return;
		let bytes = 0;
		for await (const chunk of read()) {
			bytes += chunk.length;
			if (bytes > SHORT_BODY) return;
		}
	};
	return {
		status,
		headers,
		read,
		close: async () => {
			// What is read here interests nobody, so neither does a failure.
			if (!response.readableEnded) await finish().catch(() => {});
			if (!response.readableEnded) sent.destroy();
		},
	};
}

/** Passes a body on for as long as its pieces come without long gaps, and fast enough together. */
async function* inTime(
	chunks: AsyncIterable<Uint8Array>,
	patience: Patience,
	limits: RemoteLimits,
): AsyncGenerator<Uint8Array> {
	const start = performance.now();
	let bytes = 0;
	for await (const chunk of chunks) {
		bytes += chunk.length;
		const allowedMs = limits.idleMs + (bytes / limits.bytesPerSecond) * 1000;
		if (performance.now() - start > allowedMs) {
			throw new Hopeless(`slower than ${limits.bytesPerSecond} bytes per second`);
		}
		patience.expect('data', limits.idleMs);
		yield chunk;
	}
}

/** Ends an exchange in which nothing happens. */
interface Patience {
	/** Begins to wait for the next thing that has to happen. */
	expect(what: string, ms: number): void;
	/** Says what is to be told when it does not; the last one counts. */
	onEnd(giveUp: (error: Hopeless) => void): void;
	readonly end: () => void;
}

function startPatience(): Patience {
	let timer: NodeJS.Timeout | undefined;
	let giveUp: (error: Hopeless) => void = () => {};
	const end = () => clearTimeout(timer);
	return {
		end,
		onEnd: (next) => {
			giveUp = next;
		},
		expect: (what, ms) => {
			end();
			timer = setTimeout(() => giveUp(new Hopeless(`no ${what} within ${ms / 1000} s`)), ms);
		},
	};
}
