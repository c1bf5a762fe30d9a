import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { download } from '../../../src/source/download.js';
import { serve } from './server.js';
import { sha256Of } from './tarballs.js';

const file = randomBytes(300_000);
const sha256 = sha256Of(file);

/** Sends bytes and then breaks the connection, although more was promised. */
function breakOff(response: ServerResponse, bytes: Buffer): void {
	response.write(bytes, () => setImmediate(() => response.destroy()));
}

/** What a request asks for: where it starts, and of which version of the file. */
function asked({ headers }: IncomingMessage): string {
	return `${headers.range ?? 'all'} ${headers['if-range'] ?? '-'}`;
}

/** Downloads from a server that answers request number n with `answer(n)`. */
async function downloading(
	answer: (count: number, response: ServerResponse, from: number, request: IncomingMessage) => void,
) {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-resume-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const requests: string[] = [];
	const log: string[] = [];
	const server = await serve((request, response) => {
		requests.push(asked(request));
		answer(requests.length, response, Number(request.headers.range?.match(/\d+/)?.[0] ?? 0), request);
	});
	const to = join(folder, 'file');
	const url = `${server.url}/file`;
	const arrive = () => download({ url, sha256 }, to, { silenceMs: 2000, log: (line) => log.push(line) });
	return { url, to, arrive, requests, log, paths: server.requests };
}

const whole = { etag: '"v1"', 'content-length': file.length };

/** The headers of what follows after `from` bytes. */
function rest(from: number) {
	return {
		etag: '"v1"',
		'content-length': file.length - from,
		'content-range': `bytes ${from}-${file.length - 1}/${file.length}`,
	};
}

/** Answers as a server does that can send parts; the first `breaks` transfers end after 100,000 bytes. */
function honest(breaks: number, validator: Record<string, string> = { etag: '"v1"' }) {
	return (count: number, response: ServerResponse, from: number) => {
		const { etag: _, ...headers } = from > 0 ? rest(from) : whole;
		response.writeHead(from > 0 ? 206 : 200, { ...headers, ...validator });
		if (count <= breaks) breakOff(response, file.subarray(from, from + 100_000));
		else response.end(file.subarray(from));
	};
}

describe('a transfer that breaks', () => {
	test('goes on where it ended, as often as it brings something', async () => {
		const { to, url, arrive, requests, log } = await downloading(honest(2));
		await arrive();
		expect(sha256Of(await readFile(to))).toBe(sha256);
		expect(requests).toEqual(['all -', 'bytes=100000- "v1"', 'bytes=200000- "v1"']);
		expect(log.map((line) => line.replace(/^.*;/, ''))).toEqual([
			' going on after 100000 bytes',
			' going on after 200000 bytes',
		]);
		expect(log[0]?.startsWith(`${url}: `)).toBe(true);
	});

	test('goes on by the time of the last change where there is no exact tag', async () => {
		const changed = 'Mon, 23 Nov 2026 00:00:00 GMT';
		const { to, arrive, requests } = await downloading(honest(1, { etag: 'W/"v1"', 'last-modified': changed }));
		await arrive();
		expect(sha256Of(await readFile(to))).toBe(sha256);
		expect(requests).toEqual(['all -', `bytes=100000- ${changed}`]);
	});

	test('starts anew where nothing tells versions of the file apart', async () => {
		const { to, arrive, requests } = await downloading(honest(1, {}));
		await arrive();
		expect(sha256Of(await readFile(to))).toBe(sha256);
		expect(requests).toEqual(['all -', 'all -']);
	});

	test('starts anew where the server sends all of the file again', async () => {
		const { to, arrive, requests } = await downloading((count, response) => {
			response.writeHead(200, whole);
			if (count === 1) breakOff(response, file.subarray(0, 100_000));
			else response.end(file);
		});
		await arrive();
		expect(sha256Of(await readFile(to))).toBe(sha256);
		expect(requests).toEqual(['all -', 'bytes=100000- "v1"']);
	});

	test('asks the address that was given again, not the one that it led to', async () => {
		const { to, arrive, paths } = await downloading((_, response, from, request) => {
			if (request.url === '/file') response.writeHead(302, { location: '/signed' }).end();
			else if (from === 0) breakOff(response.writeHead(200, whole), file.subarray(0, 100_000));
			else response.writeHead(206, rest(from)).end(file.subarray(from));
		});
		await arrive();
		expect(sha256Of(await readFile(to))).toBe(sha256);
		expect(paths).toEqual(['/file', '/signed', '/file', '/signed']);
	});

	test.each([
		['refuses the rest', (response: ServerResponse) => response.writeHead(416).end()],
		['sends another part', (response: ServerResponse) => response.writeHead(206, rest(5)).end(file.subarray(5))],
	])('starts anew where the server %s', async (_, answer) => {
		const { to, arrive, requests, log } = await downloading((count, response) => {
			if (count === 1) breakOff(response.writeHead(200, whole), file.subarray(0, 100_000));
			else if (count === 2) answer(response);
			else response.writeHead(200, whole).end(file);
		});
		await arrive();
		expect(sha256Of(await readFile(to))).toBe(sha256);
		expect(requests).toEqual(['all -', 'bytes=100000- "v1"', 'all -']);
		// It is noticed at once, and not only by the hash of the whole.
		expect(log).toHaveLength(2);
		expect(log[1]).toMatch(/; going on after 100000 bytes$/);
	});

	test('is made whole again in one piece when the parts were of different files', async () => {
		const { to, url, arrive, requests, log } = await downloading((count, response, from) => {
			if (count === 1) breakOff(response.writeHead(200, whole), randomBytes(100_000));
			else if (count === 2) response.writeHead(206, rest(from)).end(file.subarray(from));
			else response.writeHead(200, whole).end(file);
		});
		await arrive();
		expect(sha256Of(await readFile(to))).toBe(sha256);
		expect(requests).toEqual(['all -', 'bytes=100000- "v1"', 'all -']);
		expect(log[1]).toBe(`${url}: the parts do not make up the file, trying it in one piece`);
	});

	test('is given up when it brings nothing more', async () => {
		const { url, arrive, requests } = await downloading((count, response, from) => {
			if (count === 1) breakOff(response.writeHead(200, whole), file.subarray(0, 100_000));
			else breakOff(response.writeHead(206, rest(from)), Buffer.alloc(0));
		});
		await expect(arrive()).rejects.toThrow(`${url}: `);
		expect(requests).toEqual(['all -', 'bytes=100000- "v1"']);
	});

	test('is given up after ten times', async () => {
		const { arrive, requests } = await downloading((_, response, from) => {
			response.writeHead(from > 0 ? 206 : 200, from > 0 ? rest(from) : whole);
			breakOff(response, file.subarray(from, from + 10));
		});
		await expect(arrive()).rejects.toThrow();
		expect(requests).toHaveLength(10);
	});
});

test('a server may be as slow as it likes, as long as it is not silent', async () => {
	const server = await serve((_, response) => {
		let sent = 0;
		const next = () => {
			sent += 60_000;
			response.write(file.subarray(sent - 60_000, sent));
			if (sent < file.length) setTimeout(next, 400);
			else response.end();
		};
		next();
	});
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-resume-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	// All of it takes longer than the server may be silent.
	await download({ url: `${server.url}/file`, sha256 }, join(folder, 'file'), { silenceMs: 1500 });
	expect(server.requests).toEqual(['/file']);
});

test('what the disk refuses is no failure of the server', async () => {
	const server = await serve((_, response) => response.end(file));
	const nowhere = join(tmpdir(), 'cpybuild-no-such-folder', 'file');
	await expect(download({ url: `${server.url}/file`, sha256 }, nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
	expect(server.requests).toEqual(['/file']);
});

test('a wrong file that came in one piece is not fetched twice', async () => {
	const { arrive, requests } = await downloading((_, response) => response.end('another'));
	await expect(arrive()).rejects.toMatchObject({ diagnostics: [{ code: 'toolchain/source-hash-mismatch' }] });
	expect(requests).toEqual(['all -']);
});

test('no compression on the way is asked for', async () => {
	const encodings: unknown[] = [];
	const { arrive } = await downloading((_, response, _from, request) => {
		encodings.push(request.headers['accept-encoding']);
		response.end(file);
	});
	await arrive();
	expect(encodings).toEqual(['identity']);
});
