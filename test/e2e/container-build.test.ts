import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CACHE } from '../helpers/cache.js';
import { cpybuild, type Ended, ROOT } from '../helpers/cli.js';
import { buildInImage, containerProject, devcontainerTag, IN_CONTAINER } from '../helpers/container-project.js';
import { cpythonTarball } from '../helpers/cpython-driver.js';
import { dockerHostWithBase } from '../helpers/docker-engine.js';
import { readEvents } from '../helpers/events.js';
import { expectEqualBytes } from '../helpers/expect-equal-builds.js';
import { type KeptThings, keptThings, newThings } from '../helpers/kept-things.js';
import { originalCases, testOriginalCases } from '../helpers/original-cases.js';
import { openProject, type Project } from '../helpers/project.js';
import { testTypes } from '../helpers/type-programs.js';

// One base of CPython is compiled here, in a container; all tests look at that.

const VERSION = '3.13.5';

const COMMAND = ['build', '--machine', 'container', 'project.yaml', '--json'];

/** Tells of every connection that a process of Node's opens, to whatever. */
const TELL_CONNECTIONS = `const { Socket } = require('node:net');
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
	require('node:fs').writeSync(2, 'connects\\n');
	return connect.apply(this, args);
};
`;

let root: string;
let cache: string;
let before: KeptThings;
let project: Project;
let environment: Readonly<Record<string, string>>;
let built: Ended;

/** Removes the image that the build makes, with its layers. */
async function removeDevcontainer() {
	const tag = await devcontainerTag();
	const ended = await execa('docker', ['image', 'rm', tag], { reject: false });
	expect(ended.exitCode === 0 || ended.stderr.includes('No such image'), ended.stderr).toBe(true);
}

beforeAll(async () => {
	vi.stubEnv('DOCKER_HOST', await dockerHostWithBase());
	root = await mkdtemp(join(tmpdir(), 'cpybuild-container-'));
	cache = join(root, 'cache');
	await cpythonTarball(VERSION);
	vi.stubEnv('CPYBUILD_CACHE_DIR', cache);
	await cp(join(CACHE, 'downloads'), join(cache, 'downloads'), { recursive: true });
	await removeDevcontainer();
	before = await keptThings();
	project = await openProject(join(root, 'project'), await containerProject());
	// No program of this machine can help, and as in CI everything is packed, which is compared.
	environment = { PATH: join(root, 'no-programs'), CI: 'true' };
	built = await cpybuild(COMMAND, { cwd: project.folder, env: environment });
});

afterAll(async () => {
	vi.unstubAllEnvs();
	await rm(root, { recursive: true, force: true });
});

test('a build in a container needs no program of this machine, and leaves nothing but the image', async () => {
	expect(built, built.stdout).toMatchObject({ code: 0, stderr: '' });
	const { steps, report } = readEvents(built.stdout);
	expect(steps).toMatchObject({ source: 'ran', base: 'ran', stdlib: 'ran', 'compile:native': 'ran', link: 'ran' });
	expect(report).toMatchObject({ status: 'built', python: VERSION, warnings: [] });
	const { containers, volumes, images } = await newThings(before);
	expect({ containers, volumes, names: images.filter((name) => name !== '<none>:<none>') }).toEqual({
		containers: [],
		volumes: [],
		names: [await devcontainerTag()],
	});
});

describe('what was built in a container', () => {
	testTypes(() => project.dist);
});

test("a native build with the image's compiler has equal keys and gives the same bytes", async () => {
	const folder = join(root, 'inside');
	// The base is there under the key that the container gave it. All else is made anew; test/slow makes the base, too.
	const own = join(folder, 'cache');
	await mkdir(folder);
	await cp(cache, own, { recursive: true, verbatimSymlinks: true });
	for (const kind of ['compile', 'inittab', 'link', 'verify'])
		for (const part of ['trees', 'ac']) await rm(join(own, part, kind), { recursive: true });
	await rm(join(own, 'memo.json'));
	const inside = await buildInImage(await devcontainerTag(), folder, await containerProject());
	expect(inside, inside.stderr).toMatchObject({ code: 0, steps: { base: 'cached', stdlib: 'cached' } });
	const compiled = ['_cpybuild', 'echo', 'wrong', 'raw', 'native', 'traps'].map((name) => `compile:${name}`);
	expect(inside.ran).toEqual([...compiled, 'inittab', 'link', 'verify'].sort());
	const words = [root, ROOT, ...(hostname().length > 5 ? [hostname()] : [])];
	expectEqualBytes({ dist: project.dist, cache, words }, { dist: join(folder, 'project/dist'), cache: own, words });
});

describe('a second project in a container', () => {
	let cases: Project;

	beforeAll(async () => {
		const { 'project.yaml': manifest, ...files } = originalCases(VERSION);
		cases = await openProject(join(root, 'cases'), { ...files, 'project.yaml': `${manifest}build: ${IN_CONTAINER}\n` });
		const { code, stdout } = await cases.build('--json');
		expect({ code, ...readEvents(stdout) }).toMatchObject({ code: 0, steps: { base: 'cached', link: 'ran' } });
	});

	testOriginalCases(VERSION, () => cases);
});

describe('without an engine', () => {
	let alone: Readonly<Record<string, string>>;

	beforeAll(async () => {
		const teller = join(root, 'tell-connections.cjs');
		await writeFile(teller, TELL_CONNECTIONS);
		alone = { ...environment, DOCKER_HOST: 'unix:///nowhere/docker.sock', NODE_OPTIONS: `--require ${teller}` };
	});

	const build = async (...args: readonly string[]) => {
		const { stdout, ...ended } = await cpybuild([...COMMAND, ...args], { cwd: project.folder, env: alone });
		return { ...ended, ...readEvents(stdout) };
	};

	test('an unchanged build succeeds, and connects to nothing', async () => {
		expect(await build()).toMatchObject({ code: 0, stderr: '', report: { status: 'up-to-date' } });
	});

	test('a build of what is in the cache succeeds, and connects to nothing', async () => {
		const out = join(root, 'again');
		expect(await build('--out', out)).toMatchObject({ code: 0, stderr: '', ran: [], report: { status: 'built', out } });
	});

	test('one that has to compile tries to, and fails', async () => {
		const manifest = `python: "${VERSION}"\nmodules: { new: { functions: { get: "func() -> bool" } } }\nbuild: ${IN_CONTAINER}\n`;
		const { folder } = await openProject(join(root, 'changed'), { 'project.yaml': manifest });
		await cp(join(project.folder, 'cpybuild.lock'), join(folder, 'cpybuild.lock'));
		const { code, stderr } = await cpybuild(['build', '--quiet'], { cwd: folder, env: alone });
		const [error] = stderr.split('\n').filter((line) => line !== 'connects');
		expect({ code, error }).toEqual({ code: 3, error: expect.stringMatching(/^error\[toolchain\/engine-\w+\]: /) });
		expect(stderr.startsWith('connects\n')).toBe(true);
	});
});

test('without that image, the engine keeps what it kept before', async () => {
	await removeDevcontainer();
	expect(await newThings(before)).toEqual({ containers: [], volumes: [], images: [] });
});
