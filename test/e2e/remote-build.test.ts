import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { decodeActionResult } from '../../src/cache/action-result.js';
import type { Key } from '../../src/cache/key.js';
import { openRemote } from '../../src/cache/remote.js';
import { CACHE, makeCache } from '../helpers/cache.js';
import { cpybuild } from '../helpers/cli.js';
import { planKeys, readEvents } from '../helpers/events.js';
import { hashFolder } from '../helpers/folder.js';
import { deadUrl } from '../helpers/loopback-server.js';
import { openProject, type Project } from '../helpers/project.js';
import { startBazelRemote } from '../helpers/remote-server.js';

const manifest = (signature: string) => `python: "3.13.5"
modules:
  demo:
    functions:
      remote: { signature: "${signature}" }
`;

const GOALS = { link: 'downloaded', stdlib: 'downloaded', verify: 'downloaded' };

/** The project on the machine that builds it first, with a lock file. */
let first: Project;
let undisturbed: Readonly<Record<string, string>>;

beforeAll(async () => {
	const files = { 'project.yaml': manifest('func(a: s32, b: s32) -> s32') };
	first = await openProject(await mkdtemp(join(tmpdir(), 'cpybuild-test-')), files);
	expect(await first.build('--quiet')).toMatchObject({ code: 0 });
	undisturbed = hashFolder(first.dist);
	return () => rm(first.folder, { recursive: true, force: true });
});

/** A clone of the project on another machine: nothing is built there, and nothing in its cache. */
async function clone(): Promise<{ readonly folder: string; readonly dist: string; readonly cache: string }> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-clone-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	for (const name of ['project.yaml', 'cpybuild.lock']) await cp(join(first.folder, name), join(folder, name));
	return { folder, dist: join(folder, 'dist'), cache: join(folder, 'cache') };
}

/** Builds a clone; what it warns of comes by code. */
async function build(folder: string, env: Readonly<Record<string, string>>, ...args: string[]) {
	const all = { CPYBUILD_CACHE_DIR: join(folder, 'cache'), ...env };
	const { code, stdout } = await cpybuild(['build', '--json', ...args], { cwd: folder, env: all });
	const { steps, report } = readEvents(stdout);
	return { code, steps, warnings: report?.warnings.map((one) => one.code) };
}

/** A server to which a first machine has sent what it built. */
async function startWarm(): Promise<string> {
	const server = await startBazelRemote();
	const { folder, cache } = await clone();
	await makeCache(cache);
	const env = { CPYBUILD_REMOTE_CACHE: server.url, CPYBUILD_REMOTE_CACHE_MODE: 'read-write' };
	expect(await build(folder, env)).toMatchObject({ code: 0, warnings: [] });
	return server.url;
}

/** A PATH of everything in /usr/bin but compilers. */
async function pathWithoutCompilers(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-bin-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const isCompiler = (name: string) => /clang|lld|^wasm-ld|^llvm-|gcc|g\+\+|^cc$|^c\+\+$|^c89|^c99|^cpp|^ld/.test(name);
	for (const name of readdirSync('/usr/bin'))
		if (!isCompiler(name)) symlinkSync(join('/usr/bin', name), join(folder, name));
	return folder;
}

test('a fresh clone on a machine without a compiler gets the same bytes', async () => {
	const url = await startWarm();
	const { folder, dist } = await clone();
	const home = join(folder, 'home');
	mkdirSync(home);
	const env = { CPYBUILD_REMOTE_CACHE: url, PATH: await pathWithoutCompilers(), HOME: home };
	expect(await build(folder, env, '--frozen')).toEqual({ code: 0, steps: GOALS, warnings: [] });
	expect(hashFolder(dist)).toEqual(undisturbed);
	// What was downloaded is in the machine's own cache now.
	await rm(dist, { recursive: true });
	const { steps } = await build(folder, { ...env, CPYBUILD_REMOTE_CACHE: '' }, '--frozen');
	expect(steps).toEqual({ link: 'cached', stdlib: 'cached', verify: 'cached' });
	expect(hashFolder(dist)).toEqual(undisturbed);
});

test('a changed signature compiles and links on a base that another machine has sent', async () => {
	const url = await startWarm();
	await sendBase(url);
	const { folder, cache } = await clone();
	await openProject(folder, { 'project.yaml': manifest('func(a: s64) -> s64') });
	expect(await build(folder, {}, '--remote-cache', url, '--remote-cache-mode', 'read')).toEqual({
		code: 0,
		steps: {
			base: 'downloaded',
			'compile:_cpybuild': 'downloaded',
			'compile:demo': 'ran',
			inittab: 'downloaded',
			link: 'ran',
			stdlib: 'downloaded',
			verify: 'ran',
		},
		warnings: [],
	});
	expect(readdirSync(join(cache, 'trees'))).not.toContain('source');
});

/** Sends the base of the usual cache as the machine did that made it. */
async function sendBase(url: string): Promise<void> {
	const { base = '' } = await planKeys(first.folder);
	const blob = decodeActionResult(readFileSync(join(CACHE, 'ac', 'base', base)));
	if (!blob) throw new Error('the usual cache has no base');
	const warnings: unknown[] = [];
	const remote = openRemote({ url, mode: 'read-write', authorization: undefined }, (warning) => warnings.push(warning));
	await remote.upload(base as Key, blob, join(CACHE, 'cas', blob.sha256));
	expect(warnings).toEqual([]);
}

test('a build without the server it was told of takes longer, and says so once', async () => {
	const { folder, dist, cache } = await clone();
	await makeCache(cache);
	const url = await deadUrl();
	const { code, warnings } = await build(folder, { CPYBUILD_REMOTE_CACHE: url });
	expect({ code, warnings }).toEqual({ code: 0, warnings: ['cache/remote-unreachable'] });
	expect(hashFolder(dist)).toEqual(undisturbed);
});

test('a build that may not use the network does not ask', async () => {
	const { folder, dist, cache } = await clone();
	await makeCache(cache);
	const { code, warnings } = await build(folder, { CPYBUILD_REMOTE_CACHE: await deadUrl() }, '--offline');
	expect({ code, warnings }).toEqual({ code: 0, warnings: [] });
	expect(hashFolder(dist)).toEqual(undisturbed);
});

test('a remote cache that is no URL ends the build before it begins', async () => {
	const { folder } = await clone();
	const { code, stderr } = await cpybuild(['build', '--remote-cache', 'cache.example.com:8080'], { cwd: folder });
	expect({ code, stderr }).toEqual({
		code: 2,
		stderr: `error[usage/bad-value]: the remote cache needs an http or https URL, got "cache.example.com:8080"
   = hint: for example https://cache.example.com/cpybuild`,
	});
});
