import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import type { Endpoint, Tls } from '../../../src/engine/endpoint.js';
import { openEngine } from '../../../src/engine/engine.js';
import { engineProblem } from '../../../src/engine/failure.js';
import { DOCKER, engineThatIs, problemOf, unixEndpoint, withServer } from './fake-engine.js';

const folder = mkdtempSync(join(tmpdir(), 'engine-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.unstubAllEnvs());

const facts = async (endpoint: Endpoint) => {
	const { api: _, close, endpoint: __, ...rest } = await openEngine(endpoint);
	close();
	return rest;
};

test('an engine says what it is, and is spoken to in the oldest version that will do', async () => {
	const asked: (string | undefined)[] = [];
	await withServer(
		engineThatIs(DOCKER, ({ url }, response) => {
			asked.push(url);
			response.end('[]');
		}),
		async (endpoint) => {
			const engine = await openEngine(endpoint);
			await engine.api.listContainers();
			engine.close();
			expect([await facts(endpoint), asked]).toEqual([
				{
					kind: 'docker',
					version: '20.10.24',
					apiVersion: '1.41',
					isRootless: false,
					isLocal: true,
					os: 'linux',
					architecture: 'amd64',
					processors: 4,
				},
				['/v1.41/containers/json'],
			]);
		},
	);
});

test('variables of the process do not matter beside an endpoint', async () => {
	vi.stubEnv('DOCKER_HOST', 'tcp://elsewhere.invalid:2376');
	vi.stubEnv('DOCKER_CERT_PATH', join(folder, 'none'));
	expect((await withServer(engineThatIs(DOCKER), facts)).version).toBe('20.10.24');
	expect(process.env.DOCKER_HOST).toBe('tcp://elsewhere.invalid:2376');
});

test.each([
	[
		'an engine that has forgotten old versions',
		{ MinAPIVersion: '1.44', ApiVersion: '1.52' },
		{},
		{ apiVersion: '1.44' },
	],
	[
		'a rootless Docker',
		{},
		{ SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] },
		{ isRootless: true },
	],
	[
		'a rootless Podman',
		{ Components: [{ Name: 'Podman Engine' }] },
		{ Rootless: true },
		{ kind: 'podman', isRootless: true },
	],
	[
		'an engine that tells little',
		{ Components: undefined, MinAPIVersion: undefined },
		{ SecurityOptions: undefined },
		{},
	],
])('%s is known', async (_, version, info, difference) => {
	const base = await withServer(engineThatIs(DOCKER), facts);
	const other = { version: { ...DOCKER.version, ...version }, info: { ...DOCKER.info, ...info } };
	expect(await withServer(engineThatIs(other), facts)).toEqual({ ...base, ...difference });
});

describe('what is wrong with an engine is told', () => {
	const problem = (endpoint: Endpoint, patienceMs?: number) =>
		problemOf(openEngine(endpoint, undefined, patienceMs), endpoint.url);
	const startHere =
		'start it: "sudo systemctl start docker", "systemctl --user start podman.socket", or Docker Desktop; or correct DOCKER_HOST';

	test('no socket', async () => {
		expect(await problem(unixEndpoint(join(folder, 'none.sock')))).toEqual({
			code: 'toolchain/engine-unreachable',
			message: 'the container engine at "URL" is not running: there is no such socket',
			hint: startHere,
		});
	});

	test('a socket that nobody listens on any more', async () => {
		const path = join(folder, 'dead.sock');
		const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
		expect(() => execFileSync(process.execPath, ['-e', script])).toThrow();
		expect(await problem({ ...unixEndpoint(path), origin: 'its usual place' })).toEqual({
			code: 'toolchain/engine-unreachable',
			message: 'the container engine at "URL" is not running: nothing listens there',
			hint: 'start it: "sudo systemctl start docker", "systemctl --user start podman.socket", or Docker Desktop',
		});
	});

	test('a file that is no socket', async () => {
		const path = join(folder, 'file');
		writeFileSync(path, '');
		expect(await problem(unixEndpoint(path))).toEqual({
			code: 'toolchain/engine-unreachable',
			message: 'the container engine at "URL" is not running: nothing listens there',
			hint: startHere,
		});
	});

	test.each([
		[
			'EACCES',
			unixEndpoint('/x'),
			'join its group ("sudo usermod -aG docker $USER", then log in again), or use a rootless engine',
		],
		['EPERM', tcp(1), 'look at the rules of the network'],
	])('no permission: %s', (code, endpoint, hint) => {
		expect(engineProblem(Object.assign(new Error(), { code }), endpoint)).toEqual({
			code: 'toolchain/engine-permission',
			message: `you may not use the container engine at "${endpoint.url}"`,
			hint,
		});
	});

	test.each([
		['ECONNREFUSED', 'nothing listens there'],
		['EHOSTUNREACH', 'no way leads to that machine'],
		['ENETUNREACH', 'no way leads to that network'],
		['ETIMEDOUT', 'that machine does not answer'],
	])('another machine: %s', (code, why) => {
		expect(engineProblem(Object.assign(new Error(), { code }), tcp(1))).toEqual({
			code: 'toolchain/engine-unreachable',
			message: `the container engine at "tcp://127.0.0.1:1" is not running: ${why}`,
			hint: 'start it there; or correct DOCKER_HOST',
		});
	});

	test('a name that does not resolve', async () => {
		expect(await problem({ ...tcp(1), way: { kind: 'tcp', host: 'no-such-host.invalid', port: 1 } })).toEqual({
			code: 'toolchain/engine-name',
			message: 'the container engine at "URL" is on a machine whose name is not known here',
			hint: 'correct DOCKER_HOST, or look whether the network and its names work',
		});
	});

	test('an engine that is too old', async () => {
		const old = { ...DOCKER, version: { ...DOCKER.version, ApiVersion: '1.40', Version: '19.03.15' } };
		await withServer(engineThatIs(old), async (endpoint) => {
			expect(await problem(endpoint)).toEqual({
				code: 'toolchain/engine-version',
				message:
					'the container engine at "URL", Docker 19.03.15, is too old: it speaks version 1.40 of the API, not 1.41',
				hint: 'use Docker 20.10 or Podman 4, or newer',
			});
		});
	});

	test.each([
		['something else', { version: {}, info: {} }, 'it tells no version of its API'],
		[
			'containers of Windows',
			{ ...DOCKER, version: { ...DOCKER.version, Os: 'windows' } },
			'its containers are for windows',
		],
	])('%s', async (_, other, why) => {
		await withServer(engineThatIs(other), async (endpoint) => {
			expect(await problem(endpoint)).toEqual({
				code: 'toolchain/engine-unknown',
				message: `"URL" is no engine for Linux containers: ${why}`,
				hint: 'correct DOCKER_HOST',
			});
		});
	});

	test('an engine that hangs', async () => {
		await withServer(
			() => {},
			async (endpoint) => {
				expect(await problem(endpoint, 10)).toEqual({
					code: 'toolchain/engine-timeout',
					message: 'the container engine at "URL" does not answer: nothing came within 0.01 s',
					hint: 'try "docker version" with the same settings; an engine that hangs has to be started again',
				});
			},
		);
	});

	test('an engine that hangs up', async () => {
		await withServer(
			(request) => request.socket.destroy(),
			async (endpoint) => {
				expect(await problem(endpoint)).toEqual({
					code: 'toolchain/engine-lost',
					message: 'the connection to the container engine at "URL" broke off',
					details: ['socket hang up'],
					hint: 'run the build again, and look whether the engine is running',
				});
			},
		);
	});

	test('an engine that refuses, in its own words', async () => {
		const refuse = (status: number, body: string) =>
			withServer(
				(_, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body),
				(endpoint) => problem(endpoint),
			);
		const hint = 'the log of the engine may say more';
		expect([await refuse(500, '{"message":"out of luck"}'), await refuse(403, '')]).toEqual([
			{ code: 'toolchain/engine-refused', message: 'the container engine at "URL" refuses: out of luck', hint },
			{ code: 'toolchain/engine-refused', message: 'the container engine at "URL" refuses: HTTP 403', hint },
		]);
	});

	test('a full disk', () => {
		const error = { statusCode: 500, json: { message: 'write /var/lib/docker/x: no space left on device' } };
		expect(engineProblem(error, unixEndpoint('/x'))).toEqual({
			code: 'toolchain/container-full',
			message: 'the disk of the container engine is full',
			details: ['write /var/lib/docker/x: no space left on device'],
			hint: 'make room where the engine keeps images and containers: "docker system df" shows what is there',
		});
	});

	test('something that does not speak HTTP', async () => {
		const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
		await onPort(server, async (port) => {
			expect(await problem(tcp(port))).toEqual({
				code: 'toolchain/engine-unknown',
				message: '"URL" is no engine for Linux containers: it does not speak HTTP',
				hint: 'correct DOCKER_HOST',
			});
		});
	});

	test('an interruption', async () => {
		await withServer(
			() => {},
			async (endpoint) => {
				const abort = new AbortController();
				const opening = problemOf(openEngine(endpoint, abort.signal));
				abort.abort();
				expect(await opening).toEqual({ code: 'build/interrupted', message: 'the build was interrupted' });
			},
		);
	});
});

describe('TLS', () => {
	const certificates = makeCertificates();
	const { ca, cert, key } = certificates;
	const hint =
		'check DOCKER_TLS_VERIFY, the port, and ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH or the Docker context';
	const open = (tls: Tls | undefined, server: Parameters<typeof createTlsServer>[0] = {}) => {
		const listener = createTlsServer({ cert, key, ...server }, engineThatIs(DOCKER));
		return onPort(listener, async (port) => {
			const endpoint = tcp(port, tls);
			const opened = facts(endpoint).then(({ version }) => version);
			return problemOf(opened, endpoint.url);
		});
	};
	const refused = (why: string) => ({
		code: 'toolchain/engine-tls',
		message: `no secure connection to the container engine at "URL": ${why}`,
		hint,
	});

	test('an engine with the right certificate is used, and any without verification', async () => {
		expect([await open({ ca, verify: true }), await open({ verify: false })]).toEqual(['20.10.24', '20.10.24']);
	});

	test('an engine with an unknown certificate is not', async () => {
		expect(await open({ verify: true })).toEqual(refused('self-signed certificate'));
	});

	test('an engine that wants to know who asks', async () => {
		const strict = { requestCert: true, rejectUnauthorized: true, ca };
		expect(await open({ ca, cert, key, verify: true }, strict)).toEqual('20.10.24');
		const wanted = refused('the other side wants a certificate that it knows');
		expect([
			await open({ ca, verify: true }, strict),
			await open({ ca, verify: true }, { ...strict, maxVersion: 'TLSv1.2' }),
		]).toEqual([wanted, wanted]);
	});

	test('an engine without TLS', async () => {
		await onPort(
			createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
			async (port) => {
				const endpoint = tcp(port, { ca, verify: true });
				expect(await problemOf(facts(endpoint), endpoint.url)).toEqual(refused('the other side speaks none'));
			},
		);
	});

	test('an engine with TLS that is asked without', () => {
		const error = {
			statusCode: 400,
			json: null,
			message: '(HTTP code 400) unexpected - Client sent an HTTP request to an HTTPS server. ',
		};
		expect(engineProblem(error, { ...tcp(1), url: 'URL' })).toEqual(refused('it wants TLS, and nothing says so here'));
	});

	test('files that are no certificates', async () => {
		expect(await open({ ca: 'nonsense', cert: 'nonsense', key: 'nonsense', verify: true })).toEqual(
			refused('one of the files for it holds no certificate or key'),
		);
	});

	function makeCertificates() {
		const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
		const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
		const args = [
			'req',
			'-x509',
			'-newkey',
			'ec',
			'-pkeyopt',
			'ec_paramgen_curve:prime256v1',
			'-nodes',
			'-days',
			'3650',
		];
		execFileSync('openssl', [...args, ...name, '-keyout', paths.key, '-out', paths.cert], { stdio: 'ignore' });
		const certificate = readFileSync(paths.cert, 'utf8');
		return { ca: certificate, cert: certificate, key: readFileSync(paths.key, 'utf8') };
	}
});

describe('ssh', () => {
	const endpoint: Endpoint = {
		way: { kind: 'ssh', host: 'build', user: 'me' },
		url: 'ssh://me@build',
		origin: 'DOCKER_HOST',
	};
	/** Puts a program called `ssh` on the search path. */
	const withSsh = async <T>(script: string | undefined, use: () => Promise<T>): Promise<T> => {
		const bin = mkdtempSync(join(folder, 'bin-'));
		if (script !== undefined) {
			writeFileSync(join(bin, 'ssh'), `#!${process.execPath}\n${script}`);
			chmodSync(join(bin, 'ssh'), 0o755);
		}
		vi.stubEnv('PATH', bin);
		return use();
	};
	const hint =
		'try "ssh" to that machine: it needs a key, an accepted host, and the program "docker"; or correct DOCKER_HOST';

	test('an engine is reached through the program, with the arguments of docker', async () => {
		await withServer(engineThatIs(DOCKER), async ({ way }) => {
			const socket = way.kind === 'unix' ? way.path : '';
			const arguments_ = join(folder, 'arguments');
			const script = `
				require('fs').writeFileSync(${JSON.stringify(arguments_)}, process.argv.slice(2).join(' '));
				const socket = require('net').connect(${JSON.stringify(socket)});
				process.stdin.pipe(socket).pipe(process.stdout);`;
			const { version, isLocal } = await withSsh(script, () => facts(endpoint));
			expect([version, isLocal, readFileSync(arguments_, 'utf8')]).toEqual([
				'20.10.24',
				false,
				'-l me -o ConnectTimeout=30 -o BatchMode=yes -T -- build docker system dial-stdio',
			]);
		});
	});

	test('a program that fails is quoted', async () => {
		const script = `process.stderr.write('me@build: Permission denied (publickey).\\r\\n'); process.exitCode = 255;`;
		expect(await withSsh(script, () => problemOf(facts(endpoint)))).toEqual({
			code: 'toolchain/engine-ssh',
			message: 'no connection to the container engine at "ssh://me@build": ssh exited with 255',
			details: ['me@build: Permission denied (publickey).'],
			hint,
		});
	});

	test('a program that is missing is told', async () => {
		expect(await withSsh(undefined, () => problemOf(facts(endpoint)))).toEqual({
			code: 'toolchain/engine-ssh',
			message: 'no connection to the container engine at "ssh://me@build": spawn ssh ENOENT',
			hint,
		});
	});
});

function tcp(port: number, tls?: Tls): Endpoint {
	const way = { kind: 'tcp', host: '127.0.0.1', port, ...(tls && { tls }) } as const;
	return { way, url: `tcp://127.0.0.1:${port}`, origin: 'DOCKER_HOST' };
}

async function onPort<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await use((server.address() as AddressInfo).port);
	} finally {
		server.close();
	}
}
