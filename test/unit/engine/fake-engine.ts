import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import type { Endpoint } from '../../../src/engine/endpoint.js';

/** What Docker answers to those who ask what it is, as far as cpybuild reads it. */
export const DOCKER = {
	version: {
		ApiVersion: '1.41',
		MinAPIVersion: '1.12',
		Os: 'linux',
		Arch: 'amd64',
		Version: '20.10.24',
		Components: [{ Name: 'Engine' }],
	},
	info: { NCPU: 4, SecurityOptions: ['name=seccomp,profile=default'] },
};

/** The endpoint of a socket. */
export function unixEndpoint(path: string): Endpoint {
	return { way: { kind: 'unix', path }, url: `unix://${path}`, origin: 'DOCKER_HOST' };
}

/** Something that listens on a socket as an engine would, for as long as `use` takes. */
export async function withServer<T>(answer: RequestListener, use: (endpoint: Endpoint) => Promise<T>): Promise<T> {
	const folder = mkdtempSync(join(tmpdir(), 'engine-'));
	const path = join(folder, 'docker.sock');
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(path, resolve));
	try {
		return await use(unixEndpoint(path));
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		rmSync(folder, { recursive: true });
	}
}

/** Answers as an engine that is this, and to all else with `rest`. */
export function engineThatIs(
	engine: { readonly version: object; readonly info: object },
	rest?: RequestListener,
): RequestListener {
	return (request, response) => {
		const name = /^(?:\/v[\d.]+)?\/(version|info)$/.exec(request.url ?? '')?.[1];
		if (name === 'version' || name === 'info') {
			response.setHeader('content-type', 'application/json').end(JSON.stringify(engine[name]));
		} else rest?.(request, response);
	};
}

/** The problem that something ends with, the endpoint's address in it replaced. */
export async function problemOf(work: Promise<unknown>, url = ''): Promise<unknown> {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.map(({ severity: _, ...rest }) =>
			JSON.parse(JSON.stringify(rest).replaceAll(url || '\0', 'URL')),
		)[0];
	}
}
