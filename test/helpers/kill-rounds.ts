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
 * Moments spread over the compilation of CPython by what the build tells of itself, so that they mean the same on a slow
 * machine: unpacking, configure, each of its compilations, and the standard library.
 */
function baseMoment(random: () => number): Moment {
	const place = random();
	if (place < 0.15) return { after: 'step-started source', delayMs: random() * 2500 };
	if (place < 0.25) return { after: 'step-started base', delayMs: random() * 3000 };
	if (place < 0.85) return { after: `progress base ${1 + Math.floor(random() * 150)}`, delayMs: random() * 1000 };
	return { after: 'step-started stdlib', delayMs: random() * 2000 };
}

/**
 * Kills builds with an empty store at random moments of the compilation of CPython, as `killRounds` does.
 * @returns How many were killed.
 */
export async function killBaseRounds(rounds: number): Promise<number> {
	const random = seededRandom(SEED);
	const project = await makeProject({ 'project.yaml': manifest('base') });
	expect(await project.build('--quiet')).toMatchObject({ code: 0 });
	const undisturbed = hashFolder(project.dist);
	let killed = 0;
	for (let round = 0; round < rounds; round++) {
		const moment = baseMoment(random);
		const about = `seed ${SEED}, round ${round}, ${moment.delayMs.toFixed(0)} ms after "${moment.after}"`;
		const cache = await emptyCache(project.folder);
		const { killed: wasKilled } = await killBuild(project.folder, ['--cache-dir', cache], moment);
		if (wasKilled) killed++;
		expect(brokenPromises(project.dist), about).toEqual([]);
		expect(await project.build('--quiet', '--cache-dir', cache), about).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(hashFolder(project.dist), about).toEqual(undisturbed);
		console.log(about, wasKilled ? 'killed' : 'had ended');
	}
	return killed;
}

/** A cache folder that holds CPython's tarball only, and a project without the record of its last build. */
async function emptyCache(folder: string): Promise<string> {
	const cache = join(folder, 'cold');
	for (const old of [cache, join(folder, '.cpybuild')]) await rm(old, { recursive: true, force: true, maxRetries: 5 });
	await mkdir(cache);
	await symlink(join(CACHE, 'downloads'), join(cache, 'downloads'));
	return cache;
}
