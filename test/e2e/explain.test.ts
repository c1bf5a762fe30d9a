import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCache } from '../helpers/cache.js';
import { cpybuild } from '../helpers/cli.js';
import { nativeModule } from '../helpers/native.js';
import { openProject, type Project } from '../helpers/project.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo: { functions: { bar: "func(a: s32) -> s32" } }
  fast: { sources: [fast.c], include: [include], define: { LEVEL: 1 } }
build: { stack: 8MiB }
`;

let project: Project;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-explain-'));
	project = await openProject(folder, {
		'project.yaml': MANIFEST,
		'include/fast.h': '#define FAST 1\n',
		'fast.c': nativeModule('fast', '    return PyLong_FromLong(FAST + LEVEL);', '#include "fast.h"'),
	});
	const { code, stderr } = await project.build();
	expect([code, stderr]).toEqual([0, '']);
});

afterAll(() => rm(project.folder, { recursive: true, force: true }));

/** What `cpybuild explain` says, with hashes left out. */
const explain = async (...args: string[]) => {
	const { code, stdout, stderr } = await cpybuild(['explain', ...args], { cwd: project.folder });
	expect([code, stderr]).toEqual([0, '']);
	return stdout.replace(/\b[0-9a-f]{12}\b/g, '<hash>');
};

/** The same while files of the project are others. */
const explainWith = async (change: Readonly<Record<string, (text: string) => string>>, ...args: string[]) => {
	const paths = Object.keys(change);
	const before = await Promise.all(paths.map((path) => readFile(join(project.folder, path), 'utf8')));
	try {
		for (const [index, path] of paths.entries()) {
			const text = before[index] ?? '';
			const changed = change[path]?.(text) ?? text;
			expect(changed, path).not.toBe(text);
			await project.write(path, changed);
		}
		return await explain(...args);
	} finally {
		for (const [index, path] of paths.entries()) await project.write(path, before[index] ?? '');
	}
};

const replaced = (from: string, to: string) => (text: string) => text.replace(from, to);

describe('cpybuild explain', () => {
	test('says that nothing differs after a build', async () => {
		expect(await explain()).toBe('nothing differs from the last build of dist');
	});

	test('says that an output folder has not been built', async () => {
		expect(await explain('--out', 'elsewhere')).toBe('no earlier build of elsewhere is known');
	});

	test('shows the generated code of a changed signature, and what follows', async () => {
		expect(
			await explainWith({ 'project.yaml': replaced('func(a: s32) -> s32', 'func(a: s32) -> s64') }),
		).toBe(`compile:demo runs
  generated["c/demo.c"]: <hash> → <hash>
link runs
  contract: <hash> → <hash>
  compile:demo differs
verify runs
  expected: - module demo, name bar, params i32, results i32, by demo, kind host
  expected: + module demo, name bar, params i32, results i64, by demo, kind host
  link differs
  compile:demo differs`);
	});

	test('shows a changed header and a changed flag', async () => {
		expect(
			await explainWith({
				'include/fast.h': (text) => `${text}/* more */\n`,
				'project.yaml': (text) => text.replace('LEVEL: 1', 'LEVEL: 2').replace('8MiB', '4MiB'),
			}),
		).toBe(`compile:fast runs
  files["include/fast.h"]: <hash> → <hash>
  flags: - -DLEVEL=1
  flags: + -DLEVEL=2
link runs
  flags: - stack-size=8388608
  flags: + stack-size=4194304
  compile:fast differs
verify runs
  link differs
  compile:fast differs`);
	});

	test('shows another toolchain from the lock file, without looking for it', async () => {
		const identityOf = /"(wasm-ld|lld)[^"]*": "[0-9a-f]{64}"/;
		const said = await explainWith({
			'cpybuild.lock': (text) => text.replace(identityOf, (one) => one.replace(/[0-9a-f]{64}/, '0'.repeat(64))),
		});
		const program = /programs(?:\.|\[")([\w-]+)/.exec(said)?.[1] ?? '';
		const shown = /^\w+$/.test(program) ? `toolchain.programs.${program}` : `toolchain.programs["${program}"]`;
		const changed = `  ${shown}: <hash> → 000000000000`.replace('000000000000', '<hash>');
		expect(said).toBe(`base runs
${changed}
stdlib runs
  base differs
compile:_cpybuild runs
${changed}
  base differs
compile:demo runs
${changed}
  base differs
compile:fast runs
${changed}
  base differs
inittab runs
${changed}
  base differs
link runs
${changed}
  base differs
  inittab differs
  compile:_cpybuild differs
  compile:demo differs
  compile:fast differs
verify runs
  link differs
  base differs
  compile:_cpybuild differs
  compile:demo differs
  compile:fast differs`);
	});

	test('writes whole values as JSON', async () => {
		const said = await explainWith({ 'project.yaml': replaced('8MiB', '4MiB') }, '--json');
		const explanation: { steps: { id: string; kind: string; status: string; inputs: { name: string }[] }[] } =
			JSON.parse(said);
		const changed = explanation.steps.filter(({ kind }) => kind !== 'same');
		expect(changed.map(({ id, kind, status }) => [id, kind, status])).toEqual([
			['link', 'changed', 'runs'],
			['verify', 'changed', 'runs'],
		]);
		const flags = (stack: number) => expect.arrayContaining(['-m', 'wasm32', `stack-size=${stack}`]);
		expect(changed[0]?.inputs).toEqual([{ name: 'flags', old: flags(8388608), new: flags(4194304) }]);
	});
});

test('plan --json gives the same keys and inputs elsewhere, to another user, in another language and time zone', async () => {
	const other = await mkdtemp(join(tmpdir(), 'cpybuild explain ü-'));
	try {
		for (const path of ['project.yaml', 'cpybuild.lock', 'fast.c', 'include']) {
			await cp(join(project.folder, path), join(other, 'deep', path), { recursive: true });
		}
		const plan = async (cwd: string, env: Readonly<Record<string, string>> = {}) => {
			const { stdout } = await cpybuild(['plan', '--json'], { cwd, env });
			const { steps }: { steps: { id: string; key: string; inputs: object; needs: object }[] } = JSON.parse(stdout);
			return steps.map(({ id, key, inputs, needs }) => ({ id, key, inputs, needs }));
		};
		const here = await plan(project.folder);
		expect(here.map(({ id }) => id)).toEqual([
			'source',
			'base',
			'stdlib',
			'compile:_cpybuild',
			'compile:demo',
			'compile:fast',
			'inittab',
			'link',
			'verify',
		]);
		const home = join(other, 'home');
		await mkdir(home);
		const env = {
			HOME: home,
			USER: 'nobody',
			TZ: 'Asia/Tokyo',
			LANG: 'tr_TR.UTF-8',
			LC_ALL: 'tr_TR.UTF-8',
			CPATH: '/x',
		};
		expect(await plan(join(other, 'deep'), env)).toEqual(here);
	} finally {
		await rm(other, { recursive: true });
	}
});

test('steps behind outputs that are there are not needed', async () => {
	const cacheDir = await makeCache(join(project.folder, 'cache'), ['link', 'verify', 'stdlib']);
	const options = ['--cache-dir', cacheDir];
	const { stdout } = await cpybuild(['plan', ...options, '--json'], { cwd: project.folder });
	const { steps }: { steps: { id: string; status: string }[] } = JSON.parse(stdout);
	expect(Object.fromEntries(steps.map(({ id, status }) => [id, status]))).toEqual({
		source: 'unneeded',
		base: 'unneeded',
		stdlib: 'cached',
		'compile:_cpybuild': 'unneeded',
		'compile:demo': 'unneeded',
		'compile:fast': 'unneeded',
		inittab: 'unneeded',
		link: 'cached',
		verify: 'cached',
	});
	expect(await explain(...options)).toBe('nothing differs from the last build of dist');
	await rm(join(cacheDir, 'trees/link'));
	await rm(join(cacheDir, 'ac/link'), { recursive: true });
	expect(await explain(...options)).toBe(
		['source', 'base', 'compile:_cpybuild', 'compile:demo', 'compile:fast', 'inittab', 'link']
			.map((id) => `${id} runs\n  its output is not in the cache`)
			.join('\n'),
	);
});

describe('a file that only the compiler sees', () => {
	const build = async (source: string) => {
		await writeFile(join(project.folder, 'hidden.h'), '#define HIDDEN 5\n');
		const before = await readFile(join(project.folder, 'fast.c'), 'utf8');
		await project.write('fast.c', nativeModule('fast', '    return PyLong_FromLong(HIDDEN);', source));
		try {
			return await project.build('--quiet');
		} finally {
			await project.write('fast.c', before);
		}
	};

	test('is an error, since its changes would go unnoticed', async () => {
		const { code, stderr } = await build('#define NAME "hidden.h"\n#include NAME');
		expect(
			stderr,
		).toBe(`error[build/hidden-input]: "fast.c" reads "hidden.h", which cpybuild did not see: a change of it would go unnoticed
  --> project.yaml:4:3
   |
 4 |   fast: { sources: [fast.c], include: [include], define: { LEVEL: 1 } }
   |   ^^^^
   = hint: name it in a line of its own, #include "…", within #if 0 where it must not be included twice; a folder of headers belongs under include:`);
		expect(code).toBe(1);
	});

	test('is none when a line names it', async () => {
		const { code, stderr } = await build('#define NAME "hidden.h"\n#include NAME\n#if 0\n#include "hidden.h"\n#endif');
		expect([code, stderr]).toEqual([0, '']);
	});
});
