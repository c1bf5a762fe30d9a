import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CACHE, makeCache } from './cache.js';
import { hashFolder } from './folder.js';
import { brokenPromises, killBuild, type Moment, seededRandom } from './kill.js';
import { makeProject } from './project.js';

/** The seed of this run; the message of a failure shows it, `CPYBUILD_TEST_SEED` repeats it. */
export const SEED = Number(process.env.CPYBUILD_TEST_SEED ?? 20261122);

const manifest = (name: string) => `python: "3.13.5"
modules:
  demo:
    functions:
      ${name}: { signature: "func(a: s32, b: string) -> string" }
`;

/** Stretches of a build of a changed signature in which it is killed: the event that begins one, and how long it takes. */
const STRETCHES: readonly (readonly [name: string, after: string, ms: number])[] = [
	['anywhere', 'start', 700],
	['link', 'step-started link', 150],
	['store', 'step-finished link', 120],
	['publish', 'step-finished verify', 60],
];

/**
 * Kills builds of changed signatures at random moments. After each of them one build must give the bytes that an
 * undisturbed one gives in a cache and a folder of its own.
 * @returns How many builds were killed in each stretch.
 */
export async function killRounds(rounds: number): Promise<Readonly<Record<string, number>>> {
	const random = seededRandom(SEED);
	const [disturbed, undisturbed] = [await makeProject({}), await makeProject({})];
	await disturbed.write('project.yaml', manifest('first'));
	expect(await disturbed.build('--quiet')).toMatchObject({ code: 0 });
	const cache = ['--cache-dir', await makeCache(join(disturbed.folder, 'cache'), SHARED)];
	const otherCache = ['--cache-dir', await makeCache(join(undisturbed.folder, 'cache'), SHARED)];
	const counts: Record<string, number> = {};
	for (let round = 0; round < rounds; round++) {
		const [name, after, ms] = STRETCHES[round % STRETCHES.length] ?? ['', '', 0];
		const moment: Moment = { after, delayMs: random() * ms };
		const about = `seed ${SEED}, round ${round}, ${moment.delayMs.toFixed(1)} ms after "${after}"`;
		const text = manifest(`round_${round}`);
		await disturbed.write('project.yaml', text);
		await undisturbed.write('project.yaml', text);
		const { killed } = await killBuild(disturbed.folder, cache, moment);
		if (killed) counts[name] = (counts[name] ?? 0) + 1;
		expect(brokenPromises(disturbed.dist), about).toEqual([]);
		expect(await disturbed.build('--quiet', ...cache), about).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(await undisturbed.build('--quiet', ...otherCache)).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(hashFolder(disturbed.dist), about).toEqual(hashFolder(undisturbed.dist));
	}
	return counts;
}

/** What both caches take from the usual one: nothing that depends on a signature. */
const SHARED = ['source', 'base', 'stdlib', 'sysroot', 'resource-dir'];

/**
 * Kills builds with an empty store at random moments of the compilation of CPython, as `killRounds` does.
 * @returns How many were killed.
 */
export async function killBaseRounds(rounds: number): Promise<number> {
	const random = seededRandom(SEED);
	const project = await makeProject({ 'project.yaml': manifest('base') });
	expect(await project.build('--quiet')).toMatchObject({ code: 0 });
	const undisturbed = hashFolder(project.dist);
	const start = performance.now();
	await rebuildCold(project.folder, project.build);
	const ms = performance.now() - start;
	let killed = 0;
	for (let round = 0; round < rounds; round++) {
		const moment: Moment = { after: 'start', delayMs: random() * ms };
		const about = `seed ${SEED}, round ${round}, ${moment.delayMs.toFixed(0)} ms after the start`;
		const cache = await emptyCache(project.folder);
		const { killed: wasKilled } = await killBuild(project.folder, ['--cache-dir', cache], moment);
		if (wasKilled) killed++;
		expect(brokenPromises(project.dist), about).toEqual([]);
		expect(await project.build('--quiet', '--cache-dir', cache), about).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(hashFolder(project.dist), about).toEqual(undisturbed);
	}
	return killed;
}

async function rebuildCold(folder: string, build: (...args: string[]) => Promise<unknown>): Promise<void> {
	await build('--quiet', '--cache-dir', await emptyCache(folder));
}

/** A cache folder that holds CPython's tarball only, and a project without the record of its last build. */
async function emptyCache(folder: string): Promise<string> {
	const cache = join(folder, 'cold');
	for (const old of [cache, join(folder, '.cpybuild')]) await rm(old, { recursive: true, force: true, maxRetries: 5 });
	await mkdir(cache);
	await symlink(join(CACHE, 'downloads'), join(cache, 'downloads'));
	return cache;
}
