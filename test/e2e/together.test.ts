import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CACHE } from '../helpers/cache.js';
import { buildJson } from '../helpers/events.js';
import { hashFolder } from '../helpers/folder.js';
import { makeProject, openProject } from '../helpers/project.js';

const manifest = `python: "3.13.5"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32, b: s32) -> s32" }
`;

// Four of them share a project, so that they also meet in its output folder.
test('eight builds at once from an empty store all succeed, and compile CPython once', async () => {
	const shared = await makeProject({ 'project.yaml': manifest });
	const cache = join(shared.folder, 'cache');
	await mkdir(cache);
	// The tarball is all that they need not fetch.
	await symlink(join(CACHE, 'downloads'), join(cache, 'downloads'));
	const others = await Promise.all(
		[1, 2, 3, 4].map((number) => openProject(join(shared.folder, String(number)), { 'project.yaml': manifest })),
	);
	const projects = [shared, shared, shared, shared, ...others];
	const builds = await Promise.all(projects.map(({ folder }) => buildJson(folder, '--cache-dir', cache)));
	expect(builds.map(({ code }) => code)).toEqual(projects.map(() => 0));
	const ran = builds.flatMap((build) => build.ran);
	expect(ran.sort()).toEqual([
		'base',
		'compile:_cpybuild',
		'compile:demo',
		'inittab',
		'link',
		'source',
		'stdlib',
		'verify',
	]);
	const dist = hashFolder(shared.dist);
	expect(Object.keys(dist)).toContain('python.wasm');
	for (const other of others) expect(hashFolder(other.dist)).toEqual(dist);
});
