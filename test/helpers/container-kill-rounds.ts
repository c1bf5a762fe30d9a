import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { makeCache } from './cache.js';
import { devcontainerTag, IN_CONTAINER } from './container-project.js';
import { hashFolder } from './folder.js';
import { keptThings, newThings } from './kept-things.js';
import { brokenPromises, killBuild, type Moment, seededRandom } from './kill.js';
import { SEED } from './kill-rounds.js';
import { makeProject, type Project } from './project.js';

const manifest = (name: string) => `python: "3.13.5"
modules:
  demo:
    functions:
      ${name}: { signature: "func(a: s32, b: string) -> string" }
build: ${IN_CONTAINER}
`;

/** What a stretch of a build needs to be killed in. */
interface Stretch {
	readonly name: string;
	/** Chooses the event and the time after it. */
	readonly moment: (random: () => number) => Moment;
	/** What the cache has before; without the base it is compiled. */
	readonly shared?: readonly string[];
	/** Whether the devcontainer's image is made. */
	readonly withImage?: boolean;
}

const BASE = ['source', 'base', 'stdlib'];

const after = (name: string, ms: number) => (random: () => number) => ({ after: name, delayMs: random() * ms });

/** Stretches of builds of a changed signature, of a base, and of the image. */
const STRETCHES: readonly Stretch[] = [
	{ name: 'compile', moment: after('step-started compile:demo', 700) },
	{ name: 'configure', moment: after('step-started base', 12_000), shared: ['source'] },
	{ name: 'anywhere', moment: after('start', 2500) },
	{ name: 'link', moment: after('step-started link', 500) },
	{ name: 'image', moment: after('note', 2000), withImage: true },
	{
		name: 'make',
		moment: (random) => ({ after: `progress base ${1 + Math.floor(random() * 150)}`, delayMs: random() * 1000 }),
		shared: ['source'],
	},
];

/** How many builds a signal ended, by the stretch. */
export type Killed = Readonly<Record<string, number>>;

/**
 * Kills builds in containers at random moments. After each of them one build must give the bytes of an undisturbed one,
 * and the engine and the cache must hold what they held before.
 * @param cache A cache that has the base, and is left as it is.
 */
export async function killContainerRounds(
	rounds: number,
	signal: 'SIGINT' | 'SIGKILL',
	cache: string,
): Promise<Killed> {
	const random = seededRandom(SEED + (signal === 'SIGINT' ? 0 : 1));
	const [disturbed, undisturbed] = [await makeProject({}), await makeProject({})];
	const quiet = await makeCache(join(undisturbed.folder, 'cache'), BASE, cache);
	await disturbed.write('project.yaml', manifest('first'));
	expect(await disturbed.build('--quiet', '--cache-dir', quiet)).toMatchObject({ code: 0 });
	const before = await keptThings();
	const counts: Record<string, number> = {};
	for (let round = 0; round < rounds; round++) {
		const stretch = STRETCHES[round % STRETCHES.length];
		if (!stretch) throw new TypeError('there are no stretches');
		const moment = { ...stretch.moment(random), signal };
		const about = `seed ${SEED}, ${signal} ${round}, ${moment.delayMs.toFixed(0)} ms after "${moment.after}"`;
		for (const project of [disturbed, undisturbed]) await project.write('project.yaml', manifest(`${signal}_${round}`));
		const own = await disturbedCache(disturbed, stretch, cache);
		if (stretch.withImage) await execa('docker', ['image', 'rm', await devcontainerTag()]);
		const { killed } = await killBuild(disturbed.folder, ['--cache-dir', own], moment);
		if (killed) counts[stretch.name] = (counts[stretch.name] ?? 0) + 1;
		console.log(about, killed ? 'killed' : 'had ended', (await newThings(before)).containers);
		expect(brokenPromises(disturbed.dist), about).toEqual([]);
		await giveBase(own, cache);
		expect(await disturbed.build('--quiet', '--cache-dir', own), about).toEqual({ code: 0, stdout: '', stderr: '' });
		// The engine itself removes the container of a build that had nothing left to do in one.
		await expect.poll(keptThings, { timeout: 20_000, message: about }).toEqual(before);
		expect(await readdir(join(own, 'tmp')), about).toEqual([]);
		expect(await undisturbed.build('--quiet', '--cache-dir', quiet)).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(hashFolder(disturbed.dist), about).toEqual(hashFolder(undisturbed.dist));
	}
	return counts;
}

/** A cache for one round, and a project without the record of its last build. */
async function disturbedCache({ folder }: Project, { shared = BASE }: Stretch, from: string): Promise<string> {
	const cache = join(folder, 'cache');
	for (const old of [cache, join(folder, '.cpybuild')]) await rm(old, { recursive: true, force: true, maxRetries: 5 });
	return makeCache(cache, shared, from);
}

/** Gives a cache the base that its build was making, which takes long and shows nothing more. */
async function giveBase(cache: string, from: string): Promise<void> {
	for (const kind of BASE) {
		for (const part of ['trees', 'ac']) {
			await mkdir(join(cache, part), { recursive: true });
			await rm(join(cache, part, kind), { recursive: true, force: true });
		}
		await symlink(join(from, 'trees', kind), join(cache, 'trees', kind));
	}
}
