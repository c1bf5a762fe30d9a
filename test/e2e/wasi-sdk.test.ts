import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTar } from 'modern-tar';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../src/cache/memo.js';
import { openStore } from '../../src/cache/store.js';
import { renderPretty } from '../../src/diagnostics/render.js';
import { CpybuildError } from '../../src/index.js';
import { nativeMachine } from '../../src/machine/native.js';
import type { OwnWasiSdk, ToolchainChoice } from '../../src/manifest/manifest.js';
import { findLocked, resolveToolchain } from '../../src/toolchain/resolve.js';
import type { SdkFetching } from '../../src/toolchain/resolving.js';
import { makeCache } from '../helpers/cache.js';
import { cpybuild } from '../helpers/cli.js';
import { makeProject } from '../helpers/project.js';
import { embeddedSysroot, makeSdk, packSdk } from '../helpers/wasi-sdk.js';
import { serve } from '../unit/source/server.js';
import { sha256Of } from '../unit/source/tarballs.js';

/** Where releases are, behind the address of a mirror. */
const RELEASE = '/WebAssembly/wasi-sdk/releases/download/wasi-sdk-24/wasi-sdk-24.0-x86_64-linux.tar.gz';

let sysroot: string;
let archive: Buffer;
let sha256: string;

beforeAll(async () => {
	sysroot = await embeddedSysroot();
	archive = await packSdk(sysroot);
	sha256 = sha256Of(archive);
});

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** What a test looks for, and where. */
interface Case {
	readonly choice?: ToolchainChoice;
	readonly own?: OwnWasiSdk;
	readonly minor?: string;
	readonly mirror?: string;
	/** What `WASI_SDK_PATH` names. */
	readonly named?: string;
	/** Instead of the machine's `/`. */
	readonly root?: string;
	readonly cache?: string;
	readonly fetching?: Partial<SdkFetching>;
}

/** Looks for a WASI-SDK as a build does: what was found, told and warned of, or the error. */
async function look(given: Case = {}) {
	const cache = given.cache ?? (await makeCache(join(await temporaryFolder(), 'cache'), ['sysroot']));
	const log: string[] = [];
	const warnings: string[] = [];
	const store = await openStore(cache);
	const { choice = 'wasi-sdk@24', own = { sha256 }, minor = '3.13', mirror, named, root = '/nowhere' } = given;
	const resolving = {
		machine: nativeMachine(process.env.PATH ?? ''),
		store,
		memo: new Memo(join(cache, 'memo.json')),
		compiler: 'auto',
		environment: { WASI_SDK_PATH: named },
		warn: (warning: Parameters<typeof renderPretty>[0][number]) => warnings.push(renderPretty([warning])),
		minor,
		fetching: { own, mirror, offline: false, log: (line: string) => log.push(line), ...given.fetching },
	} as const;
	try {
		const toolchain = await resolveToolchain(choice, resolving, root);
		return { cache, log, warnings, toolchain, resolving, error: undefined };
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
		return { cache, log, warnings, toolchain: undefined, resolving, error: renderPretty(error.diagnostics) };
	} finally {
		await store.close();
	}
}

/** Where the fetched SDK is in a cache. */
function treeOf(cache: string): string {
	const names = readdirSync(join(cache, 'trees/wasi-sdk')).filter((name) => !name.endsWith('.json'));
	expect(names).toHaveLength(1);
	return join(cache, 'trees/wasi-sdk', names[0] ?? '');
}

const serveArchive = () => serve((_, response) => response.end(archive));

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('a WASI-SDK that is not here', () => {
	test('is fetched, unpacked and kept', async () => {
		const server = await serveArchive();
		const { cache, log, warnings, toolchain } = await look({ mirror: server.url });
		expect(toolchain?.name).toMatch(/^WASI-SDK 24\.0, clang 19\./);
		expect([server.requests, warnings]).toEqual([[RELEASE], []]);
		expect(log).toEqual([`fetching ${server.url}${RELEASE}`, 'unpacking wasi-sdk-24.0-x86_64-linux.tar.gz']);

		const sdk = treeOf(cache);
		expect(toolchain?.argv.clang[0]).toBe(join(sdk, 'bin/clang'));
		expect(await readlink(join(sdk, 'bin/clang'))).toBe('clang-19');
		expect(statSync(join(sdk, 'bin/clang-19')).mode & 0o111).toBe(0o111);
		expect(readdirSync(join(sdk, 'share/wasi-sysroot/lib'))).toEqual(['wasm32-wasip1']);

		const again = await look({ cache, fetching: { offline: true } });
		expect([again.toolchain?.identity, again.log]).toEqual([toolchain?.identity, []]);
	});

	test('is the same toolchain as an installed one', async () => {
		const server = await serveArchive();
		const { cache, toolchain } = await look({ mirror: server.url });
		const installed = await look({ named: treeOf(cache) });
		expect(installed.toolchain?.identity).toEqual(toolchain?.identity);
		expect(installed.toolchain?.name).toBe(toolchain?.name);
	});

	test('is fetched through redirects, and goes on after a break', async () => {
		const half = Math.floor(archive.length / 2);
		const asked: (string | undefined)[] = [];
		const server = await serve(({ url, headers }, response) => {
			asked.push(headers.range);
			if (url === RELEASE) response.writeHead(302, { location: '/signed' }).end();
			else if (headers.range === undefined) {
				response.writeHead(200, { etag: '"1"', 'content-length': archive.length });
				response.write(archive.subarray(0, half), () => setImmediate(() => response.destroy()));
			} else {
				const from = Number(headers.range.match(/\d+/)?.[0]);
				const range = `bytes ${from}-${archive.length - 1}/${archive.length}`;
				response.writeHead(206, { etag: '"1"', 'content-range': range }).end(archive.subarray(from));
			}
		});
		const { toolchain, log } = await look({ mirror: server.url });
		expect(toolchain?.name).toMatch(/^WASI-SDK 24\.0/);
		expect(server.requests).toEqual([RELEASE, '/signed', RELEASE, '/signed']);
		expect(asked).toEqual([undefined, undefined, expect.stringMatching(/^bytes=\d+-$/), asked[2]]);
		expect(log[1]).toContain('; going on after ');
	});

	test('is fetched from an address of its own', async () => {
		const server = await serveArchive();
		const own = { sha256: { 'x86_64-linux': sha256 }, url: `${server.url}/sdk-{platform}.tgz` };
		const { toolchain } = await look({ own });
		expect(toolchain?.name).toMatch(/^WASI-SDK 24\.0/);
		expect(server.requests).toEqual(['/sdk-x86_64-linux.tgz']);
	});

	test('is fetched once by builds that run at the same time', async () => {
		const server = await serveArchive();
		const cache = await makeCache(join(await temporaryFolder(), 'cache'), ['sysroot']);
		const found = await Promise.all([1, 2, 3].map(() => look({ mirror: server.url, cache })));
		expect(found.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
		expect(server.requests).toEqual([RELEASE]);
	});

	test('is unpacked again from what was fetched when a file of it has changed', async () => {
		const server = await serveArchive();
		const { cache, toolchain } = await look({ mirror: server.url });
		const stdio = join(treeOf(cache), 'share/wasi-sysroot/include/wasm32-wasip1/stdio.h');
		const before = readFileSync(stdio, 'utf8');
		await writeFile(stdio, '#error spoiled\n');
		const again = await look({ cache, fetching: { offline: true } });
		expect(again.toolchain?.identity).toEqual(toolchain?.identity);
		expect(readFileSync(stdio, 'utf8')).toBe(before);
		expect(again.log).toEqual(['unpacking wasi-sdk-24.0-x86_64-linux.tar.gz']);
	});

	test('is found by a lock that recorded it', async () => {
		const server = await serveArchive();
		const { toolchain } = await look({ mirror: server.url });
		const { resolving, cache } = await look({ named: '/nowhere', mirror: server.url });
		if (!toolchain) throw new Error('nothing was found');
		const store = await openStore(cache);
		const elsewhere = { ...resolving, store, environment: {} };
		expect((await findLocked(toolchain, 'wasi-sdk@24', elsewhere, '/nowhere')).identity).toEqual(toolchain.identity);
		await store.close();
		expect(server.requests).toEqual([RELEASE, RELEASE]);
	});

	const failing: readonly (readonly [string, Case & { answer?: (response: ServerResponse) => void }, string])[] = [
		[
			'of another content is refused',
			{ answer: (response) => response.end('another file') },
			`error[toolchain/source-hash-mismatch]: <server>${RELEASE} is not the file that was expected
    expected sha256 <hash>
    received sha256 ${sha256Of(Buffer.from('another file'))}
   = hint: nothing was kept; find out who changed the file before you change the hash
`,
		],
		[
			'that the server does not have is named',
			{ answer: (response) => response.writeHead(404).end() },
			`error[toolchain/not-fetched]: WASI-SDK 24 could not be fetched
    <server>${RELEASE}: HTTP 404
   = hint: connect to the network, name a mirror with CPYBUILD_WASI_SDK_MIRROR, or set WASI_SDK_PATH to the folder of an unpacked one
`,
		],
		[
			'is given up when the server says nothing',
			{ answer: () => {}, fetching: { silenceMs: 50 } },
			`error[toolchain/not-fetched]: WASI-SDK 24 could not be fetched
    <server>${RELEASE}: no data for 0.05 seconds
   = hint: connect to the network, name a mirror with CPYBUILD_WASI_SDK_MIRROR, or set WASI_SDK_PATH to the folder of an unpacked one
`,
		],
		[
			'is not fetched offline',
			{ fetching: { offline: true } },
			`error[toolchain/offline]: WASI-SDK 24 is not on this machine, and --offline forbids fetching it
    https://github.com${RELEASE}
    sha256 <hash>
   = hint: build once without --offline, or set WASI_SDK_PATH to the folder of an unpacked one
`,
		],
		[
			'is not fetched without a hash',
			{ choice: 'wasi-sdk@25', own: { sha256: { 'arm64-macos': 'ab'.repeat(32) } } },
			`error[toolchain/unpinned]: WASI-SDK 25 is not on this machine, and no hash of it for x86_64-linux is known
    https://github.com/WebAssembly/wasi-sdk/releases/download/wasi-sdk-25/wasi-sdk-25.0-x86_64-linux.tar.gz
    known for x86_64-linux: wasi-sdk@21, wasi-sdk@24, wasi-sdk@33
   = hint: give its hash: toolchain: { wasi-sdk: 25, sha256: { x86_64-linux: "…" } }; or install it below /opt, or set WASI_SDK_PATH to its folder
`,
		],
	];
	test.each(failing)('%s', async (_, { answer, ...given }, expected) => {
		const server = await serve((_request, response) => (answer ? answer(response) : response.end(archive)));
		const { error, cache } = await look({ mirror: server.url, ...given });
		expect(error?.replaceAll(server.url, '<server>').replaceAll(sha256, '<hash>')).toBe(expected);
		expect(server.requests).toEqual(answer ? [RELEASE] : []);
		expect(existsSync(join(cache, 'downloads'))).toBe(false);
	});

	test.each([
		['no archive', async () => Buffer.from('text'), 'cannot be unpacked: '],
		['an archive of another version', () => packSdk(sysroot, '25.0'), 'is WASI-SDK 25.0, not 24'],
		[
			'an archive of something else',
			async () => Buffer.from(await packTar([{ header: { name: 'a/b', size: 0, type: 'file' }, body: '' }])),
			'has no "bin/clang"',
		],
		[
			'an archive that leads out of its folder',
			async () =>
				Buffer.from(
					await packTar([
						{ header: { name: 'sdk/bin', size: 0, type: 'symlink', linkname: '../../../..' } },
						{ header: { name: 'sdk/bin/clang', size: 0, type: 'file' }, body: '' },
					]),
				),
			'cannot be unpacked: ',
		],
	])('is refused when it is %s', async (_, pack, reason) => {
		const wrong = await pack();
		const server = await serve((_request, response) => response.end(wrong));
		const { error, cache } = await look({ mirror: server.url, own: { sha256: sha256Of(wrong) } });
		expect(error?.split('\n')[0]).toMatch(
			new RegExp(`^error\\[toolchain/not-a-wasi-sdk\\]: "wasi-sdk-24\\.0-x86_64-linux\\.tar\\.gz" ${reason}`),
		);
		expect(existsSync(join(cache, 'trees/wasi-sdk'))).toBe(false);
	});
});

describe('the version of a WASI-SDK', () => {
	const other = (subject: string) =>
		`warning[toolchain/other-wasi-sdk]: ${subject} is not the one that CPython 3.13 is made for and tested with: that is 24
   = hint: take wasi-sdk@24; libraries that were built with it do not fit another one, since the C library (wasi-libc) keeps no ABI from one version to the next
`;
	const makeNamed = async (version: string, name = 'sdk') =>
		makeSdk(join(await temporaryFolder(), name), { sysroot, version });

	test('that does not fit is taken from WASI_SDK_PATH with a warning', async () => {
		const named = await makeNamed('25.0');
		for (const choice of ['wasi-sdk', 'auto'] as const) {
			const { toolchain, warnings } = await look({ choice, named });
			expect(toolchain?.name).toMatch(/^WASI-SDK 25\.0/);
			expect(warnings).toEqual([other(`"${named}" is WASI-SDK 25.0, which`)]);
		}
	});

	test('that was asked for and does not fit gives the warning too', async () => {
		const named = await makeNamed('25.0');
		const { toolchain, warnings } = await look({ choice: 'wasi-sdk@25', named });
		expect(toolchain?.name).toMatch(/^WASI-SDK 25\.0/);
		expect(warnings).toEqual([other('WASI-SDK 25')]);
	});

	test('that was asked for is not taken from WASI_SDK_PATH when that has another one', async () => {
		const named = await makeNamed('25.0');
		const root = await temporaryFolder();
		await makeSdk(join(root, 'opt/wasi-sdk-24.0'), { sysroot });
		const { toolchain, warnings } = await look({ named, root });
		expect(toolchain?.argv.clang[0]).toBe(join(root, 'opt/wasi-sdk-24.0/bin/clang'));
		expect(warnings).toEqual([
			`warning[toolchain/other-wasi-sdk]: WASI_SDK_PATH names "${named}", which is WASI-SDK 25.0 and not 24, so it is not used
   = hint: correct WASI_SDK_PATH or the toolchain
`,
		]);
	});

	test.each([
		['3.11', '21.0'],
		['3.13', '24.0'],
		['3.15', '33.0'],
	])('for CPython %s is the one of PEP 816 below /opt: %s', async (minor, version) => {
		const root = await temporaryFolder();
		for (const one of ['21.0', '24.0', '25.0', '33.0', '34.0']) {
			await makeSdk(join(root, `opt/wasi-sdk-${one}`), { sysroot, version: one });
		}
		const { toolchain, warnings } = await look({ choice: 'wasi-sdk', minor, root });
		expect(toolchain?.argv.clang[0]).toBe(join(root, `opt/wasi-sdk-${version}/bin/clang`));
		expect(warnings).toEqual([]);
	});

	test('is that of the folder where the SDK does not say it', async () => {
		const root = await temporaryFolder();
		const sdk = await makeSdk(join(root, 'opt/wasi-sdk-21.0'), { sysroot });
		await rm(join(sdk, 'VERSION'));
		const { toolchain } = await look({ choice: 'wasi-sdk', minor: '3.12', root });
		expect(toolchain?.name).toMatch(/^WASI-SDK 21\.0, /);
	});

	const hangs = (subject: string) =>
		`error[toolchain/bad-wasi-sdk]: ${subject} cannot build CPython: an interpreter that is built with it hangs when it exits
    https://github.com/WebAssembly/wasi-libc/issues/617
   = hint: take the one that fits CPython 3.13: wasi-sdk@24
`;

	test.each(['auto', 'wasi-sdk', 'wasi-sdk@27'] as const)('that is known to be bad is refused (%s)', async (choice) => {
		const named = await makeNamed('27.0');
		const { error } = await look({ choice, named });
		expect(error).toBe(hangs(choice === 'wasi-sdk@27' ? 'WASI-SDK 27' : 'WASI_SDK_PATH names WASI-SDK 27.0, and it'));
	});

	test('that is known to be bad is passed over when any toolchain will do', async () => {
		const root = await temporaryFolder();
		for (const one of ['26.0', '25.0']) await makeSdk(join(root, `opt/wasi-sdk-${one}`), { sysroot, version: one });
		const { resolving, cache } = await look({ choice: 'wasi-sdk@26' });
		const store = await openStore(cache);
		const warnings: string[] = [];
		const warn = (warning: { readonly message: string }) => warnings.push(warning.message);
		// Only a WASI-SDK can be found: there is no clang on this path for the others.
		const machine = nativeMachine('/nowhere');
		const only = { ...resolving, store, warn, machine, compiler: 'native' } as const;
		const toolchain = await resolveToolchain('auto', only, root);
		await store.close();
		expect(toolchain.argv.clang[0]).toBe(join(root, 'opt/wasi-sdk-25.0/bin/clang'));
		expect(warnings).toHaveLength(1);
	});

	test('that is known to be bad ends a build before anything else, whatever the lock records', async () => {
		const manifest = (toolchain: string) => `python: "3.13.5"\nmodules: {}\nbuild: { toolchain: ${toolchain} }\n`;
		const project = await makeProject({ 'project.yaml': manifest('wasi-sdk@26') });
		const identity = { target: 'x', compiler: 'x', programs: {}, libraries: {}, sysroot: 'ab'.repeat(32) };
		const platform = `${process.platform}-${process.arch}`;
		const toolchains = { [platform]: { 'wasi-sdk@26': { name: 'WASI-SDK 26.0', identity } } };
		await project.write('cpybuild.lock', JSON.stringify({ version: 1, manifests: {}, toolchains }));
		const { code, stderr, stdout } = await project.build();
		expect({ code, stderr: `${stderr}\n`, stdout }).toEqual({ code: 3, stderr: hangs('WASI-SDK 26'), stdout: '' });
		expect(existsSync(project.dist)).toBe(false);
	});

	test('can be given on the command line', async () => {
		const WASI_SDK_PATH = await makeNamed('24.0');
		const project = await makeProject({ 'project.yaml': 'python: "3.13.5"\nmodules: {}\n' });
		const plan = (toolchain: string) =>
			cpybuild(['plan', '--json', '--toolchain', toolchain], { cwd: project.folder, env: { WASI_SDK_PATH } });
		const [plain, exact] = await Promise.all([plan('wasi-sdk'), plan('wasi-sdk@24.0')]);
		expect([plain.code, exact.code]).toEqual([0, 0]);
		expect(exact.stdout).toBe(plain.stdout);
	});
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
	'a project is built with a WASI-SDK that was fetched, and its lock records the version',
	async () => {
		const server = await serveArchive();
		const project = await makeProject({
			'project.yaml': `python: "3.13.5"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32, b: s32) -> s32" }
build:
  toolchain:
    wasi-sdk: 24
    sha256: { x86_64-linux: ${sha256} }
`,
			'host.mjs': 'export default { demo: { bar: (a, b) => a + b } };\n',
		});
		const env = { CPYBUILD_WASI_SDK_MIRROR: server.url };
		// Bases are shared: this one is compiled once on a machine.
		const cache = await makeCache(join(project.folder, 'cache'));
		const built = await cpybuild(['build', '--cache-dir', cache], { cwd: project.folder, env });
		expect(built).toMatchObject({ code: 0, stderr: '' });
		expect(built.stdout.split('\n').slice(0, 2)).toEqual([
			`  fetching ${server.url}${RELEASE}`,
			'  unpacking wasi-sdk-24.0-x86_64-linux.tar.gz',
		]);
		expect(server.requests).toEqual([RELEASE]);
		const lock = JSON.parse(readFileSync(join(project.folder, 'cpybuild.lock'), 'utf8'));
		const recorded = lock.toolchains['linux-x64'];
		expect(Object.keys(recorded)).toEqual(['wasi-sdk@24']);
		expect(recorded['wasi-sdk@24'].name).toMatch(/^WASI-SDK 24\.0, clang 19\./);
		const host = join(project.folder, 'host.mjs');
		const run = await project.python('import demo, json; print(json.dumps(demo.bar(20, 22)))', { host });
		expect(run).toEqual({ code: 0, stdout: '42', stderr: '' });
		expect(lstatSync(join(project.dist, 'python.wasm')).size).toBeGreaterThan(1_000_000);
	},
	600_000,
);
