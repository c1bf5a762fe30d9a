import { CpybuildError, type DiagnosticInit, diagnostic } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import type { Endpoint } from './endpoint.js';
import { SshFailure } from './ssh.js';

/** What an engine answers when it does not do what it is asked for. */
export interface Refusal {
	readonly status: number;
	/** The engine's own words. */
	readonly message: string;
}

/** An engine that has been waited for in vain. */
export class TimedOut extends Error {}

/** Reads an error of the client library as an answer of the engine; `undefined` when there was none. */
export function refusalOf(error: unknown): Refusal | undefined {
	const { statusCode, json, message } = error as {
		readonly statusCode?: unknown;
		readonly json?: { readonly message?: unknown } | null;
		readonly message?: unknown;
	};
	if (typeof statusCode !== 'number') return undefined;
	const words = typeof json?.message === 'string' ? json.message : wordsOf(String(message));
	return { status: statusCode, message: words.trim() };
}

/** What the engine said, of what the library makes of it: `(HTTP code 500) server error - …`. */
function wordsOf(message: string): string {
	return message.replace(/^\(HTTP code \d+\) .*? - /, '');
}

/**
 * Asks an engine for something. A request whose signal is aborted is not waited for.
 * @throws CpybuildError `build/interrupted` when the signal ended it, else one that says what is wrong with the engine.
 */
export async function ask<T>(
	endpoint: Endpoint,
	signal: AbortSignal | undefined,
	request: () => Promise<T>,
): Promise<T> {
	throwIfInterrupted(signal);
	try {
		return await untilAborted(request(), signal);
	} catch (error) {
		throwIfInterrupted(signal);
		if (error instanceof CpybuildError) throw error;
		throw new CpybuildError(diagnostic(engineProblem(error, endpoint)), { cause: error });
	}
}

/**
 * What an engine sends, as it comes. Only its own failures are told as such, not those of who reads.
 * @throws CpybuildError as `ask` does.
 */
export async function* received(
	endpoint: Endpoint,
	signal: AbortSignal | undefined,
	chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
	try {
		yield* chunks;
	} catch (error) {
		await ask(endpoint, signal, () => Promise.reject(error));
	}
}

/** Settles as a promise does, or fails when the signal is aborted first. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return promise;
	let stop = () => {};
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(signal.reason);
		signal.addEventListener('abort', stop, { once: true });
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}

/** Says what is wrong when an engine cannot be asked, or refuses. */
export function engineProblem(error: unknown, endpoint: Endpoint): DiagnosticInit {
	const refusal = refusalOf(error);
	if (refusal) return refusalProblem(refusal, endpoint);
	if (error instanceof SshFailure) return sshProblem(error, endpoint);
	const { code = '', message } = error as NodeJS.ErrnoException;
	const place = `the container engine at "${endpoint.url}"`;
	if (error instanceof TimedOut) {
		return {
			code: 'toolchain/engine-timeout',
			message: `${place} does not answer: ${message}`,
			hint: 'try "docker version" with the same settings; an engine that hangs has to be started again',
		};
	}
	if (code === 'EACCES' || code === 'EPERM') return permissionProblem(endpoint);
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
		return {
			code: 'toolchain/engine-name',
			message: `${place} is on a machine whose name is not known here`,
			hint: `correct ${endpoint.origin}, or look whether the network and its names work`,
		};
	}
	const absence = ABSENCES[code];
	if (absence !== undefined) {
		return {
			code: 'toolchain/engine-unreachable',
			message: `${place} is not running: ${absence}`,
			hint: startHint(endpoint),
		};
	}
	if (TLS_CODES.test(code)) return tlsProblem(endpoint, tlsWords(code, message));
	if (code.startsWith('HPE_')) return strangeProblem(endpoint, 'it does not speak HTTP');
	return {
		code: 'toolchain/engine-lost',
		message: `the connection to ${place} broke off`,
		...(message !== '' && { details: [message] }),
		hint: 'run the build again, and look whether the engine is running',
	};
}

/** How it shows that nothing listens, by the system's word for it. */
const ABSENCES: Readonly<Record<string, string>> = {
	ENOENT: 'there is no such socket',
	ECONNREFUSED: 'nothing listens there',
	EHOSTUNREACH: 'no way leads to that machine',
	ENETUNREACH: 'no way leads to that network',
	EHOSTDOWN: 'that machine is down',
	ENOTSOCK: 'that is no socket',
	ETIMEDOUT: 'that machine does not answer',
};

function startHint({ way, origin }: Endpoint): string {
	const start =
		way.kind === 'unix'
			? 'start it: "sudo systemctl start docker", "systemctl --user start podman.socket", or Docker Desktop'
			: 'start it there';
	return origin === 'its usual place' ? start : `${start}; or correct ${origin}`;
}

function permissionProblem({ url, way }: Endpoint): DiagnosticInit {
	const hint =
		way.kind === 'unix'
			? 'join its group ("sudo usermod -aG docker $USER", then log in again), or use a rootless engine'
			: 'look at the rules of the network';
	return { code: 'toolchain/engine-permission', message: `you may not use the container engine at "${url}"`, hint };
}

/** Node's words for certificates that are not accepted, and OpenSSL's for all else (nodejs.org, "TLS errors"). */
const TLS_CODES =
	/^(ERR_TLS|ERR_SSL|ERR_OSSL|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH)/;

/** OpenSSL's words differ between versions, and tell its own files and lines. */
function tlsWords(code: string, message: string): string {
	if (/^ERR_OSSL_(PEM|ASN1)/.test(code)) return 'one of the files for it holds no certificate or key';
	if (/wrong version number|packet length too long|record layer failure/i.test(message))
		return 'the other side speaks none';
	if (/alert/.test(message)) return 'the other side wants a certificate that it knows';
	return message.trim();
}

function tlsProblem({ url }: Endpoint, words: string): DiagnosticInit {
	return {
		code: 'toolchain/engine-tls',
		message: `no secure connection to the container engine at "${url}": ${words}`,
		hint: 'check DOCKER_TLS_VERIFY, the port, and ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH or the Docker context',
	};
}

function sshProblem({ message, words }: SshFailure, { url, origin }: Endpoint): DiagnosticInit {
	const details = words.filter((line) => line !== '');
	return {
		code: 'toolchain/engine-ssh',
		message: `no connection to the container engine at "${url}": ${message}`,
		...(details.length > 0 && { details }),
		hint: `try "ssh" to that machine: it needs a key, an accepted host, and the program "docker"; or correct ${origin}`,
	};
}

/** Says that something else answers than an engine that cpybuild can use. */
export function strangeProblem({ url, origin }: Endpoint, why: string): DiagnosticInit {
	return {
		code: 'toolchain/engine-unknown',
		message: `"${url}" is no engine for Linux containers: ${why}`,
		hint: `correct ${origin}`,
	};
}

function refusalProblem({ status, message }: Refusal, endpoint: Endpoint): DiagnosticInit {
	// Go's server says so to those who come without TLS.
	if (status === 400 && /HTTP request to an HTTPS server/.test(message)) {
		return tlsProblem(endpoint, 'it wants TLS, and nothing says so here');
	}
	if (saysFull(message)) return fullProblem('the disk of the container engine is full', [message]);
	return {
		code: 'toolchain/engine-refused',
		message: `the container engine at "${endpoint.url}" refuses: ${message === '' ? `HTTP ${status}` : message}`,
		hint: 'the log of the engine may say more',
	};
}

/** Whether an engine's words are about a disk without room. */
export function saysFull(words: string): boolean {
	return /no space left on device|disk quota exceeded/i.test(words);
}

/** Says that the engine's disk has no room for something. */
export function fullProblem(message: string, details: readonly string[]): DiagnosticInit {
	return {
		code: 'toolchain/container-full',
		message,
		details,
		hint: 'make room where the engine keeps images and containers: "docker system df" shows what is there',
	};
}
