import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Memo } from '../../src/cache/memo.js';
import { openStore } from '../../src/cache/store.js';
import { nativeMachine } from '../../src/machine/native.js';
import { findLocked, resolveToolchain } from '../../src/toolchain/resolve.js';
import type { Resolving } from '../../src/toolchain/resolving.js';
import { CACHE, makeCache } from '../helpers/cache.js';
import { cpybuild } from '../helpers/cli.js';
import { buildJson } from '../helpers/events.js';
import { hashFolder } from '../helpers/folder.js';
import { makeProject, type Project } from '../helpers/project.js';
import { WITHOUT_FETCHING } from '../helpers/resolving.js';
import { serve } from '../unit/source/server.js';
import { sha256Of } from '../unit/source/tarballs.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32, b: s32) -> s32" }
`;

/** The folder of Debian's LLVM programs. */
const LLVM = '/usr/lib/llvm-19';

/** The hash of CPython 3.13.5's tarball, which earlier tests have left in the cache. */
const SOURCE = '93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640';

const PLATFORM = `${process.platform}-${process.arch}`;

const lockOf = (folder: string) => readFileSync(join(folder, 'cpybuild.lock'), 'utf8');

/** A project that was built, and so has a lock and a warm cache. */
async function builtProject(): Promise<Project> {
	const project = await makeProject({ 'project.yaml': MANIFEST });
	const { code, stderr } = await project.build();
	expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
	return project;
}

// The base is in the cache that all tests share, from here on.
beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	writeFileSync(join(folder, 'project.yaml'), MANIFEST);
	const { code, stderr } = await cpybuild(['build'], { cwd: folder });
	await rm(folder, { recursive: true });
	if (code !== 0) throw new Error(stderr);
});

describe('a build with a lock', () => {
	test('and a warm cache needs no compiler, and gives the same bytes', async () => {
		const first = await builtProject();
		const second = await makeProject({ 'project.yaml': MANIFEST, 'cpybuild.lock': lockOf(first.folder) });
		const env = { PATH: join(second.folder, 'nowhere') };
		const result = await cpybuild(['build', '--quiet', '--frozen', '--offline'], { cwd: second.folder, env });
		expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(hashFolder(second.dist)).toEqual(hashFolder(first.dist));
		expect(lockOf(second.folder)).toBe(lockOf(first.folder));
	});

	test('is up to date until the lock changes', async () => {
		const { folder } = await builtProject();
		const status = async () => (await buildJson(folder)).report?.status;
		expect(await status()).toBe('up-to-date');
		const text = lockOf(folder);
		writeFileSync(join(folder, 'cpybuild.lock'), JSON.stringify(JSON.parse(text)));
		expect(await status()).toBe('built');
		expect(await status()).toBe('up-to-date');
		rmSync(join(folder, 'cpybuild.lock'));
		expect(await status()).toBe('built');
		expect(lockOf(folder)).toBe(text);
	});

	test('is the same for all checkouts, and holds no path', async () => {
		const [one, other] = [await builtProject(), await builtProject()];
		const lock = lockOf(one.folder);
		expect(lockOf(other.folder)).toBe(lock);
		expect(lock.match(/"[^"]*\/(usr|lib|tmp|home|root)\/[^"]*"/g)).toBeNull();
		expect(Object.keys(JSON.parse(lock).toolchains)).toEqual([PLATFORM]);
	});

	test('says where it is damaged', async () => {
		const { folder, build } = await builtProject();
		writeFileSync(join(folder, 'cpybuild.lock'), '{\n\t"version": 1,\n}\n');
		expect(await build('--quiet')).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[lock/unreadable]: "cpybuild.lock" cannot be read: it is not valid JSON
  --> cpybuild.lock:3:1
   |
 3 | }
   | ^
   = hint: restore it from version control, or remove it: the next build writes a new one`,
		});
	});

	test('of another platform looks for a toolchain, and adds it', async () => {
		const { folder, build } = await builtProject();
		const text = lockOf(folder);
		const { toolchains, ...rest } = JSON.parse(text);
		const elsewhere = { ...rest, toolchains: { 'plan9-mips': toolchains[PLATFORM] } };
		writeFileSync(join(folder, 'cpybuild.lock'), JSON.stringify(elsewhere));
		expect((await build()).code).toBe(0);
		expect(JSON.parse(lockOf(folder)).toolchains).toEqual({ ...elsewhere.toolchains, ...toolchains });
	});
});

/** A clang of its own: Debian's launcher beside a copy of the library that it loads first. */
async function makeClang(folder: string): Promise<string> {
	const bin = join(folder, 'llvm/bin');
	const lib = join(folder, 'llvm/lib');
	await mkdir(bin, { recursive: true });
	await mkdir(lib);
	await cp(join(LLVM, 'bin/clang'), join(bin, 'clang'), { dereference: true });
	await symlink(join(LLVM, 'lib/clang'), join(lib, 'clang'));
	const library = readdirSync(join(LLVM, 'lib')).find((name) => name.startsWith('libclang-cpp.so.19'));
	await cp(join(LLVM, 'lib', library ?? ''), join(lib, library ?? ''), { dereference: true });
	for (const tool of ['wasm-ld', 'llvm-ar', 'llvm-ranlib']) await symlink(join(LLVM, 'bin', tool), join(bin, tool));
	await symlink(join(LLVM, 'bin/wasm-ld'), join(bin, 'wasm-ld-19'));
	return bin;
}

/** A project that is locked, by `upgrade`, to a clang of its own, which is all that is on the search path. */
async function lockedProject() {
	const project = await makeProject({ 'project.yaml': MANIFEST });
	const { folder } = project;
	const cache = await makeCache(join(folder, 'cache'), ['source', 'sysroot']);
	const bin = await makeClang(folder);
	const run = (...args: string[]) =>
		cpybuild([...args, '--cache-dir', cache, '--compiler', 'native'], { cwd: folder, env: { PATH: bin } });
	const { code, stderr } = await run('upgrade');
	expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
	const lib = join(folder, 'llvm/lib');
	const library = readdirSync(lib).find((name) => name.startsWith('libclang-cpp.so')) ?? '';
	const { name } = JSON.parse(lockOf(folder)).toolchains[PLATFORM]['auto/native'];
	return { ...project, cache, run, bin, name, library, libraryPath: join(lib, library) };
}

const shortHash = (path: string) => sha256Of(readFileSync(path)).slice(0, 12);

describe('a machine with another toolchain than the locked one', () => {
	test('that differs in a library of the compiler is told which, before anything is compiled', async () => {
		const { folder, cache, run, name, library, libraryPath } = await lockedProject();
		const before = shortHash(libraryPath);
		appendFileSync(libraryPath, 'x');
		expect(await run('build', '--quiet')).toEqual({
			code: 3,
			stdout: '',
			stderr: `error[toolchain/not-locked]: cpybuild.lock records the toolchain "${name}", and this machine has another one
    "${name}" differs, recorded → here:
      library ${library}: ${before} → ${shortHash(libraryPath)}
   = hint: install what is recorded; or accept what is here, for all who build on this platform: "cpybuild upgrade"`,
		});
		expect(readdirSync(join(cache, 'tmp'))).toEqual([]);
		expect(existsSync(join(folder, 'dist'))).toBe(false);
	});

	test('accepts what it has with an upgrade, which shows the same difference', async () => {
		const { folder, run, name, library, libraryPath } = await lockedProject();
		const before = lockOf(folder);
		const old = shortHash(libraryPath);
		appendFileSync(libraryPath, 'x');
		const changes = `toolchain "auto/native" for ${PLATFORM}: ${name} → ${name}
library ${library}: ${old} → ${shortHash(libraryPath)}
`;
		expect((await run('upgrade', '--dry-run')).stdout).toBe(`${changes}nothing was written`);
		expect(lockOf(folder)).toBe(before);
		expect((await run('upgrade')).stdout).toBe(`${changes}wrote cpybuild.lock`);
		expect((await run('upgrade')).stdout).toBe('cpybuild.lock is current: nothing to upgrade');
	});

	test('uses the locked one wherever it is among several', async () => {
		const { folder, cache, bin, libraryPath } = await lockedProject();
		const { toolchains } = JSON.parse(lockOf(folder));
		const locked = toolchains[PLATFORM]['auto/native'];
		// Without a lock, clang-19 would come before clang.
		const newer = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
		onTestFinished(() => rm(newer, { recursive: true, force: true }));
		appendFileSync(libraryPath, 'x');
		const other = await makeClang(newer);
		for (const tool of ['clang', 'wasm-ld', 'llvm-ar', 'llvm-ranlib'])
			await symlink(join(bin, tool), join(other, `${tool}-20`));
		const store = await openStore(cache);
		const resolving: Resolving = {
			machine: nativeMachine(other),
			store,
			memo: new Memo(join(cache, 'memo.json')),
			compiler: 'native',
			environment: {},
			...WITHOUT_FETCHING,
			warn: () => {},
		};
		expect((await resolveToolchain('auto', resolving)).argv.clang[0]).toBe(join(other, 'clang-20'));
		expect((await findLocked(locked, 'auto', resolving)).argv.clang[0]).toBe(join(other, 'clang'));
		await store.close();
	});

	test('has to have one at all', async () => {
		const { folder, run, bin } = await lockedProject();
		await rm(join(bin, 'clang'));
		const { code, stderr } = await run('build', '--quiet');
		expect(code).toBe(3);
		expect(stderr.split('\n')[0]?.replaceAll(folder, '')).toBe(
			'error[toolchain/not-found]: no toolchain for WASI was found',
		);
	});
});

describe('--frozen', () => {
	const frozen = async (project: Project, ...args: string[]) =>
		cpybuild(['build', '--quiet', '--frozen', ...args], { cwd: project.folder, env: { PATH: '/nowhere' } });

	test('without a lock fails before anything runs', async () => {
		const project = await makeProject({ 'project.yaml': MANIFEST });
		expect(await frozen(project)).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[lock/frozen]: there is no "cpybuild.lock", which --frozen asks for
   = hint: build once without --frozen, and commit the file`,
		});
		expect(readdirSync(project.folder)).toEqual(['project.yaml']);
	});

	test('names everything that is not locked', async () => {
		const built = await builtProject();
		const project = await makeProject({
			'project.yaml': MANIFEST.replace('3.13.5', '3.11.2'),
			'cpybuild.lock': lockOf(built.folder),
		});
		const { sha256, url } = JSON.parse(lockOf(built.folder)).manifests['project.yaml'].python;
		const now = '2411c74bda5bbcfcddaf4531f66d1adc73f247f529aee981b029513aefdbf849';
		expect(await frozen(project, '--toolchain', 'embedded')).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[lock/frozen]: "cpybuild.lock" does not record what this build would use
    python: 3.13.5 → 3.11.2
    source of CPython: ${url} → https://www.python.org/ftp/python/3.11.2/Python-3.11.2.tgz
    sha256 of the source: ${sha256} → ${now}
    date of the build: 2025-06-11 → 2023-02-08
    toolchain "embedded" for ${PLATFORM}: none → not looked for
   = hint: build without --frozen on such a machine, and commit the file`,
		});
		expect(lockOf(project.folder)).toBe(lockOf(built.folder));
	});

	test('holds for a plan too', async () => {
		const { folder } = await makeProject({ 'project.yaml': MANIFEST });
		const { code, stderr } = await cpybuild(['plan', '--frozen'], { cwd: folder });
		expect({ code, first: stderr.split('\n')[0] }).toEqual({
			code: 2,
			first: 'error[lock/frozen]: there is no "cpybuild.lock", which --frozen asks for',
		});
	});
});

describe('--offline', () => {
	test('names the source that would have to be fetched, and asks no server', async () => {
		const server = await serve((_, response) => response.end());
		const project = await makeProject({ 'project.yaml': MANIFEST });
		const cache = await makeCache(join(project.folder, 'cache'), ['sysroot']);
		const env = { CPYBUILD_CPYTHON_MIRROR: server.url, CPYBUILD_REMOTE_CACHE: server.url };
		const args = ['build', '--quiet', '--offline', '--cache-dir', cache];
		expect(await cpybuild(args, { cwd: project.folder, env })).toEqual({
			code: 3,
			stdout: '',
			stderr: `error[toolchain/offline]: the source of CPython is not on this machine, and --offline forbids fetching it
  --> project.yaml:1:9
   |
 1 | python: "3.13.5"
   |         ^^^^^^^^
    https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz
    sha256 93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640
   = hint: build once without --offline, or download the file and name it: python: { version: "…", source: { path: "…" } }`,
		});
		expect(server.requests).toEqual([]);
	});
});

describe('the source of CPython', () => {
	test('is the locked one, whatever cpybuild pins today', async () => {
		const server = await serve((_, response) => {
			response.statusCode = 404;
			response.end();
		});
		const built = await builtProject();
		const lock = JSON.parse(lockOf(built.folder));
		const url = `${server.url}/Python-3.13.5.tar.gz`;
		lock.manifests['project.yaml'].python = { version: '3.13.5', origin: 'pin', url, sha256: 'a'.repeat(64) };
		const project = await makeProject({ 'project.yaml': MANIFEST, 'cpybuild.lock': JSON.stringify(lock) });
		const cache = await makeCache(join(project.folder, 'cache'), ['sysroot']);
		// A search path without apt: Debian's archive has no such file either, and asking it takes long.
		const args = ['build', '--quiet', '--cache-dir', cache];
		const { code } = await cpybuild(args, { cwd: project.folder, env: { PATH: '/nowhere' } });
		expect(code).toBe(3);
		expect(server.requests).toEqual(['/Python-3.13.5.tar.gz']);
		expect(lockOf(project.folder)).toBe(JSON.stringify(lock));
	});

	test('of the manifest is locked by its hash, and replaces what was locked', async () => {
		const { folder, write, build } = await builtProject();
		const tarball = readdirSync(join(CACHE, 'downloads', SOURCE))[0] ?? '';
		await write(
			'project.yaml',
			MANIFEST.replace(
				'"3.13.5"',
				`{ version: "3.13.5", source: { path: ${join(CACHE, 'downloads', SOURCE, tarball)} } }`,
			),
		);
		const before = JSON.parse(lockOf(folder));
		expect((await build('--quiet', '--offline')).code).toBe(0);
		const after = JSON.parse(lockOf(folder));
		expect(after.manifests['project.yaml'].python).toEqual({
			version: '3.13.5',
			origin: 'manifest',
			sha256: SOURCE,
			date: '2025-06-11',
		});
		expect(after.toolchains).toEqual(before.toolchains);
		await write('project.yaml', MANIFEST);
		expect((await build('--quiet', '--offline')).code).toBe(0);
		expect(JSON.parse(lockOf(folder))).toEqual(before);
	});
});
