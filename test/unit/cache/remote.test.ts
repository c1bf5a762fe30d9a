import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeActionResult } from '../../../src/cache/action-result.js';
import { type Key, keyOf } from '../../../src/cache/key.js';
import { openRemote, type RemoteCache } from '../../../src/cache/remote.js';
import { REMOTE_LIMITS, type RemoteLimits } from '../../../src/cache/remote-limits.js';
import type { RemoteSettings } from '../../../src/cache/remote-settings.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { type Answering, deadUrl, serve } from '../../helpers/loopback-server.js';

const KEY: Key = keyOf('step', {}, {});
const CONTENT = Buffer.from('the bytes of a blob');
const BLOB = { sha256: createHash('sha256').update(CONTENT).digest('hex'), bytes: CONTENT.length };
const AC = `ac/${KEY}`;
const CAS = `cas/${BLOB.sha256}`;

/** Limits of servers that answer at once; tests that wait for a time-out shorten the one that they mean. */
const QUICK: RemoteLimits = { ...REMOTE_LIMITS, pauseMs: 1 };

interface Opened {
	readonly remote: RemoteCache;
	readonly warnings: readonly Diagnostic[];
	/** A path for downloads that does not exist yet. */
	readonly target: string;
	/** A file that holds the blob. */
	readonly source: string;
}

function open(url: string, settings: Partial<RemoteSettings> = {}, limits: Partial<RemoteLimits> = {}): Opened {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-remote-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const source = join(folder, 'source');
	writeFileSync(source, CONTENT);
	const warnings: Diagnostic[] = [];
	const all = { url, mode: 'read-write', authorization: undefined, ...settings } as const;
	const remote = openRemote(all, (warning) => warnings.push(warning), { ...QUICK, ...limits });
	return { remote, warnings, target: join(folder, 'target'), source };
}

const give = (response: ServerResponse, status: number, body: string | Uint8Array = '', headers = {}): void => {
	response.writeHead(status, { 'content-length': body.length, ...headers }).end(body);
};

/** Keeps what it gets, as every server should. */
function keeping(files: Map<string, Uint8Array> = new Map()): Answering {
	return (response, { method, url = '' }, _count, body) => {
		const file = files.get(url);
		if (method === 'PUT') files.set(url, body);
		if (method === 'PUT') give(response, 201);
		else if (!file) give(response, 404, 'not here');
		else if (method === 'HEAD') response.writeHead(200, { 'content-length': file.length }).end();
		else give(response, 200, file);
	};
}

const unreachable = (url: string, reason: string) => ({
	code: 'cache/remote-unreachable',
	severity: 'warning',
	message: `the remote cache "${url}" cannot be reached`,
	details: [reason],
	hint: 'the build goes on without it; check the URL and the server',
});

const damaged = (url: string, evidence: string) => ({
	code: 'cache/remote-damaged',
	severity: 'warning',
	message: `the remote cache "${url}" sent something else than it was asked for`,
	details: [evidence],
	hint: 'nothing of it was used; a build that may write sends the right bytes again',
});

const refused = (url: string, what: string, hint: string) => ({
	code: 'cache/remote-refused',
	severity: 'warning',
	message: `the remote cache "${url}" ${what}`,
	hint,
});

describe('a server that works', () => {
	test('gives back what it got', async () => {
		const server = await serve(keeping());
		const { remote, warnings, target, source } = open(`${server.url}team/`);
		expect(await remote.find(KEY)).toBeUndefined();
		await remote.upload(KEY, BLOB, source);
		expect(await remote.find(KEY)).toEqual(BLOB);
		expect(await remote.download(BLOB, target)).toBe(true);
		expect(readFileSync(target)).toEqual(CONTENT);
		expect(warnings).toEqual([]);
		// The blob is there before an entry speaks of it.
		expect(server.asked.map(({ line }) => line)).toEqual([
			`GET /team/${AC}`,
			`HEAD /team/${CAS}`,
			`PUT /team/${CAS}`,
			`PUT /team/${AC}`,
			`GET /team/${AC}`,
			`GET /team/${CAS}`,
		]);
	});

	test('is not sent a blob that it has', async () => {
		const server = await serve(keeping(new Map([[`/${CAS}`, CONTENT]])));
		const { remote, source } = open(server.url);
		await remote.upload(KEY, BLOB, source);
		expect(server.asked.map(({ line }) => line)).toEqual([`HEAD /${CAS}`, `PUT /${AC}`]);
	});

	test('is sent a blob again when what it has is of another size', async () => {
		const server = await serve(keeping(new Map([[`/${CAS}`, CONTENT.subarray(1)]])));
		const { remote, source } = open(server.url);
		await remote.upload(KEY, BLOB, source);
		expect(server.asked.map(({ line }) => line)).toEqual([`HEAD /${CAS}`, `PUT /${CAS}`, `PUT /${AC}`]);
	});

	test('is sent nothing of a file that has changed or is gone', async () => {
		const server = await serve(keeping());
		const { remote, source, target, warnings } = open(server.url);
		writeFileSync(source, 'shorter');
		await remote.upload(KEY, BLOB, source);
		await remote.upload(KEY, BLOB, target);
		expect(server.asked).toEqual([]);
		expect(warnings).toEqual([]);
	});

	test('is sent nothing when the mode is "read"', async () => {
		const server = await serve(keeping());
		const { remote, source } = open(server.url, { mode: 'read' });
		expect(remote.writable).toBe(false);
		await remote.upload(KEY, BLOB, source);
		expect(server.asked).toEqual([]);
	});

	test('may have lost a blob of which an entry speaks', async () => {
		const server = await serve(keeping(new Map([[`/${AC}`, encodeActionResult(BLOB)]])));
		const { remote, warnings, target } = open(server.url);
		expect(await remote.find(KEY)).toEqual(BLOB);
		expect(await remote.download(BLOB, target)).toBe(false);
		expect(existsSync(target)).toBe(false);
		expect(warnings).toEqual([]);
	});

	test('gets the credentials with every request', async () => {
		const server = await serve(keeping());
		const { remote, source } = open(server.url, { authorization: 'Bearer secret' });
		await remote.upload(KEY, BLOB, source);
		expect(server.asked.map(({ authorization }) => authorization)).toEqual(Array(3).fill('Bearer secret'));
	});
});

describe('a server that cannot be reached', () => {
	test('is reported once, and not asked again', async () => {
		const url = await deadUrl();
		const { remote, warnings, target, source } = open(url);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(remote.writable).toBe(false);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(await remote.download(BLOB, target)).toBe(false);
		await remote.upload(KEY, BLOB, source);
		expect(warnings).toEqual([unreachable(url, `connect ECONNREFUSED ${new URL(url).host}`)]);
	});

	test('may have been overloaded for a moment', async () => {
		const server = await serve((response, _request, count) => {
			if (count === 0) give(response, 503, 'busy', { 'retry-after': '0' });
			else if (count === 1) response.destroy();
			else give(response, 200, encodeActionResult(BLOB));
		});
		const { remote, warnings } = open(server.url);
		expect(await remote.find(KEY)).toEqual(BLOB);
		expect(warnings).toEqual([]);
		expect(server.asked).toHaveLength(3);
	});

	test.each([429, 500, 502, 503, 504])('is one that answers %i each time', async (status) => {
		const server = await serve((response) => give(response, status));
		const { remote, warnings, source } = open(server.url);
		expect(await remote.find(KEY)).toBeUndefined();
		await remote.upload(KEY, BLOB, source);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([unreachable(server.url, `HTTP ${status}`)]);
		expect(server.asked).toHaveLength(QUICK.attempts);
	});

	test.each([
		['seconds', '3600'],
		['a date', new Date(Date.now() + 3_600_000).toUTCString()],
	])('is one that wants to be left alone for too long, told in %s', async (_, value) => {
		const server = await serve((response) => give(response, 503, '', { 'retry-after': value }));
		const { remote, warnings } = open(server.url);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([unreachable(server.url, 'HTTP 503')]);
		expect(server.asked).toHaveLength(1);
	});

	test('is one that never answers', async () => {
		const server = await serve(() => {});
		const { remote, warnings } = open(server.url, {}, { answerMs: 30 });
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([unreachable(server.url, 'no answer within 0.03 s')]);
		expect(server.asked).toHaveLength(1);
	});

	test('is one that does not come to terms about TLS', async () => {
		const port = await listenSilently();
		const url = `https://127.0.0.1:${port}/`;
		const { remote, warnings } = open(url, {}, { connectMs: 30 });
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([unreachable(url, 'no connection within 0.03 s')]);
	});

	test('is one that stops in the middle', async () => {
		const server = await serve((response) => {
			response.writeHead(200, { 'content-length': BLOB.bytes }).write(CONTENT.subarray(0, 5));
		});
		const { remote, warnings, target } = open(server.url, {}, { idleMs: 30 });
		expect(await remote.download(BLOB, target)).toBe(false);
		expect(existsSync(target)).toBe(false);
		expect(warnings).toEqual([unreachable(server.url, 'no data within 0.03 s')]);
	});

	test('is one that drips', async () => {
		const server = await serve((response) => {
			response.writeHead(200);
			const drip = () => response.write('.', () => setImmediate(drip));
			drip();
		});
		const { remote, warnings } = open(server.url, {}, { idleMs: 30, bytesPerSecond: 1e9 });
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([unreachable(server.url, 'slower than 1000000000 bytes per second')]);
	});

	test('is one that does not take a blob', async () => {
		const server = await serve((response, { method }) => {
			if (method === 'HEAD') give(response, 404);
			else response.destroy();
		});
		const { remote, warnings, source } = open(server.url);
		await remote.upload(KEY, BLOB, source);
		expect(remote.writable).toBe(false);
		expect(warnings).toEqual([unreachable(server.url, 'the server closed the connection')]);
		expect(server.asked.map(({ line }) => line)).toEqual([`HEAD /${CAS}`, ...Array(3).fill(`PUT /${CAS}`)]);
	});

	test('is one that does not speak HTTP', async () => {
		const server = await serve((response) => response.socket?.end('220 mail.example.com ESMTP\r\n'));
		const { remote, warnings } = open(server.url);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings.map(({ code }) => code)).toEqual(['cache/remote-unreachable']);
	});
});

describe('a server that refuses', () => {
	const anonymous = 'set CPYBUILD_REMOTE_CACHE_TOKEN, or CPYBUILD_REMOTE_CACHE_USER and CPYBUILD_REMOTE_CACHE_PASSWORD';

	test.each([
		[401, undefined, anonymous],
		[403, 'Bearer secret', 'check the credentials in the environment variables CPYBUILD_REMOTE_CACHE_…'],
		[405, 'Bearer secret', 'check that the URL is the root of a Bazel HTTP cache'],
		[302, 'Bearer secret', 'check that the URL is the root of a Bazel HTTP cache'],
	])('to let read (%i) is not asked again', async (status, authorization, hint) => {
		const server = await serve((response) => give(response, status, 'go away'));
		const { remote, warnings, target } = open(server.url, { authorization, mode: 'read' });
		expect(await remote.find(KEY)).toBeUndefined();
		expect(await remote.find(KEY)).toBeUndefined();
		expect(await remote.download(BLOB, target)).toBe(false);
		expect(warnings).toEqual([refused(server.url, `gives no entries (HTTP ${status})`, hint)]);
		expect(server.asked).toHaveLength(1);
	});

	test.each([
		[401, undefined, anonymous],
		[403, 'Bearer secret', 'who may only read sets CPYBUILD_REMOTE_CACHE_MODE to "read"'],
		[405, undefined, 'check that the URL is the root of a Bazel HTTP cache'],
		[507, undefined, 'check that the URL is the root of a Bazel HTTP cache'],
	])('to let write (%i) is still read', async (status, authorization, hint) => {
		const server = await serve((response, { method }) => {
			if (method === 'GET') give(response, 200, encodeActionResult(BLOB));
			else give(response, method === 'PUT' ? status : 404);
		});
		const { remote, warnings, source } = open(server.url, { authorization });
		await remote.upload(KEY, BLOB, source);
		expect(remote.writable).toBe(false);
		await remote.upload(KEY, BLOB, source);
		expect(await remote.find(KEY)).toEqual(BLOB);
		expect(warnings).toEqual([refused(server.url, `takes no entries (HTTP ${status})`, hint)]);
		expect(server.asked.map(({ line }) => line)).toEqual([`HEAD /${CAS}`, `PUT /${CAS}`, `GET /${AC}`]);
	});

	test('one blob for its size is sent others', async () => {
		const server = await serve((response, { method }) => give(response, method === 'PUT' ? 413 : 404));
		const { remote, warnings, source } = open(server.url);
		await remote.upload(KEY, BLOB, source);
		expect(remote.writable).toBe(true);
		expect(warnings.map(({ message }) => message)).toEqual([
			`the remote cache "${server.url}" takes no entries (HTTP 413)`,
		]);
	});
});

describe('a server that lies', () => {
	test.each<[string, string | Uint8Array, string]>([
		['a page', '<!doctype html><title>Welcome</title>', 'not an ActionResult that cpybuild wrote'],
		['nothing', '', 'not an ActionResult that cpybuild wrote'],
		['far too much', Buffer.alloc(70_000), 'not an ActionResult that cpybuild wrote'],
		['a huge blob', encodeActionResult({ ...BLOB, bytes: 2 ** 50 }), `speaks of a blob of ${2 ** 50} bytes`],
	])('about an entry: %s', async (_, body, remark) => {
		const server = await serve((response) => give(response, 200, body));
		const { remote, warnings } = open(server.url);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([damaged(server.url, `${AC}: ${remark}`)]);
		expect(server.asked).toHaveLength(2);
	});

	test.each<[string, Answering, string]>([
		['too little', (response) => give(response, 200, 'the'), `3 bytes instead of ${BLOB.bytes} bytes`],
		['too much', (response) => give(response, 200, `${CONTENT}!`), `20 bytes instead of ${BLOB.bytes} bytes`],
		['a bit flip', (response) => give(response, 200, 'The bytes of a blob'), 'other bytes than its name promises'],
		[
			'too little without saying how much',
			(response) => response.write('the', () => response.end()),
			'3 bytes instead of 19 bytes',
		],
		['without an end', (response) => endless(response), 'more instead of 19 bytes'],
	])('about a blob: %s', async (_, answer, remark) => {
		const server = await serve(answer);
		const { remote, warnings, target } = open(server.url);
		expect(await remote.download(BLOB, target)).toBe(false);
		expect(existsSync(target)).toBe(false);
		expect(warnings).toEqual([damaged(server.url, `${CAS}: ${remark}`)]);
		expect(server.asked).toHaveLength(1);
	});

	test('about a blob: breaks off each time', async () => {
		const server = await serve((response) => {
			response.writeHead(200, { 'content-length': BLOB.bytes }).write(CONTENT.subarray(0, 5), () => response.destroy());
		});
		const { remote, warnings, target } = open(server.url);
		expect(await remote.download(BLOB, target)).toBe(false);
		expect(existsSync(target)).toBe(false);
		expect(remote.writable).toBe(true);
		expect(warnings).toEqual([damaged(server.url, `${CAS}: breaks off in the middle`)]);
		expect(server.asked).toHaveLength(QUICK.attempts);
	});

	test('about an entry, without an end', async () => {
		const server = await serve((response) => endless(response));
		const { remote, warnings } = open(server.url);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([damaged(server.url, `${AC}: not an ActionResult that cpybuild wrote`)]);
	});

	test('gets the right bytes from whoever has made them', async () => {
		const files = new Map<string, Uint8Array>([[`/${CAS}`, Buffer.from('The bytes of a blob')]]);
		const server = await serve(keeping(files));
		const { remote, source, target } = open(server.url);
		expect(await remote.download(BLOB, target)).toBe(false);
		await remote.upload(KEY, BLOB, source);
		expect(await remote.download(BLOB, target)).toBe(true);
		expect(server.asked.map(({ line }) => line)).toEqual([`GET /${CAS}`, `PUT /${CAS}`, `PUT /${AC}`, `GET /${CAS}`]);
	});
});

describe('redirects', () => {
	test.each([301, 302, 303, 307, 308])(
		'%i leads to another place of the same server, with credentials',
		async (status) => {
			const server = await serve((response, { url }) => {
				if (url === `/${AC}`) give(response, status, 'elsewhere', { location: `/moved/${AC}` });
				else give(response, 200, encodeActionResult(BLOB));
			});
			const { remote } = open(server.url, { authorization: 'Bearer secret' });
			expect(await remote.find(KEY)).toEqual(BLOB);
			expect(server.asked.map(({ line, authorization }) => [line, authorization])).toEqual([
				[`GET /${AC}`, 'Bearer secret'],
				[`GET /moved/${AC}`, 'Bearer secret'],
			]);
		},
	);

	test('to another origin and back go without credentials', async () => {
		const other = await serve((response) => give(response, 302, '', { location: `${home.url}back` }));
		const home = await serve((response, { url }) => {
			if (url === '/back') give(response, 200, encodeActionResult(BLOB));
			else give(response, 302, '', { location: other.url });
		});
		const { remote } = open(home.url, { authorization: 'Bearer secret' });
		expect(await remote.find(KEY)).toEqual(BLOB);
		expect(other.asked.map(({ authorization }) => authorization)).toEqual([undefined]);
		expect(home.asked.map(({ authorization }) => authorization)).toEqual(['Bearer secret', undefined]);
	});

	test('take the body along', async () => {
		const files = new Map<string, Uint8Array>();
		const other = await serve(keeping(files));
		const server = await serve((response, { url = '' }) =>
			give(response, 307, '', { location: `${other.url}s3${url}` }),
		);
		const { remote, source, warnings } = open(server.url);
		await remote.upload(KEY, BLOB, source);
		expect(warnings).toEqual([]);
		expect(files).toEqual(
			new Map<string, Uint8Array>([
				[`/s3/${CAS}`, CONTENT],
				[`/s3/${AC}`, Buffer.from(encodeActionResult(BLOB))],
			]),
		);
	});

	test('that would turn sending into reading are not followed', async () => {
		const server = await serve((response, { method }) => {
			if (method === 'PUT') give(response, 302, '', { location: '/login' });
			else give(response, 404);
		});
		const { remote, source, warnings } = open(server.url);
		await remote.upload(KEY, BLOB, source);
		expect(server.asked.map(({ line }) => line)).toEqual([`HEAD /${CAS}`, `PUT /${CAS}`]);
		expect(warnings.map(({ message }) => message)).toEqual([
			`the remote cache "${server.url}" takes no entries (HTTP 302)`,
		]);
	});

	test.each(['file:///etc/passwd', 'ftp://cache.example.com/', 'http://[broken/'])(
		'to %s are not followed',
		async (location) => {
			const server = await serve((response) => give(response, 302, '', { location }));
			const { remote, warnings } = open(server.url);
			expect(await remote.find(KEY)).toBeUndefined();
			expect(warnings.map(({ message }) => message)).toEqual([
				`the remote cache "${server.url}" gives no entries (HTTP 302)`,
			]);
		},
	);

	test('in a circle end', async () => {
		const server = await serve((response) => give(response, 302, '', { location: '/again' }));
		const { remote, warnings } = open(server.url);
		expect(await remote.find(KEY)).toBeUndefined();
		expect(warnings).toEqual([unreachable(server.url, 'more than 5 redirects')]);
		expect(server.asked).toHaveLength(6);
	});
});

describe('an abort', () => {
	const interrupted = { name: 'CpybuildError', message: 'build/interrupted: the build was interrupted' };

	test('ends what waits for an answer, without a warning', async () => {
		const abort = new AbortController();
		const server = await serve(() => abort.abort());
		const { remote, warnings } = open(server.url);
		await expect(remote.find(KEY, abort.signal)).rejects.toMatchObject(interrupted);
		expect(warnings).toEqual([]);
	});

	test('ends a download, and leaves no file', async () => {
		const abort = new AbortController();
		const server = await serve((response) => {
			response.writeHead(200, { 'content-length': BLOB.bytes }).write(CONTENT.subarray(0, 5), () => abort.abort());
		});
		const { remote, warnings, target } = open(server.url);
		await expect(remote.download(BLOB, target, abort.signal)).rejects.toMatchObject(interrupted);
		expect(existsSync(target)).toBe(false);
		expect(warnings).toEqual([]);
	});

	test('ends the pause before the next attempt', async () => {
		const abort = new AbortController();
		const server = await serve((response) => {
			response.on('close', () => abort.abort());
			give(response, 503);
		});
		const { remote } = open(server.url, {}, { pauseMs: 3_600_000 });
		await expect(remote.find(KEY, abort.signal)).rejects.toMatchObject(interrupted);
	});

	test('that came before ends everything', async () => {
		const { remote, target, source } = open(await deadUrl());
		const signal = AbortSignal.abort();
		await expect(remote.find(KEY, signal)).rejects.toMatchObject(interrupted);
		await expect(remote.download(BLOB, target, signal)).rejects.toMatchObject(interrupted);
		await expect(remote.upload(KEY, BLOB, source, signal)).rejects.toMatchObject(interrupted);
	});
});

test('a file that cannot be written is no fault of the server', async () => {
	const server = await serve((response) => give(response, 200, CONTENT));
	const { remote, warnings, target } = open(server.url);
	expect(await remote.download(BLOB, join(target, 'missing', 'file'))).toBe(false);
	expect(warnings).toEqual([]);
});

test('a disk that becomes full is no fault of the server', async () => {
	const server = await serve((response) => give(response, 200, CONTENT));
	const { remote, warnings, target } = open(server.url);
	symlinkSync('/dev/full', target);
	expect(await remote.download(BLOB, target)).toBe(false);
	expect(existsSync(target)).toBe(false);
	expect(warnings).toEqual([]);
});

/** A server that takes connections and says nothing. */
async function listenSilently(): Promise<number> {
	const sockets: Socket[] = [];
	const server = createServer((socket) => sockets.push(socket));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

/** A body that goes on for as long as somebody listens. */
function endless(response: ServerResponse): void {
	const more = () => response.destroyed || response.write(Buffer.alloc(16_384), more);
	more();
}
