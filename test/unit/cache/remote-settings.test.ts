import { describe, expect, test } from 'vitest';
import { type RemoteOptions, readRemoteSettings } from '../../../src/cache/remote-settings.js';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';

const URL = 'https://cache.example.com/team/';

/** What variables say, by the part of their names behind `CPYBUILD_REMOTE_CACHE`. */
function read(variables: Readonly<Record<string, string>>, options: RemoteOptions = {}) {
	const environment = Object.entries(variables).map(([name, value]) => [`CPYBUILD_REMOTE_CACHE${name}`, value]);
	return readRemoteSettings(options, Object.fromEntries(environment));
}

/** What is wrong with variables. */
function problem(variables: Readonly<Record<string, string>>, options: RemoteOptions = {}) {
	try {
		return read(variables, options);
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.map(({ code, message, hint }) => ({ code, message, ...(hint && { hint }) }))[0];
	}
}

describe('where the cache is', () => {
	test('nowhere unless said', () => {
		expect(read({ _MODE: 'read-write', _TOKEN: 'secret' })).toBeUndefined();
	});

	test('a URL is enough to read', () => {
		expect(read({ '': 'https://cache.example.com' })).toEqual({
			url: 'https://cache.example.com/',
			mode: 'read',
			authorization: undefined,
		});
	});

	test.each([
		['http://localhost:8080', 'http://localhost:8080/'],
		['HTTP://[::1]:8080/', 'http://[::1]:8080/'],
		['https://cache.example.com/team', URL],
		['https://cache.example.com/team//', URL],
		[' https://cache.example.com/a/../team ', URL],
		['https://cache.example.com/@team', 'https://cache.example.com/@team/'],
	])('%s', (given, url) => {
		expect(read({ '': given })?.url).toBe(url);
	});

	test('options go before the environment', () => {
		const options = { remoteCache: URL, remoteCacheMode: 'read' } as const;
		expect(read({ '': 'https://other.example.com/', _MODE: 'read-write' }, options)).toEqual({
			url: URL,
			mode: 'read',
			authorization: undefined,
		});
	});

	test('an empty option switches it off', () => {
		expect(read({ '': URL }, { remoteCache: '' })).toBeUndefined();
	});

	test('empty variables are none: CI systems set those of secrets that a job may not see', () => {
		expect(read({ '': '', _MODE: '', _TOKEN: '', _USER: '', _PASSWORD: '' })).toBeUndefined();
		expect(read({ '': URL, _MODE: '', _TOKEN: '', _USER: '', _PASSWORD: '' })).toEqual({
			url: URL,
			mode: 'read',
			authorization: undefined,
		});
	});

	test.each(['cache.example.com', 'ftp://cache.example.com/', 'grpcs://cache.example.com', 'https://', 'cache'])(
		'%s is no place',
		(given) => {
			expect(problem({ '': given })).toEqual({
				code: 'usage/bad-value',
				message: `the remote cache needs an http or https URL, got "${given}"`,
				hint: 'for example https://cache.example.com/cpybuild',
			});
		},
	);

	test('what may hold a password is not repeated', () => {
		expect(problem({ '': 'me:secret@cache.example.com' })).toEqual({
			code: 'usage/bad-value',
			message: 'the remote cache needs an http or https URL',
			hint: 'for example https://cache.example.com/cpybuild',
		});
	});

	test.each([
		'https://me:secret@cache.example.com/',
		'https://me@cache.example.com/',
		'ftp://me:secret@cache.example.com',
	])('credentials have no place in a URL: %s', (given) => {
		expect(problem({ '': given })).toEqual({
			code: 'usage/bad-value',
			message: 'the URL of the remote cache must not hold a user or a password',
			hint: 'set CPYBUILD_REMOTE_CACHE_USER and CPYBUILD_REMOTE_CACHE_PASSWORD, or CPYBUILD_REMOTE_CACHE_TOKEN',
		});
	});

	test.each([`${URL}?key=secret`, `${URL}#top`])('nothing may follow the path: %s', (given) => {
		expect(problem({ '': given })).toEqual({
			code: 'usage/bad-value',
			message: 'the URL of the remote cache must end with its path: a "?" or "#" means nothing there',
			hint: 'entries are looked for below it, at ac/ and cas/',
		});
	});
});

describe('what may be done there', () => {
	test.each(['read', 'read-write'])('%s', (mode) => {
		expect(read({ '': URL, _MODE: mode })?.mode).toBe(mode);
	});

	test('nothing else', () => {
		expect(problem({ '': URL, _MODE: 'write' })).toEqual({
			code: 'usage/bad-value',
			message: 'CPYBUILD_REMOTE_CACHE_MODE is "read" or "read-write", got "write"',
		});
	});
});

describe('who asks', () => {
	const authorization = (variables: Readonly<Record<string, string>>) => read({ '': URL, ...variables })?.authorization;

	test('a token', () => {
		expect(authorization({ _TOKEN: 'abc.DEF-123==\n' })).toBe('Bearer abc.DEF-123==');
	});

	test('a user with a password, in UTF-8', () => {
		expect(authorization({ _USER: 'Aladdin', _PASSWORD: 'open sesame' })).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
		expect(authorization({ _USER: 'test', _PASSWORD: '123£:' })).toBe('Basic dGVzdDoxMjPCozo=');
	});

	test('a user without a password', () => {
		expect(authorization({ _USER: 'ci' })).toBe('Basic Y2k6');
	});

	test.each<[string, Readonly<Record<string, string>>, string, string?]>([
		[
			'a token and a user',
			{ _TOKEN: 'secret', _USER: 'ci' },
			'CPYBUILD_REMOTE_CACHE_TOKEN and CPYBUILD_REMOTE_CACHE_USER cannot both be set',
			'keep the token for bearer authentication, or user and password for basic authentication',
		],
		[
			'a password without a user',
			{ _PASSWORD: 'secret' },
			'CPYBUILD_REMOTE_CACHE_PASSWORD is set without CPYBUILD_REMOTE_CACHE_USER',
		],
		[
			'a token of two lines',
			{ _TOKEN: 'secret\nx-other: header' },
			'CPYBUILD_REMOTE_CACHE_TOKEN holds a character that no token has',
			'only visible ASCII characters can be sent',
		],
		[
			'a user with a colon',
			{ _USER: 'ci:secret' },
			'CPYBUILD_REMOTE_CACHE_USER cannot hold ":"',
			'the password belongs into CPYBUILD_REMOTE_CACHE_PASSWORD',
		],
	])('not %s', (_, variables, message, hint) => {
		expect(problem({ '': URL, ...variables })).toEqual({ code: 'usage/bad-value', message, ...(hint && { hint }) });
	});
});
