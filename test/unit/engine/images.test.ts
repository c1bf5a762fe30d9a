import type { IncomingMessage, RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type Engine, openEngine } from '../../../src/engine/engine.js';
import { buildImage, findImage, pullImage } from '../../../src/engine/images.js';
import { DOCKER, engineThatIs, problemOf, withServer } from './fake-engine.js';

const IMAGE = { Id: 'sha256:1', RepoDigests: ['ghcr.io/a/b@sha256:2'], Os: 'linux', Architecture: 'amd64' };
const found = { id: 'sha256:1', digests: ['ghcr.io/a/b@sha256:2'], os: 'linux', architecture: 'amd64' };
const anonymous = { login: async () => undefined };

/** An engine that tells these events, and has the image afterwards. */
async function withEvents<T>(
	events: readonly object[],
	use: (engine: Engine, asked: readonly IncomingMessage[]) => Promise<T>,
): Promise<T> {
	const asked: IncomingMessage[] = [];
	return withEngine(
		async (request, response) => {
			asked.push(request);
			await text(request);
			if (request.method === 'GET')
				return void response.setHeader('content-type', 'application/json').end(JSON.stringify(IMAGE));
			for (const event of events) response.write(`${JSON.stringify(event)}\r\n`);
			return void response.end();
		},
		(engine) => use(engine, asked),
	);
}

async function withEngine<T>(answer: RequestListener, use: (engine: Engine) => Promise<T>): Promise<T> {
	return withServer(engineThatIs(DOCKER, answer), async (endpoint) => {
		const engine = await openEngine(endpoint);
		try {
			return await use(engine);
		} finally {
			engine.close();
		}
	});
}

const refusing =
	(status: number, message: string): RequestListener =>
	(_, response) => {
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
	};

test('an image is found by its name, or not', async () => {
	expect([
		await withEvents([], (engine) => findImage(engine, 'ghcr.io/a/b')),
		await withEngine(refusing(404, 'No such image: x'), (engine) => findImage(engine, 'x')),
	]).toEqual([found, undefined]);
});

test('a pull tells how far it is', async () => {
	const events = [
		{ status: 'Pulling from a/b', id: 'latest' },
		{ status: 'Already exists', progressDetail: {}, id: 'one' },
		{ status: 'Pulling fs layer', progressDetail: {}, id: 'two' },
		{ status: 'Downloading', progressDetail: { current: 30, total: 100 }, id: 'two' },
		{ status: 'Verifying Checksum', progressDetail: {}, id: 'two' },
		{ status: 'Extracting', progressDetail: { current: 1, total: 7 }, id: 'two' },
		{ status: 'Pull complete', progressDetail: {}, id: 'two' },
		{ status: 'Digest: sha256:2' },
		{ status: 'Status: Downloaded newer image for ghcr.io/a/b:latest' },
	];
	const told: unknown[] = [];
	const image = await withEvents(events, (engine) =>
		pullImage(engine, 'ghcr.io/a/b', { ...anonymous, onProgress: (progress) => told.push(progress) }),
	);
	const arrived = { done: 1, layers: 2, bytes: 100, totalBytes: 100 };
	expect([image, told]).toEqual([
		found,
		[
			{ done: 1, layers: 1, bytes: 0, totalBytes: 0 },
			{ done: 1, layers: 2, bytes: 0, totalBytes: 0 },
			{ done: 1, layers: 2, bytes: 30, totalBytes: 100 },
			arrived,
			arrived,
			{ ...arrived, done: 2 },
		],
	]);
});

test.each([
	['ghcr.io/a/b', 'ghcr.io%2Fa%2Fb%3Alatest'],
	['build:5000/b', 'build%3A5000%2Fb%3Alatest'],
	['b:1', 'b%3A1'],
	['b@sha256:2', 'b%40sha256%3A2'],
])('%s is asked for in full', async (name, asked) => {
	await withEvents([], async (engine, requests) => {
		await pullImage(engine, name, anonymous);
		expect(requests[0]?.url).toBe(`/v1.41/images/create?fromImage=${asked}`);
	});
});

test('a login is shown to the registry, and never in the address', async () => {
	const login = { username: 'me', password: 'secret', serveraddress: 'ghcr.io' };
	await withEvents([], async (engine, requests) => {
		await pullImage(engine, 'ghcr.io/a/b:1', { login: async () => login });
		const header = String(requests[0]?.headers['x-registry-auth']);
		expect([requests[0]?.url, JSON.parse(Buffer.from(header, 'base64url').toString())]).toEqual([
			'/v1.41/images/create?fromImage=ghcr.io%2Fa%2Fb%3A1',
			login,
		]);
	});
});

const missing = {
	code: 'toolchain/image-missing',
	message: 'no registry gives the image "ghcr.io/a/b:1"',
	hint: 'correct its name, or log in with "docker login" when it is not for everybody',
};

test.each([
	['manifest for ghcr.io/a/b:1 not found: manifest unknown: manifest unknown', missing],
	["pull access denied for a/b, repository does not exist or may require 'docker login'", missing],
	['Head "https://ghcr.io/v2/a/b/manifests/1": unauthorized', missing],
	[
		'Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host',
		{
			code: 'toolchain/image-pull-failed',
			message: 'the image "ghcr.io/a/b:1" cannot be fetched',
			hint: 'the network of the engine counts, which may be on another machine; run the command again',
		},
	],
	[
		'failed to register layer: write /usr/bin/clang: no space left on device',
		{
			code: 'toolchain/container-full',
			message: 'there is no room for the image "ghcr.io/a/b:1" on the disk of the container engine',
			hint: 'make room where the engine keeps images and containers: "docker system df" shows what is there',
		},
	],
])('a pull that fails is told, at its beginning or later: %s', async (words, problem) => {
	const pull = (engine: Engine) => problemOf(pullImage(engine, 'ghcr.io/a/b:1', anonymous));
	expect([
		await withEngine(refusing(500, words), pull),
		await withEvents(
			[
				{ status: 'Pulling fs layer', id: 'x' },
				{ errorDetail: { message: words }, error: words },
			],
			pull,
		),
	]).toEqual([
		{ ...problem, details: [words] },
		{ ...problem, details: [words] },
	]);
});

test('a login that does not help is told so', async () => {
	const login = async () => ({ identitytoken: 'T', serveraddress: 'ghcr.io' });
	const problem = await withEngine(refusing(404, 'denied: requested access to the resource is denied'), (engine) =>
		problemOf(pullImage(engine, 'ghcr.io/a/b:1', { login })),
	);
	expect(problem).toEqual({
		...missing,
		details: ['denied: requested access to the resource is denied'],
		hint: 'correct its name; or the login that "docker login" has kept does not allow it',
	});
});

test('a pull can be interrupted', async () => {
	const abort = new AbortController();
	const hanging: RequestListener = (_, response) => {
		response.write('{"status":"Pulling fs layer","id":"x"}\n');
	};
	const options = { ...anonymous, signal: abort.signal, onProgress: () => abort.abort() };
	expect(await withEngine(hanging, (engine) => problemOf(pullImage(engine, 'b', options)))).toEqual({
		code: 'build/interrupted',
		message: 'the build was interrupted',
	});
});

const build = () => ({
	context: Readable.from([Buffer.from('tar')]),
	dockerfile: 'Dockerfile',
	tag: 'mine:1',
	args: { BASE: 'debian' },
});

test('a build tells its lines', async () => {
	const lines: string[] = [];
	const events = [
		{ stream: 'Step 1/2 : FROM debian' },
		{ stream: '\n' },
		{ stream: ' ---> 123\n\nStep 2/2' },
		{ stream: ' : RUN x\r\n' },
		{ aux: { ID: 'sha256:1' } },
		{ stream: 'the end' },
	];
	const image = await withEvents(events, (engine) =>
		buildImage(engine, build(), { onLine: (line) => lines.push(line) }),
	);
	expect([image, lines]).toEqual([found, ['Step 1/2 : FROM debian', ' ---> 123', 'Step 2/2 : RUN x', 'the end']]);
});

test('a build gets its arguments, and leaves nothing', async () => {
	await withEvents([], async (engine, requests) => {
		await buildImage(engine, { ...build(), offline: true });
		const { pathname, searchParams } = new URL(requests[0]?.url ?? '', 'http://engine');
		expect([pathname, Object.fromEntries(searchParams)]).toEqual([
			'/v1.41/build',
			{
				t: 'mine:1',
				dockerfile: 'Dockerfile',
				buildargs: '{"BASE":"debian"}',
				rm: 'true',
				forcerm: 'true',
				networkmode: 'none',
			},
		]);
	});
});

test('a build that fails shows the end of its output', async () => {
	const output = Array.from({ length: 30 }, (_, at) => ({ stream: `line ${at + 1}\n` }));
	const words = "The command '/bin/sh -c x' returned a non-zero code: 1";
	const problem = await withEvents([...output, { errorDetail: { code: 1, message: words }, error: words }], (engine) =>
		problemOf(buildImage(engine, build())),
	);
	expect(problem).toEqual({
		code: 'toolchain/image-build-failed',
		message: 'the image "mine:1" cannot be built',
		details: [...Array.from({ length: 20 }, (_, at) => `line ${at + 11}`), words],
		hint: 'the network of the engine counts, which may be on another machine; the Dockerfile is in "devcontainer"',
	});
});

test('a build that is refused, or finds the disk full, is told', async () => {
	const full = 'write /x: no space left on device';
	const refused = 'dockerfile parse error line 1: unknown instruction: X';
	expect([
		await withEngine(refusing(400, refused), (engine) => problemOf(buildImage(engine, build()))),
		await withEvents([{ error: full }], (engine) => problemOf(buildImage(engine, build()))),
	]).toEqual([
		{
			code: 'toolchain/image-build-failed',
			message: 'the image "mine:1" cannot be built',
			details: [refused],
			hint: 'the network of the engine counts, which may be on another machine; the Dockerfile is in "devcontainer"',
		},
		{
			code: 'toolchain/container-full',
			message: 'there is no room for the image "mine:1" on the disk of the container engine',
			details: [full],
			hint: 'make room where the engine keeps images and containers: "docker system df" shows what is there',
		},
	]);
});
