import { expect, test } from 'vitest';
import { findLogin, type HelperAnswer, registryOf } from '../../../src/engine/logins.js';
import { problemOf } from './fake-engine.js';

const base = { folder: '/home/me/.docker', path: '/home/me/.docker/config.json' };
const HUB = 'https://index.docker.io/v1/';

/** Programs that keep logins: what each answers for each registry. */
const programs = (answers: Readonly<Record<string, HelperAnswer>>) => async (program: string, registry: string) =>
	answers[`${program} ${registry}`];

const none = programs({});
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
	['debian', HUB],
	['library/debian:trixie', HUB],
	['docker.io/library/debian', HUB],
	['ghcr.io/python/wasicontainer:latest', 'ghcr.io'],
	['localhost/mine', 'localhost'],
	['build:5000/mine', 'build:5000'],
])('the registry of %s is %s', (image, registry) => {
	expect(registryOf(image)).toBe(registry);
});

test.each([
	['its name', 'ghcr.io', { 'ghcr.io': { auth: base64('me:secret:s') } }],
	['an address', 'ghcr.io', { 'https://ghcr.io/v2/': { auth: base64('me:secret:s\0\0') } }],
	["the address of Docker's own", HUB, { [HUB]: { auth: base64('me:secret:s') } }],
])('a login is read from the file by %s', async (_, registry, auths) => {
	expect(await findLogin(registry, { ...base, auths }, none)).toEqual({
		username: 'me',
		password: 'secret:s',
		serveraddress: registry,
	});
});

test('a token is read from the file', async () => {
	const auths = { 'ghcr.io': { auth: base64('me:'), identitytoken: 'TOKEN' } };
	expect(await findLogin('ghcr.io', { ...base, auths }, none)).toEqual({
		identitytoken: 'TOKEN',
		serveraddress: 'ghcr.io',
	});
});

test.each([
	['there is no configuration', {}],
	['the file has others', { auths: { 'quay.io': { auth: base64('me:secret') } } }],
	['the file only has its name', { auths: { 'ghcr.io': {} } }],
	['the file has nonsense', { auths: { 'ghcr.io': { auth: '????' } } }],
	['the program does not exist', { credsStore: 'gone', auths: { 'ghcr.io': { auth: base64('me:secret') } } }],
])('nobody is logged in when %s', async (_, config) => {
	expect(await findLogin('ghcr.io', { ...base, ...config }, none)).toBe(undefined);
});

test('the program for a registry goes before the one for all', async () => {
	const ask = programs({
		'docker-credential-all ghcr.io': { exitCode: 0, stdout: '{"Username":"all","Secret":"a"}' },
		'docker-credential-all quay.io': { exitCode: 0, stdout: '{"Username":"<token>","Secret":"TOKEN"}' },
		'docker-credential-own ghcr.io': { exitCode: 0, stdout: '{"Username":"own","Secret":"o"}' },
		'docker-credential-all build:5000': { exitCode: 1, stdout: 'credentials not found in native keychain\n' },
	});
	const config = { ...base, credsStore: 'all', credHelpers: { 'ghcr.io': 'own' } };
	expect(await Promise.all(['ghcr.io', 'quay.io', 'build:5000'].map((one) => findLogin(one, config, ask)))).toEqual([
		{ username: 'own', password: 'o', serveraddress: 'ghcr.io' },
		{ identitytoken: 'TOKEN', serveraddress: 'quay.io' },
		undefined,
	]);
});

test.each([
	[{ exitCode: 1, stdout: 'the keychain is locked\n' }, 'the keychain is locked'],
	[{ exitCode: 2, stdout: '' }, 'it exited with 2'],
	[{ exitCode: 0, stdout: 'hello' }, 'its answer is not what such programs give'],
])('a program that fails is told: %j', async (answer, detail) => {
	const looking = findLogin('ghcr.io', { ...base, credsStore: 'all' }, async () => answer);
	expect(await problemOf(looking)).toEqual({
		code: 'toolchain/registry-login',
		message: '"docker-credential-all", which "/home/me/.docker/config.json" names, tells no login',
		details: [detail],
		hint: 'log in again with "docker login", or remove the program from that file',
	});
});
