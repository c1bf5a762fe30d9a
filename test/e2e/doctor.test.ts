import { existsSync, readdirSync } from 'node:fs';
import { appendFile, chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { processSpace } from '../../src/cache/process-alive.js';
import type { Examination, Finding } from '../../src/index.js';
import { makeCache } from '../helpers/cache.js';
import { CLI, cpybuild, ROOT } from '../helpers/cli.js';
import { deadUrl } from '../helpers/loopback-server.js';
import { CLANG, PROGRAMS, placePrograms } from '../helpers/programs.js';
import { openProject, type Project } from '../helpers/project.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo:
    functions:
      examined: { signature: "func(a: s32) -> s32" }
`;

/** What says how programs are installed. */
const APT = ['apt-get', 'apt-cache', 'dpkg'];

/** The command for a package, as this user has to call it. */
const install = (packages: string) =>
	`${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install --no-install-recommends ${packages}`;

/** A built project with a cache of its own, which shares CPython's base with the usual one. */
let project: Project;
let cache: string;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	await chmod(folder, 0o755);
	project = await openProject(folder, { 'project.yaml': MANIFEST });
	expect(await project.build('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
	cache = await makeCache(join(folder, 'cache'));
	const first = ['build', '--quiet', '--cache-dir', cache, '--out', join(folder, 'dist-2')];
	expect(await cpybuild(first, { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
	return () => rm(folder, { recursive: true, force: true });
});

type Variables = Readonly<Record<string, string>>;

/** Builds the project as a clone that has no outputs yet. */
async function build(env: Variables, ...args: string[]) {
	const options = { cwd: project.folder, env: { CPYBUILD_CACHE_DIR: cache, ...env } };
	return cpybuild(['build', '--quiet', '--out', join(await newFolder(), 'dist'), ...args], options);
}

/** Examines the project before such a build. */
async function doctor(env: Variables, ...args: string[]): Promise<Examination & { readonly code: number }> {
	const options = { cwd: project.folder, env: { CPYBUILD_CACHE_DIR: cache, ...env } };
	const out = join(project.folder, 'nowhere');
	const { code, stdout, stderr } = await cpybuild(['doctor', '--json', '--out', out, ...args], options);
	expect(stderr).toBe('');
	const { type, ...examination } = JSON.parse(stdout);
	expect(type).toBe('doctor');
	return { code, ...examination };
}

function about({ findings }: Examination, ...groups: string[]): readonly Finding[] {
	return findings.filter(({ id }) => groups.some((group) => id.startsWith(group)));
}

function bad({ findings }: Examination): readonly string[] {
	return findings.filter(({ state }) => state === 'warning' || state === 'error').map(({ id }) => id);
}

/** A search path with these programs alone. */
async function pathOf(names: readonly string[]): Promise<string> {
	return placePrograms(await newFolder(), names);
}

async function newFolder(): Promise<string> {
	const folder = await mkdtemp(join(project.folder, 'test-'));
	await chmod(folder, 0o755);
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

test('a machine that is well builds', async () => {
	const examination = await doctor({});
	expect(bad(examination)).toEqual([]);
	expect(examination).toMatchObject({ code: 0, manifest: 'project.yaml', ready: true, fixed: [] });
	expect(about(examination, 'manifest', 'lock.file', 'programs')).toEqual([
		{ id: 'manifest.file', state: 'ok', found: '"project.yaml" asks for CPython 3.13.5' },
		{ id: 'lock.file', state: 'ok', found: expect.stringMatching(/^records "embedded sysroot, clang /) },
		{ id: 'programs.shell', state: 'ok', found: 'sh and what configure calls' },
		{ id: 'programs.make', state: 'ok', found: 'make' },
	]);
	expect(await build({})).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('examining changes nothing in the cache', async () => {
	const before = readdirSync(cache, { recursive: true }).sort();
	await doctor({});
	expect(readdirSync(cache, { recursive: true }).sort()).toEqual(before);
});

describe('without make and clang', () => {
	const withoutMake = {
		id: 'programs.make',
		found: '"make" is not on the PATH',
		repair: install('make'),
	};

	test('CPython cannot be compiled, and each thing has its command', async () => {
		const PATH = await pathOf([...PROGRAMS, ...APT]);
		const examination = await doctor({ PATH, CPYBUILD_CACHE_DIR: join(await newFolder(), 'none') });
		expect(examination).toMatchObject({ code: 3, ready: false });
		const [shell, make, ...others] = about(examination, 'programs');
		expect(others).toEqual([]);
		expect(shell).toMatchObject({ id: 'programs.shell', state: 'ok' });
		expect(make).toEqual({ ...withoutMake, state: 'error', means: 'CPython is compiled with it' });
		const lock = about(examination, 'lock.toolchain')[0];
		expect(lock).toMatchObject({ state: 'error', repair: 'cpybuild upgrade' });
		expect(about(examination, 'toolchain.choice')[0]).toMatchObject({
			state: 'warning',
			found: expect.stringMatching(/^embedded sysroot, clang \d+\.\d+\.\d+ as WebAssembly$/),
			means: 'it is some five times slower than a clang of the machine, from 19 on; there is none on the PATH',
			repair: install('clang-19 lld-19 llvm-19'),
		});
	});

	test('a build that must compile CPython fails, as was said', async () => {
		const folder = await newFolder();
		const env = { PATH: await pathOf([...PROGRAMS, ...CLANG]), CPYBUILD_CACHE_DIR: join(folder, 'cache') };
		await makeCache(join(folder, 'cache'), ['source']);
		const examination = await doctor(env);
		expect(bad(examination)).toEqual(['programs.make']);
		expect(examination).toMatchObject({ code: 3, ready: false });
		const { code, stderr } = await build(env);
		expect({ code, first: stderr.split('\n')[0] }).toEqual({
			code: 3,
			first: 'error[toolchain/not-found]: there is no program "make" on this machine',
		});
	});

	test('a build with the base in the cache works, as was said', async () => {
		const folder = await newFolder();
		const env = { PATH: await pathOf(CLANG), CPYBUILD_CACHE_DIR: await makeCache(join(folder, 'cache')) };
		const examination = await doctor(env);
		expect(bad(examination)).toEqual(['programs.shell', 'programs.make']);
		expect(examination).toMatchObject({ code: 0, ready: true });
		expect(await build(env)).toEqual({ code: 0, stdout: '', stderr: '' });
	});

	test('a build with everything in the cache works, as was said', async () => {
		const env = { PATH: '/nowhere' };
		const examination = await doctor(env);
		expect(examination).toMatchObject({ code: 0, ready: true });
		expect(about(examination, 'lock.toolchain')[0]).toMatchObject({ state: 'warning' });
		expect(await build(env)).toEqual({ code: 0, stdout: '', stderr: '' });
	});
});

test('the programs that are looked for are enough', async () => {
	const env = { PATH: await pathOf([...PROGRAMS, ...CLANG, 'make']) };
	expect(await doctor(env)).toMatchObject({ code: 0, ready: true });
});

describe('a toolchain that is not there', () => {
	test('fails doctor and build', async () => {
		const args = ['--toolchain', 'wasi-sdk@24', '--offline'];
		const env = { CPYBUILD_CACHE_DIR: await makeCache(join(await newFolder(), 'cache'), ['source']) };
		const examination = await doctor(env, ...args);
		expect(examination).toMatchObject({ code: 3, ready: false });
		const [choice] = about(examination, 'toolchain.choice');
		expect(choice).toMatchObject({ state: 'error' });
		const { code, stderr } = await build(env, ...args);
		expect({ code, first: stderr.split('\n')[0] }).toEqual({
			code: 3,
			first: `error[toolchain/offline]: ${choice?.found}`,
		});
	});

	test('and one with which CPython hangs, too', async () => {
		const args = ['--toolchain', 'wasi-sdk@27'];
		const examination = await doctor({}, ...args);
		expect(examination).toMatchObject({ code: 3, ready: false });
		expect(about(examination, 'toolchain.choice')).toEqual([
			{
				id: 'toolchain.choice',
				state: 'error',
				found: 'WASI-SDK 27 cannot build CPython: an interpreter that is built with it hangs when it exits',
				means: 'take the one that fits CPython 3.13: wasi-sdk@24',
				details: ['https://github.com/WebAssembly/wasi-libc/issues/617'],
			},
		]);
		expect(await build({}, ...args)).toMatchObject({ code: 3 });
	});
});

describe('a cache folder', () => {
	test('that is a file fails doctor and build', async () => {
		const file = join(await newFolder(), 'file');
		await writeFile(file, '');
		const examination = await doctor({ CPYBUILD_CACHE_DIR: file });
		expect(examination).toMatchObject({ code: 3, ready: false });
		expect(about(examination, 'cache')).toEqual([
			{
				id: 'cache.folder',
				state: 'error',
				found: `${file} cannot be a folder (ENOTDIR)`,
				means: 'a build keeps finished steps there; name another folder with --cache-dir or CPYBUILD_CACHE_DIR',
			},
		]);
		expect((await build({ CPYBUILD_CACHE_DIR: file })).code).not.toBe(0);
	});

	test('that belongs to somebody else fails doctor and build', async () => {
		const folder = await newFolder();
		const foreign = join(folder, 'cache');
		await mkdir(foreign, { mode: 0o555 });
		const out = join(folder, 'dist');
		const run = async (command: string, ...args: string[]) => {
			const { exitCode, stdout, stderr } = await execa(process.execPath, [CLI, command, ...args], {
				cwd: project.folder,
				env: { CPYBUILD_CACHE_DIR: foreign, HOME: folder, NO_COLOR: '1' },
				reject: false,
				...(process.getuid?.() === 0 && { uid: 65_534, gid: 65_534 }),
			});
			return { exitCode, stdout, stderr };
		};
		const { exitCode, stdout } = await run('doctor', '--json', '--out', out);
		expect(exitCode).toBe(3);
		expect(about(JSON.parse(stdout), 'cache.folder')).toEqual([
			{
				id: 'cache.folder',
				state: 'error',
				found: `${foreign} cannot be written to (EACCES)`,
				means: 'what is not in it cannot be made; correct its permissions, or name another folder with --cache-dir',
				repair: `sudo chown -R "$(id -u)" ${foreign}`,
			},
		]);
		const building = await run('build', '--quiet', '--out', out);
		expect([building.exitCode, building.stderr.split('\n')[0]]).toEqual([
			1,
			`error[cache/unwritable]: the cache folder "${foreign}" cannot be written to`,
		]);
	});

	test('that does not exist is made by --fix', async () => {
		const folder = join(await newFolder(), 'deep/cache');
		const env = { CPYBUILD_CACHE_DIR: folder };
		expect(about(await doctor(env), 'cache')).toEqual([
			{
				id: 'cache.folder',
				state: 'ok',
				found: `${folder} does not exist yet: the first build makes it`,
				fix: 'create-cache',
			},
		]);
		expect(existsSync(folder)).toBe(false);
		const fixed = await doctor(env, '--fix');
		expect(fixed.fixed).toEqual([{ id: 'cache.folder', done: true, what: `made the folder ${folder}` }]);
		expect(about(fixed, 'cache.folder')).toEqual([{ id: 'cache.folder', state: 'ok', found: folder }]);
		expect(await readdir(folder)).toContain('tmp');
	});
});

test('--fix removes what is damaged, and what killed processes left', async () => {
	const folder = await newFolder();
	const env = { CPYBUILD_CACHE_DIR: await makeCache(join(folder, 'cache')) };
	expect(await build(env)).toMatchObject({ code: 0 });
	const links = join(env.CPYBUILD_CACHE_DIR, 'trees/link');
	const key = (await readdir(links)).find((name) => !name.endsWith('.json')) ?? '';
	await appendFile(join(links, key, 'python.wasm'), 'damage');
	const left = `tmp/${processSpace()}-999999999-abcdef`;
	await mkdir(join(env.CPYBUILD_CACHE_DIR, left));

	const examination = await doctor(env);
	expect(examination).toMatchObject({ code: 0, ready: true });
	const entries = Number(/of (\d+) entries/.exec(about(examination, 'cache.entries')[0]?.found ?? '')?.[1]);
	expect(about(examination, 'cache.entries', 'cache.leftovers')).toEqual([
		{
			id: 'cache.entries',
			state: 'warning',
			found: `1 of ${entries} entries is damaged`,
			means: 'builds do not use them and make them again; when this comes back, look for a failing disk',
			repair: 'cpybuild cache verify',
			details: [expect.stringMatching(/^"link" [0-9a-f]{12}: "python\.wasm" has \d+ bytes instead of \d+$/)],
			fix: 'drop-damaged',
		},
		{
			id: 'cache.leftovers',
			state: 'note',
			found: 'processes that were killed left a folder in the cache',
			means: 'they take room, and the next build removes them',
			repair: 'cpybuild doctor --fix',
			details: [left],
			fix: 'sweep-cache',
		},
	]);
	expect(existsSync(join(env.CPYBUILD_CACHE_DIR, left))).toBe(true);

	const fixed = await doctor(env, '--fix');
	expect(fixed).toMatchObject({ code: 0, ready: true });
	expect(fixed.fixed).toEqual([
		{ id: 'cache.entries', done: true, what: 'removed what was damaged of 1 entry of the cache' },
		{
			id: 'cache.leftovers',
			done: true,
			what: 'removed a folder that killed processes left in the cache',
		},
	]);
	expect(about(fixed, 'cache.entries', 'cache.leftovers')).toMatchObject([{ id: 'cache.entries', state: 'ok' }]);
	expect(existsSync(join(env.CPYBUILD_CACHE_DIR, left))).toBe(false);
	expect(existsSync(join(links, key))).toBe(false);
	expect(await build(env)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('a remote cache that is down is a warning, and the build works', async () => {
	const url = await deadUrl();
	const env = { CPYBUILD_REMOTE_CACHE: url };
	const examination = await doctor(env);
	expect(examination).toMatchObject({ code: 0, ready: true });
	const [remote, ...others] = about(examination, 'cache.remote');
	expect(others).toEqual([]);
	expect(remote).toMatchObject({
		state: 'warning',
		found: `the remote cache "${url}" cannot be reached`,
		means: 'the build goes on without it; check the URL and the server',
	});
	expect(await build(env)).toMatchObject({ code: 0 });
	expect(about(await doctor(env, '--offline'), 'cache.remote')).toEqual([]);
});

test('a container engine that is not there matters where one is asked for', async () => {
	const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };
	const native = await doctor(env);
	expect(native).toMatchObject({ code: 0, ready: true });
	expect(about(native, 'container')).toMatchObject([{ id: 'container.engine', state: 'note' }]);
	const contained = await doctor(env, '--machine', 'container');
	expect(contained).toMatchObject({ code: 3, ready: false });
	expect(about(contained, 'container', 'programs', 'toolchain')).toMatchObject([
		{ id: 'container.engine', state: 'error' },
	]);
	expect(await build(env, '--machine', 'container')).toMatchObject({ code: 3 });
});

test('a manifest with a mistake fails doctor and build', async () => {
	await writeFile(join(project.folder, 'wrong.yaml'), MANIFEST.replace('s32) -> s32', 'int) -> s32'));
	const { code, stdout } = await cpybuild(['doctor', 'wrong.yaml'], { cwd: project.folder });
	expect(code).toBe(3);
	const lines = stdout.split('\n');
	const start = lines.findIndex((line) => line.includes('✗'));
	expect(lines.slice(start, start + 5)).toEqual([
		'✗ manifest   "wrong.yaml" has a mistake',
		'             nothing is built before all of it is right; the command below shows each in its place',
		'               wrong.yaml:5:39: unknown type "int"',
		'             run: cpybuild check wrong.yaml',
		expect.not.stringContaining('wrong'),
	]);
	expect(lines.at(-1)).toBe('a build of "wrong.yaml" would fail here (1 error)');
	expect(await cpybuild(['build', 'wrong.yaml'], { cwd: project.folder })).toMatchObject({ code: 2 });
});

test('a wrong option is a usage error', async () => {
	expect(await cpybuild(['doctor', '--repair'], { cwd: project.folder })).toMatchObject({ code: 2 });
});

test('--fix installs the embedded toolchain beside cpybuild in the project, with npm', async () => {
	const folder = await newFolder();
	const own = join(folder, 'node_modules/cpybuild');
	await mkdir(own, { recursive: true });
	for (const part of ['lib', 'templates', 'seeds', 'cpython-patches', 'package.json']) {
		await cp(join(ROOT, part), join(own, part), { recursive: true });
	}
	await writeFile(join(folder, 'package.json'), '{ "name": "project" }');
	await writeFile(join(folder, 'project.yaml'), MANIFEST);
	const bin = await pathOf(PROGRAMS);
	// It does what npm does, without a registry.
	await writeFile(
		join(bin, 'npm'),
		`#!/bin/sh
[ "$1" = install ] || exit 1
echo "$@" > "${folder}/called"
mkdir -p "$4/node_modules/@yowasp" && ln -s "${ROOT}/node_modules/@yowasp/clang" "$4/node_modules/@yowasp/clang"
`,
		{ mode: 0o755 },
	);
	const main = join(own, CLI.slice(ROOT.length + 1));
	const run = async (...args: string[]) => {
		const env = { PATH: bin, CPYBUILD_CACHE_DIR: cache, NO_COLOR: '1' };
		const { stdout } = await execa(process.execPath, [main, 'doctor', '--json', ...args], {
			cwd: folder,
			env,
			reject: false,
		});
		return JSON.parse(stdout) as Examination;
	};
	const [choice] = about(await run(), 'toolchain.choice');
	const wanted = /@yowasp\/clang@(?<version>\S+)$/.exec(choice?.repair ?? '')?.groups?.version;
	expect(choice).toMatchObject({
		state: 'error',
		found: 'no toolchain for WASI was found',
		repair: `npm install --no-save --prefix ${folder} @yowasp/clang@${wanted}`,
		fix: 'install-embedded',
	});
	const fixed = await run('--fix');
	expect(fixed.fixed).toEqual([
		{ id: 'toolchain.choice', done: true, what: `installed @yowasp/clang ${wanted} in ${folder}` },
	]);
	expect(about(fixed, 'toolchain')).toMatchObject([
		{ id: 'toolchain.choice', state: 'warning' },
		{ id: 'toolchain.embedded', state: 'ok', found: `@yowasp/clang ${wanted}` },
	]);
});
