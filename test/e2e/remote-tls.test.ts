import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { createServer, globalAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { encodeActionResult } from '../../src/cache/action-result.js';
import { type Key, keyOf, sha256 } from '../../src/cache/key.js';
import { openRemote } from '../../src/cache/remote.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { serve } from '../helpers/loopback-server.js';

const KEY: Key = keyOf('step', {}, {});
const BLOB = { sha256: sha256('blob'), bytes: 4 };

let key: Buffer;
let certificate: Buffer;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-tls-'));
	const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
	const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'certificate')];
	await execa('openssl', [
		'req',
		'-x509',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		...names,
		...files,
	]);
	[key, certificate] = [readFileSync(join(folder, 'key')), readFileSync(join(folder, 'certificate'))];
	await rm(folder, { recursive: true });
});

/** Starts a server that speaks TLS with a certificate that nobody has signed. */
async function serveSecurely(answer: RequestListener): Promise<string> {
	const server = createServer({ key, cert: certificate }, answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Lets this process trust the certificate, as NODE_EXTRA_CA_CERTS does from its start. */
function trust(): void {
	globalAgent.options.ca = certificate;
	onTestFinished(() => {
		globalAgent.options.ca = undefined;
	});
}

async function find(url: string) {
	const warnings: Diagnostic[] = [];
	const remote = openRemote({ url, mode: 'read', authorization: 'Bearer secret' }, (warning) => warnings.push(warning));
	return { blob: await remote.find(KEY), warnings };
}

test('a server with a certificate that is trusted is asked', async () => {
	trust();
	const url = await serveSecurely((_, response) => response.end(encodeActionResult(BLOB)));
	expect(await find(url)).toEqual({ blob: BLOB, warnings: [] });
});

test('a server with a certificate that nobody knows gets no request', async () => {
	let requests = 0;
	const url = await serveSecurely(() => requests++);
	const { blob, warnings } = await find(url);
	expect(blob).toBeUndefined();
	expect(warnings.map(({ code, details }) => ({ code, details }))).toEqual([
		{ code: 'cache/remote-unreachable', details: ['self-signed certificate'] },
	]);
	expect(requests).toBe(0);
});

test('a redirect from TLS to none is not followed', async () => {
	trust();
	const plain = await serve((response) => response.end(encodeActionResult(BLOB)));
	const url = await serveSecurely((_, response) => response.writeHead(302, { location: plain.url }).end());
	const { blob, warnings } = await find(url);
	expect(blob).toBeUndefined();
	expect(warnings.map(({ message }) => message)).toEqual([`the remote cache "${url}" gives no entries (HTTP 302)`]);
	expect(plain.asked).toEqual([]);
});
