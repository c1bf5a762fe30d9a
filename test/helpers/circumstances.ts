import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { CACHE } from './cache.js';
import { CLI, type Ended, ROOT } from './cli.js';
import { cpythonTarball } from './cpython-driver.js';
import { listFiles } from './folder.js';

/** What must not matter to a build. */
export interface Circumstances {
	/** Where everything lies, below the test's folder. */
	readonly place: string;
	/** Number of another user. */
	readonly uid?: number;
	readonly timeZone: string;
	readonly locale: string;
	/** How far the clock is off, as libfaketime has it. */
	readonly clock?: string;
	readonly umask: string;
	readonly jobs: number;
}

/** Two sets of circumstances that have nothing in common. */
export const CIRCUMSTANCES: readonly [Circumstances, Circumstances] = [
	{ place: 'here', timeZone: 'UTC', locale: 'C', umask: '022', jobs: 1 },
	{
		// All that configure, make, the shell or a list of options could take for its own.
		place: 'over/there with a longer name;x\'z"ü',
		uid: 65_534,
		timeZone: 'Asia/Kathmandu',
		locale: 'C.UTF-8',
		clock: '+1234d',
		umask: '007',
		jobs: 5,
	},
];

/** A build that was made under some circumstances. */
export interface MadeBuild {
	readonly ended: Ended;
	readonly dist: string;
	readonly cache: string;
	/** Words of the machine that must not be in what it made. */
	readonly words: readonly string[];
	/** The year in which the build's programs believe to be. */
	readonly year: number;
}

/** What is built under circumstances. */
export interface Building {
	readonly version: string;
	readonly files: Readonly<Record<string, string>>;
	readonly args: readonly string[];
	/** More variables for both builds. */
	readonly env?: Readonly<Record<string, string>>;
	/** A group that the other user is in. */
	readonly gid?: number;
	/**
	 * Whether all clocks are right. The fake one is that of processes only, and not of the files they write: container engines,
	 * which bring a third one, cannot know that.
	 */
	readonly trueClock?: boolean;
}

/** Builds a project twice, with nothing in common but CPython's tarball. */
export async function buildTwice(
	version: string,
	files: Readonly<Record<string, string>>,
	args: readonly string[],
): Promise<readonly [MadeBuild, MadeBuild]> {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-twice-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	return buildTwiceIn(root, { version, files, args });
}

/** The same in a folder that the caller removes. */
export async function buildTwiceIn(root: string, building: Building): Promise<readonly [MadeBuild, MadeBuild]> {
	await chmod(root, 0o755);
	await cpythonTarball(building.version);
	const [here, there] = CIRCUMSTANCES;
	return [await buildUnder(here, root, building), await buildUnder(there, root, building)];
}

async function buildUnder(
	circumstances: Circumstances,
	root: string,
	{ files, args, gid, trueClock, env: more }: Building,
): Promise<MadeBuild> {
	const { place, timeZone, locale, clock, umask, jobs } = circumstances;
	const uid = circumstances.uid !== undefined && canBecome(circumstances.uid) ? circumstances.uid : undefined;
	const folder = join(root, place);
	const [project, cache, home, shims] = ['project', 'cache', 'home', 'shims'].map((name) => join(folder, name));
	if (!project || !cache || !home || !shims) throw new TypeError('folders without names');
	for (const path of [project, cache, home, shims]) await mkdir(path, { recursive: true });
	for (const [path, text] of Object.entries(files)) await writeFile(join(project, path), text);
	await cp(join(CACHE, 'downloads'), join(cache, 'downloads'), { recursive: true });
	const fake = clock === undefined || trueClock ? {} : await fakeClock(clock, shims);
	if (uid !== undefined) for (const path of [root, ...(await everything(folder))]) await chown(path, uid, uid);
	const become = uid === undefined ? [] : as(uid, gid);
	const env = {
		PATH: [shims, process.env.PATH].join(delimiter),
		HOME: home,
		CPYBUILD_CACHE_DIR: cache,
		TZ: timeZone,
		LANG: locale,
		LC_ALL: locale,
		NO_COLOR: '1',
		// There everything is packed, and what is packed is compared.
		CI: 'true',
		...more,
	};
	// Only who has become the user may fake the clock: libfaketime keeps something in the system for each process.
	const words = Object.entries(fake).map(([name, value]) => `${name}=${value}`);
	const run = async (...command: readonly string[]): Promise<Ended> => {
		const [program = '', ...rest] = [
			...become,
			'/bin/sh',
			'-c',
			`umask ${umask}; exec env "$@"`,
			'sh',
			...words,
			...command,
		];
		const result = await execa(program, rest, { cwd: project, env, extendEnv: false, reject: false });
		return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
	};
	const { stdout } = await run('date', '+%Y');
	const ended = await run(process.execPath, CLI, 'build', '--jobs', String(jobs), ...args);
	const names = [root, ROOT, ...(hostname().length > 5 ? [hostname()] : [])];
	return { ended, dist: join(project, 'dist'), cache, words: names, year: Number(stdout) };
}

/** The start of a command line that runs the rest as another user, who may be in one more group. */
function as(uid: number, gid?: number): readonly [string, ...string[]] {
	const groups = gid === undefined ? '--clear-groups' : `--groups=${gid}`;
	return ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, groups];
}

/** Only root can become somebody else, and only where others may read cpybuild: not when it lies in root's home. */
function canBecome(uid: number): boolean {
	if (process.getuid?.() !== 0) return false;
	const [program, ...args] = as(uid);
	return spawnSync(program, [...args, process.execPath, CLI, '--version']).status === 0;
}

/**
 * A clock that is off, for cpybuild and for configure and make with all that they start: cpybuild passes its
 * environment on to nobody.
 */
async function fakeClock(offset: string, shims: string): Promise<Readonly<Record<string, string>>> {
	const environment = execFileSync('faketime', ['-f', offset, 'env'], { encoding: 'utf8' });
	const preload = environment.match(/^LD_PRELOAD=(.*)$/m)?.[1] ?? '';
	const fake = { LD_PRELOAD: preload, FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
	const words = Object.entries(fake).map(([name, value]) => `${name}='${value}'`);
	for (const name of ['make', 'sh']) {
		const program = execFileSync('which', [name], { encoding: 'utf8' }).trim();
		await writeFile(join(shims, name), `#!/bin/sh\n${words.join(' ')} exec ${program} "$@"\n`, { mode: 0o755 });
	}
	return fake;
}

async function everything(folder: string): Promise<readonly string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return [folder, join(folder, '..'), ...entries.map((entry) => join(entry.parentPath, entry.name))];
}

/** How the files of two folders differ, in words; nothing when every byte is equal. */
export function differences(one: string, other: string): readonly string[] {
	const paths = [...new Set([...listFiles(one), ...listFiles(other)])].sort();
	return paths.flatMap((path) => {
		const [a, b] = [read(join(one, path)), read(join(other, path))];
		if (!a || !b) return [`${path} is missing in ${a ? other : one}`];
		if (a.equals(b)) return [];
		const length = Math.min(a.length, b.length);
		let offset = 0;
		while (offset < length && a[offset] === b[offset]) offset++;
		const around = (bytes: Buffer) =>
			JSON.stringify(bytes.subarray(Math.max(0, offset - 40), offset + 60).toString('latin1'));
		return [`${path} (${a.length} and ${b.length} bytes) differs at ${offset}:\n  ${around(a)}\n  ${around(b)}`];
	});
}

function read(path: string): Buffer | undefined {
	try {
		return readFileSync(path);
	} catch {
		return undefined;
	}
}

/** Files below a folder in which one of the words is. */
export function filesWith(words: readonly string[], folder: string): readonly string[] {
	return listFiles(folder).flatMap((path) => {
		const bytes = read(join(folder, path));
		return words.filter((word) => bytes?.includes(word)).map((word) => `${path} has ${word}`);
	});
}
