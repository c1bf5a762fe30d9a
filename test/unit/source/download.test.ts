import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/cache/store.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { nativeMachine } from '../../../src/machine/native.js';
import { download } from '../../../src/source/download.js';
import { fetchTarball } from '../../../src/source/tarball.js';
import { serve } from './server.js';
import { fakeCpython, makeTarball, sha256Of } from './tarballs.js';

const tarball = await makeTarball(fakeCpython());
const sha256 = sha256Of(tarball);

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-download-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** Fetches from a URL that the manifest gives, into a store of its own. */
async function fetching(url: string, hash = sha256) {
	const root = await temporaryFolder();
	const log: string[] = [];
	const store = await openStore(root);
	const warn = ({ code, message }: Diagnostic) => log.push(`${code}: ${message}`);
	const context = { store, machine: nativeMachine('/none'), log: (line: string) => log.push(line), warn };
	const fetch = () => fetchTarball({ kind: 'url', url, sha256: hash }, context);
	return { root, log, fetch, folder: join(root, 'downloads', hash) };
}

test('a tarball is fetched once and kept', async () => {
	const server = await serve((_, response) => response.end(tarball));
	const { root, fetch, folder } = await fetching(`${server.url}/Python-3.13.5.tgz`);
	const path = await fetch();
	expect(path).toBe(join(folder, 'Python-3.13.5.tgz'));
	expect(await readFile(path)).toEqual(tarball);
	expect(await fetch()).toBe(path);
	expect(server.requests).toEqual(['/Python-3.13.5.tgz']);
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('a kept tarball that was damaged is fetched again', async () => {
	const server = await serve((_, response) => response.end(tarball));
	const { log, fetch } = await fetching(`${server.url}/Python-3.13.5.tgz`);
	const path = await fetch();
	await writeFile(path, tarball.subarray(0, 100));
	expect(await fetch()).toBe(path);
	expect(await readFile(path)).toEqual(tarball);
	expect(server.requests).toHaveLength(2);
	expect(log).toContain(
		'cache/damaged: the downloaded "Python-3.13.5.tgz" in the cache is damaged: its content has changed',
	);
});

test('redirects are followed', async () => {
	const server = await serve((request, response) => {
		if (request.url === '/file') response.end(tarball);
		else response.writeHead(302, { location: request.url === '/first' ? '/second' : '/file' }).end();
	});
	const { fetch, folder } = await fetching(`${server.url}/first`);
	expect(await fetch()).toBe(join(folder, 'first'));
	expect(server.requests).toEqual(['/first', '/second', '/file']);
});

test('a URL without a file name will do', async () => {
	const server = await serve((_, response) => response.end(tarball));
	const { fetch, folder } = await fetching(`${server.url}/`);
	expect(await fetch()).toBe(join(folder, 'source'));
	expect(await fetch()).toBe(join(folder, 'source'));
	expect(server.requests).toEqual(['/']);
});

test('a wrong hash is an error that shows both, and nothing is kept', async () => {
	const server = await serve((_, response) => response.end('another file'));
	const { root, fetch, folder } = await fetching(`${server.url}/Python-3.13.5.tgz`);
	await expect(fetch()).rejects.toMatchObject({
		diagnostics: [
			{
				code: 'toolchain/source-hash-mismatch',
				message: `${server.url}/Python-3.13.5.tgz is not the file that was expected`,
				hint: 'nothing was kept; find out who changed the file before you change the hash',
				details: [`expected sha256 ${sha256}`, `received sha256 ${sha256Of(Buffer.from('another file'))}`],
			},
		],
	});
	expect(existsSync(folder)).toBe(false);
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test.each([
	['404', 'HTTP 404'],
	['500', 'HTTP 500'],
])('a server that answers %s does not have the file', async (status, answer) => {
	const server = await serve((_, response) => response.writeHead(Number(status)).end());
	const { fetch } = await fetching(`${server.url}/Python-3.13.5.tgz`);
	await expect(fetch()).rejects.toMatchObject({
		diagnostics: [
			{
				code: 'toolchain/source-not-found',
				message: 'the source of CPython could not be fetched from its place',
				details: [`${server.url}/Python-3.13.5.tgz: ${answer}`],
			},
		],
	});
});

test('a server that cannot be reached is named with the reason', async () => {
	const { fetch } = await fetching('http://127.0.0.1:1/Python-3.13.5.tgz');
	await expect(fetch()).rejects.toMatchObject({
		diagnostics: [{ details: [expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/Python-3\.13\.5\.tgz: .+/)] }],
	});
});

test('a transfer that ends too early is not taken for the file', async () => {
	const server = await serve((_, response) => {
		response.writeHead(200, { 'content-length': tarball.length });
		response.write(tarball.subarray(0, 100), () => response.destroy());
	});
	const { root, fetch, folder } = await fetching(`${server.url}/Python-3.13.5.tgz`);
	await expect(fetch()).rejects.toMatchObject({
		diagnostics: [{ code: 'toolchain/source-not-found', details: [expect.stringContaining(server.url)] }],
	});
	expect(existsSync(folder)).toBe(false);
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test.each([
	['at once', 'once', 1, () => {}],
	[
		'after its first bytes',
		'three times',
		3,
		(response: { write(bytes: Uint8Array): void }) => response.write(tarball.subarray(0, 100)),
	],
])('a server that falls silent %s is asked %s and given up', async (_, _times, count, answer) => {
	const server = await serve((_request, response) => answer(response));
	const to = join(await temporaryFolder(), 'arriving');
	await expect(download({ url: `${server.url}/file`, sha256 }, to, { silenceMs: 250 })).rejects.toThrow(
		`${server.url}/file: no data for 0.25 seconds`,
	);
	expect(server.requests).toHaveLength(count);
});

test('an interrupted download says so', async () => {
	const controller = new AbortController();
	const server = await serve((_, response) => {
		response.write(tarball.subarray(0, 100));
		controller.abort();
	});
	const to = join(await temporaryFolder(), 'arriving');
	const arriving = download({ url: `${server.url}/file`, sha256 }, to, { signal: controller.signal });
	await expect(arriving).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
});

test('python.org comes first, then Debian; a mirror takes the place of the first', async () => {
	const server = await serve((_, response) => response.writeHead(404).end());
	const root = await temporaryFolder();
	await mkdir(root, { recursive: true });
	const log: string[] = [];
	const pin = {
		version: '3.13.5',
		url: 'https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz',
		sha256,
		debianSource: 'python3.13',
		epoch: 0,
	};
	const store = await openStore(root);
	const context = {
		store,
		machine: nativeMachine('/none'),
		log: (line: string) => log.push(line),
		warn: () => {},
		mirror: server.url,
	};
	await expect(fetchTarball({ kind: 'pinned', pin }, context)).rejects.toMatchObject({
		diagnostics: [
			{
				code: 'toolchain/source-not-found',
				message: 'the source of CPython could not be fetched from any of 2 places',
				details: [
					`${server.url}/ftp/python/3.13.5/Python-3.13.5.tar.xz: HTTP 404`,
					'Debian: there is no apt-get on this machine',
				],
			},
		],
	});
	expect(log).toEqual([
		`trying ${server.url}/ftp/python/3.13.5/Python-3.13.5.tar.xz`,
		`${server.url}/ftp/python/3.13.5/Python-3.13.5.tar.xz: HTTP 404`,
		"trying Debian's source package python3.13",
		'Debian: there is no apt-get on this machine',
	]);
});
