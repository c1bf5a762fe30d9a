import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildTwiceIn, type MadeBuild } from '../helpers/circumstances.js';
import { cpybuild, ROOT, runNode } from '../helpers/cli.js';
import { killContainerRounds } from '../helpers/container-kill-rounds.js';
import { buildInImage, containerProject, devcontainerTag, engineGroup } from '../helpers/container-project.js';
import { dockerHostWithBase } from '../helpers/docker-engine.js';
import { expectEqualBytes } from '../helpers/expect-equal-builds.js';

// Two bases of CPython are compiled here, by the first and the second build; all tests look at those.

const PROGRAMS = join(ROOT, 'test/e2e/programs');
const EMBED = join(ROOT, 'test/helpers/embed.mjs');
const NOWHERE = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

let root: string;
let here: MadeBuild;
let there: MadeBuild;
let containersBefore: string;

const containers = async () => (await execa('docker', ['ps', '--all', '--no-trunc', '--quiet'])).stdout;

beforeAll(async () => {
	const host = await dockerHostWithBase();
	vi.stubEnv('DOCKER_HOST', host);
	root = await mkdtemp(join(tmpdir(), 'cpybuild-container-'));
	containersBefore = await containers();
	const files = await containerProject();
	const env = { DOCKER_HOST: host, CI: 'true' };
	const args = ['--jobs', '2'];
	const building = { version: '3.13.5', files, args, env, gid: engineGroup(host), trueClock: true };
	[here, there] = await buildTwiceIn(root, building);
});

afterAll(async () => {
	vi.unstubAllEnvs();
	await rm(root, { recursive: true, force: true });
});

test('two builds in containers, with other places, users, locales and umasks, give the same bytes', () => {
	for (const { ended } of [here, there]) expect(ended.code, ended.stderr).toBe(0);
	expectEqualBytes(here, there);
});

test('no container is left', async () => {
	expect(await containers()).toBe(containersBefore);
});

describe('what was built in a container', () => {
	test.each([
		['has every type both ways', 'every_type.py', 'types ok'],
		['raises what hosts do wrong', 'errors.py', 'errors ok'],
		['keeps memory flat over 100,000 calls', 'memory.py', 'memory ok'],
	])('%s', async (_, program, last) => {
		const args = [EMBED, here.dist, join(PROGRAMS, 'host.mjs'), join(PROGRAMS, program)];
		expect(await runNode(args, { nodeOptions: ['--stack-size=3900'] })).toEqual({ code: 0, stdout: last, stderr: '' });
	});
});

test('an unchanged build asks no engine, and a build of what is in the cache neither', async () => {
	const project = join(here.dist, '..');
	const env = { ...NOWHERE, CPYBUILD_CACHE_DIR: here.cache };
	const upToDate = await cpybuild(['build', '--json'], { cwd: project, env });
	expect(upToDate).toMatchObject({ code: 0, stderr: '' });
	expect(JSON.parse(upToDate.stdout.split('\n').at(-1) ?? '')).toMatchObject({ status: 'up-to-date' });
	const again = await cpybuild(['build', '--json', '--out', join(root, 'again')], { cwd: project, env });
	expect(again).toMatchObject({ code: 0, stderr: '' });
	const { status, steps } = JSON.parse(again.stdout.split('\n').at(-1) ?? '');
	expect(status).toBe('built');
	expect(steps.filter((step: { status: string }) => step.status === 'ran')).toEqual([]);
});

test("a native build with the image's compiler has equal keys and gives the same bytes", async () => {
	const folder = join(root, 'inside');
	// The base is there under the key that the container gave it. All else is made anew; test/slow makes the base, too.
	const cache = join(folder, 'cache');
	await cp(here.cache, cache, { recursive: true, verbatimSymlinks: true });
	for (const kind of ['compile', 'inittab', 'link', 'verify'])
		for (const part of ['trees', 'ac']) await rm(join(cache, part, kind), { recursive: true });
	await rm(join(cache, 'memo.json'));
	const built = await buildInImage(await devcontainerTag(), folder, await containerProject());
	expect(built, built.stderr).toMatchObject({ code: 0, steps: { base: 'cached', stdlib: 'cached' } });
	expect(built.ran).toEqual(
		[
			...['_cpybuild', 'echo', 'wrong', 'raw', 'native', 'traps'].map((name) => `compile:${name}`),
			'inittab',
			'link',
			'verify',
		].sort(),
	);
	expectEqualBytes(here, { dist: join(folder, 'project/dist'), cache, words: here.words });
});

// A sample of test/slow/container-kill.test.ts, with the same seed.
test.each(['SIGINT', 'SIGKILL'] as const)(
	'%s leaves no container, volume, layer and scratch folder',
	async (signal) => {
		expect(await killContainerRounds(2, signal, here.cache)).toMatchObject({ configure: 1 });
	},
);
