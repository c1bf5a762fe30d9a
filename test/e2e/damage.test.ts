import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeActionResult } from '../../src/cache/action-result.js';
import { CACHE } from '../helpers/cache.js';
import { buildJsonWith, planKeys } from '../helpers/events.js';
import { hashFolder, listFiles } from '../helpers/folder.js';
import { seededRandom } from '../helpers/kill.js';
import { openProject, type Project } from '../helpers/project.js';

const manifest = `python: "3.13.5"
modules:
  demo:
    functions:
      damage: { signature: "func(a: s32, b: s32) -> s32" }
`;

/** Ids of the steps, by the kind that their entries are stored under. */
const KINDS = {
	source: 'source',
	base: 'base',
	stdlib: 'stdlib',
	compile: 'compile:demo',
	inittab: 'inittab',
	link: 'link',
	verify: 'verify',
};
type Kind = keyof typeof KINDS;

/** What has to be made again for an entry to be read: goals are read by every build that changes something. */
const READER: Readonly<Record<Kind, Kind | undefined>> = {
	source: 'stdlib',
	base: 'link',
	compile: 'link',
	inittab: 'link',
	stdlib: undefined,
	link: undefined,
	verify: undefined,
};

const DAMAGES = {
	'a flipped bit': (bytes: Buffer, random: number) => {
		const at = Math.floor(random * bytes.length);
		bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random * 8));
		return bytes;
	},
	'a lost end': (bytes: Buffer, random: number) => bytes.subarray(0, Math.floor(random * bytes.length)),
};

let project: Project;
let cache: string;
let keys: Readonly<Record<string, string>>;
let undisturbed: Readonly<Record<string, string>>;

const keyOf = (kind: Kind) => keys[KINDS[kind]] ?? '';
const tree = (kind: Kind) => join(cache, 'trees', kind, keyOf(kind));
const record = (kind: Kind) => join(cache, 'ac', kind, keyOf(kind));
const blob = (kind: Kind) => join(cache, 'cas', decodeActionResult(readFileSync(record(kind)))?.sha256 ?? '');

/** Forgets an entry, or only its unpacked files, so that they have to be unpacked again. */
async function forget(kind: Kind, what: 'all of it' | 'its files'): Promise<void> {
	await rm(tree(kind), { recursive: true });
	await rm(`${tree(kind)}.json`);
	if (what === 'all of it') await rm(record(kind));
}

/** Changes a file as a failing disk does: its times stay. */
function damage(path: string, how: (bytes: Buffer) => Buffer): void {
	const { atime, mtime } = statSync(path);
	writeFileSync(path, how(readFileSync(path)));
	utimesSync(path, atime, mtime);
}

async function rebuild() {
	await rm(join(project.folder, '.cpybuild'), { recursive: true });
	// As in CI everything is packed, so that there is something to unpack again.
	const { code, steps, report } = await buildJsonWith({ CI: 'true' }, project.folder, '--cache-dir', cache);
	expect(code).toBe(0);
	expect(hashFolder(project.dist)).toEqual(undisturbed);
	return { steps, warnings: report?.warnings.map((one) => `${one.code}: ${one.message}`) ?? [] };
}

beforeAll(async () => {
	project = await openProject(await mkdtemp(join(tmpdir(), 'cpybuild-test-')), { 'project.yaml': manifest });
	expect(await project.build('--quiet')).toMatchObject({ code: 0 });
	undisturbed = hashFolder(project.dist);
	keys = await planKeys(project.folder);
	// A copy, since it will be damaged, of what takes long; the rest is made there, whatever other tests have left.
	cache = join(project.folder, 'cache');
	for (const kind of ['source', 'base', 'stdlib'] as const) {
		for (const path of [`trees/${kind}/${keyOf(kind)}`, `trees/${kind}/${keyOf(kind)}.json`]) {
			await cp(join(CACHE, path), join(cache, path), { recursive: true });
		}
	}
	await mkdir(join(cache, 'downloads'));
	for (const name of readdirSync(join(CACHE, 'downloads'))) {
		await symlink(join(CACHE, 'downloads', name), join(cache, 'downloads', name));
	}
	expect((await rebuild()).warnings).toEqual([]);
	return () => rm(project.folder, { recursive: true, force: true });
});

/** How the warning begins; the rest depends on what was hit. */
const about = (kind: Kind) => `cache/damaged: the cache entry of "${kind}" ${keyOf(kind).slice(0, 12)} is damaged`;

const random = seededRandom(20261122);

// That an entry is whole again, the build of the next test tells: it warns of nothing else.

describe.each(Object.keys(KINDS) as Kind[])('the entry of "%s"', (kind) => {
	test.each(Object.entries(DAMAGES))('is there again after %s in one of its files', async (_name, change) => {
		const files = listFiles(tree(kind)).filter((path) => statSync(join(tree(kind), path)).size > 0);
		const file = files[Math.floor(random() * files.length)] ?? '';
		damage(join(tree(kind), file), (bytes) => change(bytes, random()));
		const reader = READER[kind];
		if (reader) await forget(reader, 'all of it');
		const { steps, warnings } = await rebuild();
		expect(warnings).toEqual([expect.stringMatching(`^${about(kind)}: .*"${file}"`)]);
		expect(steps[KINDS[kind]]).toBe(kind === 'source' ? 'ran' : 'cached');
	});

	test.each(Object.entries(DAMAGES))('is there again after %s in its list', async (_name, change) => {
		damage(`${tree(kind)}.json`, (bytes) => change(bytes, random()));
		const reader = READER[kind];
		if (reader) await forget(reader, 'all of it');
		const { steps, warnings } = await rebuild();
		expect(warnings).toEqual([expect.stringMatching(`^${about(kind)}`)]);
		expect(steps[KINDS[kind]]).toBe(kind === 'source' ? 'ran' : 'cached');
	});
});

// CPython's source is not packed. Making the base takes a minute, and nothing knows which kind an entry is of.
const QUICK = (Object.keys(KINDS) as Kind[]).filter((kind) => kind !== 'base' && kind !== 'source');

describe.each(QUICK)('the entry of "%s", without its files,', (kind) => {
	test.each(
		Object.entries(DAMAGES).flatMap(([name, change]) => [
			{ name, where: 'record', path: record, change },
			{ name, where: 'packed files', path: blob, change },
		]),
	)('is made again after $name in its $where', async ({ path, change }) => {
		damage(path(kind), (bytes) => change(bytes, random()));
		await forget(kind, 'its files');
		const reader = READER[kind];
		if (reader) await forget(reader, 'all of it');
		const { steps, warnings } = await rebuild();
		expect(warnings).toEqual([expect.stringMatching(`^${about(kind)}`)]);
		expect(steps[KINDS[kind]]).toBe('ran');
	});
});

test('after all that nothing is left to tell of', async () => {
	expect((await rebuild()).warnings).toEqual([]);
});
