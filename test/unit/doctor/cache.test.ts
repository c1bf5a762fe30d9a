import { describe, expect, test } from 'vitest';
import { diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { type CacheFacts, judgeCache, judgeRemote } from '../../../src/doctor/cache.js';
import { CACHED, COLD } from './work-cases.js';

const GIB = 2 ** 30;

const FACTS: CacheFacts = {
	path: '/home/me/.cache/cpybuild',
	flag: '',
	state: 'usable',
	fileSystem: { shared: undefined, renames: true, locks: true },
	entries: 7,
	looked: 7,
	bytes: 1.5 * GIB,
	limit: 10 * GIB,
	damaged: [],
	leftovers: [],
};

const FOLDER = { id: 'cache.folder', state: 'ok', found: '/home/me/.cache/cpybuild' };
const FILE_SYSTEM = { id: 'cache.file-system', state: 'ok', found: 'renames and locks work' };
const ENTRIES = { id: 'cache.entries', state: 'ok', found: '7 entries, none damaged' };
const SIZE = { id: 'cache.size', state: 'ok', found: '1.5 GiB of at most 10.0 GiB' };

const judge = (facts: Partial<CacheFacts>, work = COLD) => judgeCache({ ...FACTS, ...facts }, work);

test('a healthy cache', () => {
	expect(judge({})).toEqual([FOLDER, FILE_SYSTEM, ENTRIES, SIZE]);
});

describe('its folder', () => {
	test('need not exist; --fix makes it', () => {
		expect(judge({ state: 'missing' })).toEqual([
			{
				id: 'cache.folder',
				state: 'ok',
				found: '/home/me/.cache/cpybuild does not exist yet: the first build makes it',
				fix: 'create-cache',
			},
		]);
	});

	test('must be a folder, or possible', () => {
		expect(judge({ state: 'no-folder', why: 'ENOTDIR' })).toEqual([
			{
				id: 'cache.folder',
				state: 'error',
				found: '/home/me/.cache/cpybuild cannot be a folder (ENOTDIR)',
				means: 'a build keeps finished steps there; name another folder with --cache-dir or CPYBUILD_CACHE_DIR',
			},
		]);
	});

	test('must take what has to be made', () => {
		const { fileSystem: _, ...facts } = FACTS;
		const unwritable = { ...facts, state: 'unwritable', why: 'EACCES', path: '/home/me/a cache' } as const;
		const found = '/home/me/a cache cannot be written to (EACCES)';
		const repair = `sudo chown -R "$(id -u)" '/home/me/a cache'`;
		expect(judgeCache(unwritable, COLD)).toEqual([
			{
				id: 'cache.folder',
				state: 'error',
				found,
				means: 'what is not in it cannot be made; correct its permissions, or name another folder with --cache-dir',
				repair,
			},
			ENTRIES,
			SIZE,
		]);
		expect(judgeCache(unwritable, CACHED)[0]).toEqual({
			id: 'cache.folder',
			state: 'warning',
			found,
			means: 'this build works, since all that it needs is there; another one cannot keep anything',
			repair,
		});
		expect(judgeCache({ ...unwritable, why: 'EROFS' }, COLD)[0]).not.toHaveProperty('repair');
	});
});

describe('its file system', () => {
	const judged = (fileSystem: Partial<NonNullable<CacheFacts['fileSystem']>>) =>
		judge({ fileSystem: { shared: undefined, renames: true, locks: true, ...fileSystem } })[1];

	test('must rename', () => {
		expect(judged({ renames: false, locks: false, shared: 'NFS' })).toEqual({
			id: 'cache.file-system',
			state: 'error',
			found: 'the file system of the cache cannot replace a file by renaming another',
			means: 'entries arrive in the cache by a rename; name a folder on a local disk with --cache-dir',
		});
	});

	test('should have what locks are made of', () => {
		expect(judged({ locks: false, shared: '9P' })).toEqual({
			id: 'cache.file-system',
			state: 'warning',
			found: 'the file system of the cache has no sockets or links',
			means: 'there are no locks, so builds at the same time may do the same work twice',
		});
	});

	test('may be shared', () => {
		expect(judged({ shared: 'NFS' })).toEqual({
			id: 'cache.file-system',
			state: 'note',
			found: 'the cache is on a file system of type NFS',
			means: 'hosts that share it do not see each other, and may do work twice; a local disk is faster',
		});
	});
});

describe('its entries', () => {
	const key = '0123456789abcdef'.repeat(4);

	test('may be damaged', () => {
		const damaged = [
			{ kind: 'base', key, what: '"include/Python.h" is missing' },
			{ kind: 'base', key, what: 'its record has changed' },
		];
		expect(judge({ damaged, flag: ' --cache-dir /c' })[2]).toEqual({
			id: 'cache.entries',
			state: 'warning',
			found: '1 of 7 entries is damaged',
			means: 'builds do not use them and make them again; when this comes back, look for a failing disk',
			repair: 'cpybuild cache verify --cache-dir /c',
			details: ['"base" 0123456789ab: "include/Python.h" is missing', '"base" 0123456789ab: its record has changed'],
			fix: 'drop-damaged',
		});
		const two = [...damaged, { kind: 'link', key, what: 'its record has changed' }];
		expect(judge({ damaged: two })[2]).toMatchObject({ found: '2 of 7 entries are damaged' });
	});

	test.each([
		[0, 0, '0 entries'],
		[1, 1, '1 entry, none damaged'],
		[1000, 300, '1000 entries; of the 300 used last none is damaged'],
	])('%d, of which %d were looked at', (entries, looked, found) => {
		expect(judge({ entries, looked })[2]).toEqual({ ...ENTRIES, found });
	});
});

test('what killed processes left', () => {
	const leftovers = ['tmp/host-4242-abcdef'];
	expect(judge({ leftovers, flag: ' --cache-dir /c' })).toEqual([
		FOLDER,
		FILE_SYSTEM,
		ENTRIES,
		{
			id: 'cache.leftovers',
			state: 'note',
			found: 'processes that were killed left a folder in the cache',
			means: 'they take room, and the next build removes them',
			repair: 'cpybuild doctor --fix --cache-dir /c',
			details: leftovers,
			fix: 'sweep-cache',
		},
		SIZE,
	]);
	expect(judge({ leftovers: [...leftovers, 'tmp/host-4243-abcdef'] })[3]).toMatchObject({
		found: 'processes that were killed left 2 folders in the cache',
	});
});

test('a cache that is larger than it may be', () => {
	expect(judge({ limit: GIB })[3]).toEqual({
		id: 'cache.size',
		state: 'note',
		found: '1.5 GiB of at most 1.0 GiB',
		means: 'builds remove what was not used for the longest time, a little each time',
		repair: 'cpybuild cache gc',
		fix: 'shrink-cache',
	});
	expect(judge({ limit: FACTS.bytes })[3]).toMatchObject({ state: 'ok' });
});

describe('a remote cache', () => {
	const url = 'https://cache.example.com/';

	test('that answers', () => {
		expect(judgeRemote({ url, warnings: [] })).toEqual([
			{ id: 'cache.remote', state: 'ok', found: 'https://cache.example.com/ answers' },
		]);
	});

	test('that does not fails no build', () => {
		const warning = diagnostic({
			code: 'cache/remote-unreachable',
			severity: 'warning',
			message: `the remote cache "${url}" cannot be reached`,
			details: ['connect ECONNREFUSED'],
			hint: 'the build goes on without it; check the URL and the server',
		});
		const { hint: _, details: __, ...short } = warning;
		expect(judgeRemote({ url, warnings: [warning, short] })).toEqual([
			{
				id: 'cache.remote',
				state: 'warning',
				found: 'the remote cache "https://cache.example.com/" cannot be reached',
				means: 'the build goes on without it; check the URL and the server',
				details: ['connect ECONNREFUSED'],
			},
			{
				id: 'cache.remote',
				state: 'warning',
				found: 'the remote cache "https://cache.example.com/" cannot be reached',
				means: 'the build goes on without it',
			},
		]);
	});
});
