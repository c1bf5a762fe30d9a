import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { encodeActionResult } from '../../src/cache/action-result.js';
import { type Key, keyOf, sha256 } from '../../src/cache/key.js';
import { openRemote } from '../../src/cache/remote.js';
import type { RemoteSettings } from '../../src/cache/remote-settings.js';
import { type Origin, openStore } from '../../src/cache/store.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { hashFolder, listFiles } from '../helpers/folder.js';
import { type RemoteServer, startBazelRemote, startNginx } from '../helpers/remote-server.js';

const KEY: Key = keyOf('example', { content: 'small' }, {});

/** What a machine got of an entry that it asked for. */
interface Got {
	readonly origin: Origin;
	readonly files: Readonly<Record<string, string>>;
	readonly warnings: readonly Diagnostic[];
}

/** Asks for an entry on a machine that has nothing in its own cache, and makes it when it is nowhere. */
async function ensureElsewhere(url: string, settings: Partial<RemoteSettings> = {}): Promise<Got> {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-machine-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
	const warnings: Diagnostic[] = [];
	const warn = (warning: Diagnostic) => void warnings.push(warning);
	const remote = openRemote({ url, mode: 'read-write', authorization: undefined, ...settings }, warn);
	const store = await openStore(folder, { warn, remote });
	const entry = await store.ensure('example', KEY, { shared: true, fill: async (out) => fillExample(out) });
	const files = hashFolder(entry.path);
	await store.close();
	return { origin: entry.origin, files, warnings };
}

/** Some text that compresses, and some bytes that do not. */
function fillExample(out: string): void {
	writeFileSync(join(out, 'text'), 'the same line\n'.repeat(2000));
	writeFileSync(
		join(out, 'noise'),
		Buffer.from(Array.from({ length: 2000 }, (_, at) => sha256(`${at}`)).join(''), 'hex'),
	);
}

const EXAMPLE = (() => {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-example-'));
	fillExample(folder);
	const files = hashFolder(folder);
	rmSync(folder, { recursive: true });
	return files;
})();

/** The files of a server below one of its folders, whose names differ between servers. */
function filesOf(server: RemoteServer, kind: 'ac' | 'cas'): readonly string[] {
	const folder = readdirSync(server.data).find((name) => name === kind || name.startsWith(`${kind}.`));
	return folder === undefined
		? []
		: listFiles(join(server.data, folder)).map((name) => join(server.data, folder, name));
}

/** What happens to files on a server's disk. */
const damages: Readonly<Record<string, (file: Buffer) => Buffer>> = {
	'a flipped bit': (file) => flip(file, 0.5),
	'a flipped bit at the beginning': (file) => flip(file, 0),
	'a flipped bit at the end': (file) => flip(file, 0.9999),
	'half of the file': (file) => file.subarray(0, file.length / 2),
	'an empty file': () => Buffer.of(),
	'the file twice': (file) => Buffer.concat([file, file]),
};

function flip(file: Buffer, part: number): Buffer {
	const at = Math.floor(file.length * part);
	file[at] = (file[at] ?? 0) ^ 4;
	return file;
}

/** What bazel-remote's own checks find is not there for its clients; nginx looks at nothing. */
const servers = [
	{
		name: 'bazel-remote',
		start: () => startBazelRemote(),
		silent: ['a flipped bit at the beginning', 'half of the file', 'an empty file', 'the file twice'],
	},
	{ name: 'nginx', start: () => startNginx(), silent: [] },
] as const;

describe.each(servers)('$name', ({ start, silent }) => {
	test('brings an entry from one machine to another', async () => {
		const server = await start();
		expect(await ensureElsewhere(server.url)).toEqual({ origin: 'made', files: EXAMPLE, warnings: [] });
		expect(await ensureElsewhere(server.url)).toEqual({ origin: 'remote', files: EXAMPLE, warnings: [] });
	});

	test('gets nothing from a machine that may only read', async () => {
		const server = await start();
		expect(await ensureElsewhere(server.url, { mode: 'read' })).toEqual({
			origin: 'made',
			files: EXAMPLE,
			warnings: [],
		});
		expect([...filesOf(server, 'ac'), ...filesOf(server, 'cas')]).toEqual([]);
	});

	test.each(Object.keys(damages))(
		'has a damaged blob, %s: it is made again, with at most one warning',
		async (damage) => {
			const server = await start();
			await ensureElsewhere(server.url);
			spoil(filesOf(server, 'cas'), damage);
			const warnings = silent.some((one) => one === damage) ? [] : ['cache/remote-damaged'];
			expect(codesOf(await ensureElsewhere(server.url))).toEqual({ origin: 'made', files: EXAMPLE, warnings });
			// Whoever made it has sent the right bytes.
			expect(await ensureElsewhere(server.url)).toEqual({ origin: 'remote', files: EXAMPLE, warnings: [] });
		},
	);

	test.each(Object.keys(damages))('has a damaged ActionResult, %s: nothing wrong comes of it', async (damage) => {
		const server = await start();
		await ensureElsewhere(server.url);
		spoil(filesOf(server, 'ac'), damage);
		const got = codesOf(await ensureElsewhere(server.url));
		expect(got.files).toEqual(EXAMPLE);
		expect([[], ['cache/remote-damaged']]).toContainEqual(got.warnings);
		expect(await ensureElsewhere(server.url)).toEqual({ origin: 'remote', files: EXAMPLE, warnings: [] });
	});
});

function spoil(files: readonly string[], damage: string): void {
	for (const file of files) writeFileSync(file, damages[damage]?.(readFileSync(file)) ?? '');
}

function codesOf(got: Got): Omit<Got, 'warnings'> & { readonly warnings: readonly string[] } {
	return { ...got, warnings: got.warnings.map(({ code }) => code) };
}

describe('bazel-remote', () => {
	const BLOB = { sha256: sha256('a blob'), bytes: 6 };
	const find = async (url: string) => {
		const warnings: Diagnostic[] = [];
		const remote = openRemote({ url, mode: 'read', authorization: undefined }, (warning) => warnings.push(warning));
		return { blob: await remote.find(KEY), warnings };
	};

	test('reads our messages with the official definition, and we read what it writes', async () => {
		const { url } = await startBazelRemote();
		const ac = `${url}ac/${KEY}`;
		await fetch(`${url}cas/${BLOB.sha256}`, { method: 'PUT', body: 'a blob' });
		await fetch(ac, { method: 'PUT', body: encodeActionResult(BLOB) });
		const outputFiles = [{ path: 'entry.tar', digest: { hash: BLOB.sha256, sizeBytes: '6' } }];
		const asJson = { headers: { accept: 'application/json' } };
		expect(await (await fetch(ac, asJson)).json()).toEqual({
			outputFiles,
			// The server adds who sent it.
			executionMetadata: { worker: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
		});
		const written = { outputFiles, stdoutRaw: 'aGVsbG8=', executionMetadata: { worker: 'another' } };
		const json = { 'content-type': 'application/json' };
		const put = await fetch(ac, { method: 'PUT', headers: json, body: JSON.stringify(written) });
		expect(put.status).toBe(200);
		expect(await find(url)).toEqual({ blob: BLOB, warnings: [] });
	});

	test('has no entry whose blob it does not have', async () => {
		const { url } = await startBazelRemote();
		const put = await fetch(`${url}ac/${KEY}`, { method: 'PUT', body: encodeActionResult(BLOB) });
		expect(put.status).toBe(200);
		expect(await find(url)).toEqual({ blob: undefined, warnings: [] });
		expect((await fetch(`${url}ac/${KEY}`)).status).toBe(404);
	});

	test('serves several teams below paths of their own', async () => {
		const { url } = await startBazelRemote();
		expect((await ensureElsewhere(`${url}one/`)).origin).toBe('made');
		expect((await ensureElsewhere(`${url}one/`)).origin).toBe('remote');
	});

	test('lets read without a password, and write with one', async () => {
		const { url } = await startBazelRemote(['--htpasswd_file', passwordFile(), '--allow_unauthenticated_reads']);
		const refused = warningOfRefusal(url, 'takes no entries', anonymous);
		expect(await ensureElsewhere(url)).toEqual({ origin: 'made', files: EXAMPLE, warnings: [refused] });
		expect((await ensureElsewhere(url, { authorization: basic('ci', 'secret') })).origin).toBe('made');
		expect(await ensureElsewhere(url, { mode: 'read' })).toEqual({ origin: 'remote', files: EXAMPLE, warnings: [] });
	});
});

const anonymous = 'set CPYBUILD_REMOTE_CACHE_TOKEN, or CPYBUILD_REMOTE_CACHE_USER and CPYBUILD_REMOTE_CACHE_PASSWORD';

describe('nginx', () => {
	test('asks for a password', async () => {
		const { url } = await startNginx({
			passwords: PASSWORDS,
			location: `auth_basic "cache"; auth_basic_user_file passwords;`,
		});
		const authorization = basic('ci', 'secret');
		expect(await ensureElsewhere(url)).toEqual({
			origin: 'made',
			files: EXAMPLE,
			warnings: [warningOfRefusal(url, 'gives no entries', anonymous)],
		});
		expect(await ensureElsewhere(url, { authorization: basic('ci', 'guess') })).toEqual({
			origin: 'made',
			files: EXAMPLE,
			warnings: [
				warningOfRefusal(
					url,
					'gives no entries',
					'check the credentials in the environment variables CPYBUILD_REMOTE_CACHE_…',
				),
			],
		});
		expect(await ensureElsewhere(url, { authorization })).toEqual({ origin: 'made', files: EXAMPLE, warnings: [] });
		expect(await ensureElsewhere(url, { authorization })).toEqual({ origin: 'remote', files: EXAMPLE, warnings: [] });
	});

	test('lets read without a password, and write with one', async () => {
		const { url } = await startNginx({
			passwords: PASSWORDS,
			location: 'limit_except GET { auth_basic "cpybuild"; auth_basic_user_file passwords; }',
		});
		expect((await ensureElsewhere(url)).warnings).toEqual([warningOfRefusal(url, 'takes no entries', anonymous)]);
		const authorization = basic('ci', 'secret');
		expect(await ensureElsewhere(url, { authorization })).toEqual({ origin: 'made', files: EXAMPLE, warnings: [] });
		expect(await ensureElsewhere(url, { mode: 'read' })).toEqual({ origin: 'remote', files: EXAMPLE, warnings: [] });
	});

	test('asks for a token when something is written', async () => {
		const { url } = await startNginx({
			http: `map "$request_method $http_authorization" $refused { default 1; ~^(GET|HEAD) 0; "PUT Bearer t0ken" 0; }`,
			location: 'if ($refused) { return 403; }',
		});
		expect((await ensureElsewhere(url)).warnings).toEqual([warningOfRefusal(url, 'takes no entries', anonymous, 403)]);
		const authorization = 'Bearer t0ken';
		expect(await ensureElsewhere(url, { authorization })).toEqual({ origin: 'made', files: EXAMPLE, warnings: [] });
		expect(await ensureElsewhere(url, { mode: 'read' })).toEqual({ origin: 'remote', files: EXAMPLE, warnings: [] });
	});
});

/** The line of a password file for the user "ci" with the password "secret". */
const PASSWORDS = [`ci:{SHA}${createHash('sha1').update('secret').digest('base64')}`];

function passwordFile(): string {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-passwords-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	writeFileSync(join(folder, 'passwords'), PASSWORDS.join('\n'));
	return join(folder, 'passwords');
}

function basic(user: string, password: string): string {
	return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function warningOfRefusal(url: string, what: string, hint: string, status = 401): Diagnostic {
	const message = `the remote cache "${url}" ${what} (HTTP ${status})`;
	return { code: 'cache/remote-refused', severity: 'warning', message, hint };
}
