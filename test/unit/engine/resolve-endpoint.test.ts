import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import type { EndpointFiles, Environment } from '../../../src/engine/environment.js';
import { resolveEndpoint } from '../../../src/engine/resolve-endpoint.js';

/** A machine with these files; one without text is a socket, one that is an error cannot be read. */
function machine(files: Readonly<Record<string, string | Error>>): EndpointFiles {
	return {
		home: '/home/me',
		read: (path) => {
			const text = files[path];
			if (text instanceof Error) throw text;
			return text;
		},
		exists: (path) => Object.hasOwn(files, path),
	};
}

const unreadable = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
const sockets = { '/var/run/docker.sock': '' };
const resolve = (environment: Environment, files: Readonly<Record<string, string | Error>> = sockets) =>
	resolveEndpoint(environment, machine(files));

function problem(environment: Environment, files: Readonly<Record<string, string | Error>> = sockets) {
	try {
		return resolve(environment, files);
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		const [{ code, message, hint, details } = { code: '', message: '' }] = error.diagnostics;
		return [code, message, hint, ...(details ?? [])];
	}
}

/** The files of a context below a folder. */
function context(
	name: string,
	endpoint: object,
	pems: Readonly<Record<string, string | Error>> = {},
	folder = '/home/me/.docker',
) {
	const id = createHash('sha256').update(name).digest('hex');
	const entries = Object.entries(pems).map(([file, text]) => [`${folder}/contexts/tls/${id}/docker/${file}`, text]);
	const meta = JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } });
	return { [`${folder}/contexts/meta/${id}/meta.json`]: meta, ...Object.fromEntries(entries) };
}

test.each([
	['unix:///run/mine.sock', { kind: 'unix', path: '/run/mine.sock' }, 'unix:///run/mine.sock'],
	['unix://', { kind: 'unix', path: '/var/run/docker.sock' }, 'unix:///var/run/docker.sock'],
	[' unix:///run/mine.sock ', { kind: 'unix', path: '/run/mine.sock' }, 'unix:///run/mine.sock'],
	['tcp://build.example:2376', { kind: 'tcp', host: 'build.example', port: 2376 }, 'tcp://build.example:2376'],
	['tcp://build.example', { kind: 'tcp', host: 'build.example', port: 2375 }, 'tcp://build.example:2375'],
	['tcp://build.example:80/', { kind: 'tcp', host: 'build.example', port: 80 }, 'tcp://build.example:80'],
	['tcp://[::1]:2375', { kind: 'tcp', host: '::1', port: 2375 }, 'tcp://[::1]:2375'],
	['tcp://', { kind: 'tcp', host: 'localhost', port: 2375 }, 'tcp://localhost:2375'],
	['tcp://:1234', { kind: 'tcp', host: 'localhost', port: 1234 }, 'tcp://localhost:1234'],
	['build.example:2375', { kind: 'tcp', host: 'build.example', port: 2375 }, 'tcp://build.example:2375'],
	['ssh://build', { kind: 'ssh', host: 'build' }, 'ssh://build'],
	['ssh://me@build:2222', { kind: 'ssh', host: 'build', user: 'me', port: 2222 }, 'ssh://me@build:2222'],
	[
		'ssh://me@build/run/user/1000/docker.sock',
		{ kind: 'ssh', host: 'build', user: 'me', path: '/run/user/1000/docker.sock' },
		'ssh://me@build/run/user/1000/docker.sock',
	],
])('DOCKER_HOST %j is understood', (address, way, url) => {
	expect(resolve({ DOCKER_HOST: address })).toEqual({ way, url, origin: 'DOCKER_HOST' });
});

const forms = 'write unix:///path/of/socket, tcp://host:port or ssh://user@host';
test.each([
	['ftp://build', 'DOCKER_HOST is "ftp://build", which begins with "ftp://"', forms],
	['fd://3', 'DOCKER_HOST is "fd://3", which begins with "fd://"', forms],
	['unix://tcp://x', 'DOCKER_HOST is "unix://tcp://x", which names two schemes', forms],
	['tcp://build:port', 'DOCKER_HOST is "tcp://build:port", which is not a host with a port', forms],
	['tcp://me@build', 'DOCKER_HOST is "tcp://me@build", which has more than host and port', forms],
	['tcp://build/engine', 'DOCKER_HOST is "tcp://build/engine", which has the path "/engine"', forms],
	['ssh://', 'DOCKER_HOST is "ssh://", which names no host', forms],
	['ssh://build?x', 'DOCKER_HOST is "ssh://build?x", which has more than user, host, port and path', forms],
	['ssh://me:secret@build', 'DOCKER_HOST has a password in it', 'use a key: passwords in addresses end up in logs'],
	[
		'npipe:////./pipe/docker_engine',
		'DOCKER_HOST names a pipe of Windows, "npipe:////./pipe/docker_engine"',
		'cpybuild runs in WSL: switch on the WSL integration of Docker Desktop, and unset this there',
	],
])('DOCKER_HOST %j is refused', (address, message, hint) => {
	expect(problem({ DOCKER_HOST: address })).toEqual(['toolchain/engine-settings', message, hint]);
});

test('DOCKER_HOST comes before DOCKER_CONTEXT, and that before the configuration', () => {
	const files = {
		...sockets,
		'/home/me/.docker/config.json': JSON.stringify({ currentContext: 'third' }),
		...context('second', { Host: 'tcp://second:1' }),
		...context('third', { Host: 'tcp://third:1' }),
	};
	const all = { DOCKER_HOST: 'tcp://first:1', DOCKER_CONTEXT: 'second' };
	expect([
		resolve(all, files),
		resolve({ ...all, DOCKER_HOST: '' }, files),
		resolve({}, files),
		resolve({ DOCKER_CONTEXT: 'default' }, files),
	]).toEqual([
		{ way: { kind: 'tcp', host: 'first', port: 1 }, url: 'tcp://first:1', origin: 'DOCKER_HOST' },
		{ way: { kind: 'tcp', host: 'second', port: 1 }, url: 'tcp://second:1', origin: 'the Docker context "second"' },
		{ way: { kind: 'tcp', host: 'third', port: 1 }, url: 'tcp://third:1', origin: 'the Docker context "third"' },
		{
			way: { kind: 'unix', path: '/var/run/docker.sock' },
			url: 'unix:///var/run/docker.sock',
			origin: 'its usual place',
		},
	]);
});

test('DOCKER_CONFIG says where contexts are', () => {
	const files = { ...context('build', { Host: 'ssh://build' }, {}, '/etc/docker-client') };
	expect(resolve({ DOCKER_CONTEXT: 'build', DOCKER_CONFIG: '/etc/docker-client' }, files)).toEqual({
		way: { kind: 'ssh', host: 'build' },
		url: 'ssh://build',
		origin: 'the Docker context "build"',
	});
});

test('a context brings its own TLS, whatever the environment says', () => {
	const pems = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' };
	const secured = context('build', { Host: 'tcp://build:2376' }, pems);
	const lax = context('lax', { Host: 'tcp://build:2376', SkipTLSVerify: true });
	const local = context('local', { Host: 'unix:///run/x.sock' }, pems);
	expect([
		resolve({ DOCKER_CONTEXT: 'build', DOCKER_TLS: '1' }, secured).way,
		resolve({ DOCKER_CONTEXT: 'lax', DOCKER_TLS_VERIFY: '1' }, lax).way,
		resolve({ DOCKER_CONTEXT: 'local' }, local).way,
	]).toEqual([
		{ kind: 'tcp', host: 'build', port: 2376, tls: { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true } },
		{ kind: 'tcp', host: 'build', port: 2376, tls: { verify: false } },
		{ kind: 'unix', path: '/run/x.sock' },
	]);
});

test.each([
	['DOCKER_CONTEXT', { DOCKER_CONTEXT: 'gone' }, {}],
	['/home/me/.docker/config.json', {}, { '/home/me/.docker/config.json': '{"currentContext": "gone"}' }],
])('a context that is missing is told with who names it: %s', (who, environment, files) => {
	expect(problem(environment, files)).toEqual([
		'toolchain/engine-settings',
		`there is no Docker context "gone", which ${who} names`,
		'"docker context ls" shows all of them',
	]);
});

test('a context without an engine is told with its file', () => {
	const files = context('build', {});
	expect(problem({ DOCKER_CONTEXT: 'build' }, files)).toEqual([
		'toolchain/engine-settings',
		`"${Object.keys(files)[0]}" does not say where the engine of the Docker context "build" is`,
		'make it again with "docker context rm build" and "docker context create build"',
	]);
});

test.each([
	[unreadable, 'EACCES'],
	['{', 'it is not valid JSON'],
])('a configuration that cannot be read is told: %s', (text, why) => {
	expect(problem({}, { ...sockets, '/home/me/.docker/config.json': text })).toEqual([
		'toolchain/engine-settings',
		`"/home/me/.docker/config.json" cannot be read: ${why}`,
		'correct the file, name the engine with DOCKER_HOST, or another folder with DOCKER_CONFIG',
	]);
});

const pems = { '/certs/ca.pem': 'CA', '/certs/cert.pem': 'CERT', '/certs/key.pem': 'KEY' };
const remote = { DOCKER_HOST: 'tcp://build:2376', DOCKER_CERT_PATH: '/certs' };

test.each([
	['neither variable is set', {}, pems, undefined],
	['DOCKER_TLS_VERIFY is empty', { DOCKER_TLS_VERIFY: '' }, pems, undefined],
	['DOCKER_TLS_VERIFY is set', { DOCKER_TLS_VERIFY: '1' }, pems, { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true }],
	['DOCKER_TLS is set', { DOCKER_TLS: '1' }, pems, { cert: 'CERT', key: 'KEY', verify: false }],
	[
		'there is no key',
		{ DOCKER_TLS_VERIFY: '1' },
		{ '/certs/ca.pem': 'CA', '/certs/cert.pem': 'CERT' },
		{ ca: 'CA', verify: true },
	],
])('TLS when %s', (_, variables, files, tls) => {
	expect(resolve({ ...remote, ...variables }, files).way).toEqual({
		kind: 'tcp',
		host: 'build',
		port: 2376,
		...(tls && { tls }),
	});
});

test('files for TLS are those of the configuration unless said', () => {
	const files = { '/home/me/.docker/ca.pem': 'CA' };
	expect(resolve({ DOCKER_TLS_VERIFY: '1' }, files)).toEqual({
		way: { kind: 'tcp', host: 'localhost', port: 2376, tls: { ca: 'CA', verify: true } },
		url: 'tcp://localhost:2376',
		origin: 'DOCKER_TLS_VERIFY',
	});
});

test('files for TLS that are missing or unreadable are told', () => {
	const verify = { ...remote, DOCKER_TLS_VERIFY: '1' };
	expect([problem(verify, {}), problem(verify, { ...pems, '/certs/key.pem': unreadable })]).toEqual([
		[
			'toolchain/engine-settings',
			'DOCKER_TLS_VERIFY needs "/certs/ca.pem", which does not exist',
			'name the folder of ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH',
		],
		[
			'toolchain/engine-settings',
			'"/certs/key.pem" cannot be read: EACCES',
			'it is needed for the connection to the container engine',
		],
	]);
});

const runtime = { XDG_RUNTIME_DIR: '/run/user/1' };
test.each([
	['/var/run/docker.sock', {}],
	['/home/me/.docker/run/docker.sock', {}],
	['/run/user/1/docker.sock', runtime],
	['/run/user/1/podman/podman.sock', runtime],
	['/run/podman/podman.sock', runtime],
])('without settings an engine is found at %s', (path, environment) => {
	expect(resolve(environment, { [path]: '' })).toEqual({
		way: { kind: 'unix', path },
		url: `unix://${path}`,
		origin: 'its usual place',
	});
});

test("Docker's socket comes before Podman's, and Podman's variable before all places", () => {
	const both = { ...sockets, '/run/podman/podman.sock': '' };
	const container = { CONTAINER_HOST: 'unix:///run/user/1/podman/podman.sock' };
	expect([
		resolve({}, both).url,
		resolve(container, both),
		resolve({ ...container, DOCKER_HOST: 'tcp://x:1' }).url,
	]).toEqual([
		'unix:///var/run/docker.sock',
		{
			way: { kind: 'unix', path: '/run/user/1/podman/podman.sock' },
			url: 'unix:///run/user/1/podman/podman.sock',
			origin: 'CONTAINER_HOST',
		},
		'tcp://x:1',
	]);
});

test('no engine at all is told with the places that were looked at', () => {
	expect(problem(runtime, {})).toEqual([
		'toolchain/engine-missing',
		'there is no container engine on this machine',
		'start Docker or Podman, name an engine with DOCKER_HOST, or build with --machine native',
		'nothing at /var/run/docker.sock',
		'nothing at /home/me/.docker/run/docker.sock',
		'nothing at /run/user/1/docker.sock',
		'nothing at /run/user/1/podman/podman.sock',
		'nothing at /run/podman/podman.sock',
	]);
});
