import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildTwiceIn, type MadeBuild } from '../helpers/circumstances.js';
import { containerProject, devcontainerTag, engineGroup } from '../helpers/container-project.js';
import { dockerHostWithBase } from '../helpers/docker-engine.js';
import { expectEqualBytes } from '../helpers/expect-equal-builds.js';
import { type KeptThings, keptThings, newThings } from '../helpers/kept-things.js';

// Two bases of CPython are compiled here, one by each build.

let root: string;
let here: MadeBuild;
let there: MadeBuild;
let before: KeptThings;

beforeAll(async () => {
	const host = await dockerHostWithBase();
	vi.stubEnv('DOCKER_HOST', host);
	root = await mkdtemp(join(tmpdir(), 'cpybuild-container-'));
	before = await keptThings();
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

test('nothing but the image is left', async () => {
	const image = [await devcontainerTag(), '<none>:<none>'];
	const { images, ...others } = await newThings(before);
	expect(others).toEqual({ containers: [], volumes: [] });
	expect(images.filter((name) => !image.includes(name))).toEqual([]);
});
