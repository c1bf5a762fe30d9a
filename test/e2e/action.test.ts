import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ActionRun, runAction } from '../helpers/action-runner.js';
import { makeCache } from '../helpers/cache.js';
import { cpybuild, ROOT } from '../helpers/cli.js';
import { hashFolder } from '../helpers/folder.js';
import { nativeModule } from '../helpers/native.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo: { functions: { bar: "func(a: s32) -> s32" } }
  fast: { sources: [fast.c] }
`;

/** What the tests' GitHub is, and the files of a repository there. */
let root = '';
/** The run that all others follow. */
let first: ActionRun;
const repository = () => join(root, 'repository');
const workspace = () => join(root, 'runner/work/project');
const cache = () => join(root, 'runner/cache');

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'cpybuild-action-'));
	await mkdir(join(repository(), 'app'), { recursive: true });
	await writeFile(join(repository(), 'app/python.yaml'), MANIFEST);
	await writeFile(join(repository(), 'app/fast.c'), nativeModule('fast', '    return PyLong_FromLong(1);'));
	// Whoever shares the base of the usual cache has built with it before.
	const usual = await cpybuild(['build', 'app/python.yaml', '--out', join(root, 'usual')], { cwd: repository() });
	expect([usual.code, usual.stderr]).toEqual([0, '']);
	await rm(join(repository(), 'app/.cpybuild'), { recursive: true, force: true });
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs the action as a job on a fresh machine, after checkout and `npm ci`. */
async function runJob(
	given: Readonly<Record<string, string>> = {},
	options: {
		readonly env?: Readonly<Record<string, string>>;
		readonly installed?: boolean;
		readonly hasBase?: boolean;
	} = {},
): Promise<ActionRun> {
	await rm(join(root, 'runner'), { recursive: true, force: true });
	await cp(repository(), workspace(), { recursive: true });
	// The base comes from the usual cache, since what is tested here is not how it is made.
	if (options.hasBase) await makeCache(cache());
	if (options.installed !== false) {
		await mkdir(join(workspace(), 'node_modules'));
		await symlink(ROOT, join(workspace(), 'node_modules/cpybuild'));
	}
	const env = { CI: 'true', GITHUB_ACTIONS: 'true', NO_COLOR: '1', CPYBUILD_CACHE_DIR: cache(), ...options.env };
	const job = { workspace: workspace(), action: ROOT, github: root, env };
	const inputs = { manifest: 'python.yaml', 'working-directory': 'app', 'cache-size': '1000GiB' };
	return runAction(job, { ...inputs, ...given });
}

/** Problems that GitHub would show at the changed files. */
const annotations = ({ log }: ActionRun) => log.split('\n').filter((line) => line.startsWith('::error'));

/** Which steps a summary lists, and how they ended. */
const stepsOf = ({ summary }: ActionRun) =>
	Object.fromEntries(
		[...summary.matchAll(/^\| <code>(.+)<\/code> \| (\w+) \| .*\|$/gm)].map(([, id = '', status = '']) => [id, status]),
	);

test('the first run builds, keeps what it made, and uploads the output folder', async () => {
	const run = await runJob({ frozen: 'false', upload: 'first' }, { hasBase: true });
	expect([run.status, annotations(run)]).toEqual(['success', []]);
	expect(run.ran).toEqual([
		'Compute the key',
		'Restore finished steps',
		'Build',
		'Trim the cache',
		'Save finished steps',
		'Upload the output folder',
	]);
	expect(run.outputs).toEqual({
		out: join(workspace(), 'app/dist'),
		key: expect.stringMatching(/^cpybuild-[a-z]+-\w+-[0-9a-f]{16}-[0-9a-f]{16}$/),
		'cache-hit': '',
	});
	expect(stepsOf(run)).toMatchObject({ 'compile:demo': 'ran', 'compile:fast': 'ran', link: 'ran', stdlib: 'ran' });
	expect(hashFolder(join(root, 'artifacts/first'))).toEqual(hashFolder(join(workspace(), 'app/dist')));
	first = run;
	// What a project commits, and what the other runs go by.
	await cp(join(workspace(), 'app/cpybuild.lock'), join(repository(), 'app/cpybuild.lock'));
});

test('a second run on a fresh machine without a compiler finds everything made', async () => {
	const bin = join(root, 'bin');
	await mkdir(bin);
	await symlink(process.execPath, join(bin, 'node'));
	await symlink('/bin/bash', join(bin, 'bash'));
	const run = await runJob({ upload: 'second' }, { env: { PATH: bin } });
	expect([run.status, annotations(run)]).toEqual(['success', []]);
	expect(run.ran).toEqual(['Compute the key', 'Restore finished steps', 'Build', 'Upload the output folder']);
	expect(run.outputs).toEqual({ ...first.outputs, 'cache-hit': 'true' });
	expect(stepsOf(run)).toEqual({ stdlib: 'cached', link: 'cached', verify: 'cached' });
	expect(hashFolder(join(root, 'artifacts/second'))).toEqual(hashFolder(join(root, 'artifacts/first')));
});

test('a changed signature takes the nearest cache, and compiles one file', async () => {
	const changed = MANIFEST.replace('s32)', 's64)');
	await writeFile(join(repository(), 'app/python.yaml'), changed);
	const run = await runJob({ upload: 'changed' });
	await writeFile(join(repository(), 'app/python.yaml'), MANIFEST);
	expect([run.status, run.outputs['cache-hit']]).toEqual(['success', 'false']);
	expect(stepsOf(run)).toMatchObject({
		'compile:demo': 'ran',
		'compile:fast': 'cached',
		link: 'ran',
		stdlib: 'cached',
	});
});

test('a build that fails keeps and uploads nothing, and says why in the summary', async () => {
	await writeFile(join(repository(), 'app/fast.c'), '#error "not today"\n');
	const run = await runJob({ upload: 'failed' });
	expect(run.status).toBe('failure');
	expect(run.ran).toEqual(['Compute the key', 'Restore finished steps', 'Build']);
	expect(run.summary.split('\n').slice(0, 4)).toEqual([
		'## The build failed',
		'',
		'```text',
		`error[build/compile-failed]: could not compile fast.c: clang ended with exit code 1: ${join(workspace(), 'app/fast.c')}:1:2: error: "not today"`,
	]);
	expect(existsSync(join(root, 'artifacts/failed'))).toBe(false);
});

test('inputs are names, whatever is in them', async () => {
	const nasty = `$(touch pwned)\`touch pwned\`"; touch pwned; '\${{ inputs.cache }}.yaml`;
	const run = await runJob({ manifest: nasty });
	expect(run.status).toBe('failure');
	expect(run.ran).toEqual(['Compute the key']);
	expect(run.log.split('\n')[0]).toBe(`error[manifest/unreadable]: "${nasty}" does not exist`);
	expect(existsSync(join(workspace(), 'pwned'))).toBe(false);
	expect(existsSync(join(workspace(), 'app/pwned'))).toBe(false);
});

test('a project without cpybuild is told to install it', async () => {
	const run = await runJob({}, { installed: false });
	expect([run.status, run.log.trim()]).toEqual([
		'failure',
		'::error::cpybuild is not installed: add it with "npm install --save-dev cpybuild", and run "npm ci" first',
	]);
});
