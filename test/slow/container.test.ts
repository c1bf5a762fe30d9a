import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { CACHE } from '../helpers/cache.js';
import { cpybuild } from '../helpers/cli.js';
import { buildInImage, containerProject, devcontainerTag } from '../helpers/container-project.js';
import { dockerHostWithBase } from '../helpers/docker-engine.js';
import { expectEqualBytes } from '../helpers/expect-equal-builds.js';
import { openProject } from '../helpers/project.js';

beforeAll(async () => {
	vi.stubEnv('DOCKER_HOST', await dockerHostWithBase());
});

afterAll(() => {
	vi.unstubAllEnvs();
});

test("a cold build in a container and a cold native one with the image's compiler give the same bytes", async () => {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-container-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	const files = await containerProject();
	const [outside, inside] = [join(root, 'outside'), join(root, 'inside')];
	for (const folder of [outside, inside]) {
		await cp(join(CACHE, 'downloads'), join(folder, 'cache/downloads'), { recursive: true });
	}
	const project = await openProject(join(outside, 'project'), files);
	const build = ['build', '--quiet', '--cache-dir', join(outside, 'cache')];
	expect(await cpybuild(build, { cwd: project.folder, env: { CI: 'true' } })).toMatchObject({ code: 0 });
	const built = await buildInImage(await devcontainerTag(), inside, files);
	expect(built, built.stderr).toMatchObject({ code: 0, steps: { base: 'ran' } });
	expectEqualBytes(
		{ dist: project.dist, cache: join(outside, 'cache'), words: [root] },
		{ dist: join(inside, 'project/dist'), cache: join(inside, 'cache'), words: [root] },
	);
});
