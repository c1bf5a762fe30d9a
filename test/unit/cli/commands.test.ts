import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runBuild } from '../../../src/cli/commands/build.js';
import { runPlan } from '../../../src/cli/commands/plan.js';
import type { CommandName } from '../../../src/cli/options.js';
import { type CommandInvocation, parseCommandLine } from '../../../src/cli/parse.js';
import { runCommandLine } from '../../../src/cli/run-command-line.js';
import { contractOf } from '../../../src/contract/contract.js';
import { CONTRACT_SECTION, encodeContract } from '../../../src/contract/section.js';
import { CpybuildError, diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { loadManifest } from '../../../src/project.js';
import type { BuildOptions } from '../../../src/report.js';
import { customSection } from '../../../src/wasm/custom-section.js';
import { func, i32, list, name, section, wasm } from '../wasm/assemble.js';
import { report } from './build-story.js';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.js';

const argumentsOf = <N extends CommandName>(command: N, ...argv: string[]): CommandInvocation<N>['args'] => {
	const invocation = parseCommandLine([command, ...argv]);
	if (invocation.kind !== 'command') throw new Error(`no command: ${argv.join(' ')}`);
	return invocation.args as CommandInvocation<N>['args'];
};

let folder = '';

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cpybuild-cli-'));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
});

/** Runs a command line; the temporary folder is shown as TMP. */
const run = async (...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
	const fake: FakeTerminal = fakeTerminal();
	const code = await runCommandLine(argv, fake.terminal);
	return { code, stdout: fake.stdout().replaceAll(folder, 'TMP'), stderr: fake.stderr().replaceAll(folder, 'TMP') };
};

const manifest =
	'python: "3.13.5"\nmodules:\n  demo:\n    functions:\n      bar: { signature: "func(a: s32) -> s32" }\n';

describe('exit codes', () => {
	test('help and version end with 0', async () => {
		expect((await run('--help')).code).toBe(0);
		const { version }: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
		expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
	});

	test('nothing is answered with help and 2', async () => {
		const help = (await run('--help')).stdout;
		expect(await run()).toEqual({ code: 2, stdout: '', stderr: help });
	});

	test('a wrong command line ends with 2', async () => {
		expect(await run('biuld')).toEqual({
			code: 2,
			stdout: '',
			stderr: 'error[usage/unknown-command]: unknown command "biuld"\n   = hint: did you mean "build"?\n',
		});
	});

	test('with --json problems are JSON on standard output', async () => {
		const { code, stdout, stderr } = await run('inspect', '--json', '--what');
		expect([code, stderr]).toEqual([2, '']);
		expect(JSON.parse(stdout)).toEqual({
			type: 'failed',
			exitCode: 2,
			diagnostics: [
				{
					code: 'usage/unknown-option',
					severity: 'error',
					message: 'unknown option "--what" of "cpybuild inspect"',
					hint: '"cpybuild inspect --help" lists what it takes',
				},
			],
		});
	});
});

describe('build', () => {
	test('gives the library what the command line says', async () => {
		const seen: BuildOptions[] = [];
		const { terminal } = fakeTerminal();
		const args = argumentsOf(
			'build',
			'a.yaml',
			'--out',
			'o',
			'--jobs',
			'2',
			'--compiler',
			'wasm',
			'--no-seed',
			'--quiet',
		);
		const code = await runBuild(args, terminal, async (options) => {
			seen.push(options);
			return report;
		});
		expect(code).toBe(0);
		expect(seen).toEqual([
			{
				manifest: 'a.yaml',
				out: 'o',
				jobs: 2,
				compiler: 'wasm',
				frozen: false,
				offline: false,
				seed: false,
				signal: terminal.signal,
				onEvent: expect.any(Function),
			},
		]);
	});

	test('shows what happens and passes problems on', async () => {
		const { terminal, stdout } = fakeTerminal();
		const problem = new CpybuildError(diagnostic({ code: 'build/link-failed', message: 'wasm-ld failed' }));
		const building = runBuild(argumentsOf('build'), terminal, async ({ onEvent }) => {
			onEvent?.({ type: 'step-finished', id: 'link', title: 'Link', status: 'failed', ms: 20 });
			throw problem;
		});
		await expect(building).rejects.toBe(problem);
		expect(stdout()).toBe('✗ Link (0.0 s)\n');
	});
});

describe('plan', () => {
	const steps = [
		{ id: 'base', title: 'Compile CPython', status: 'cached', key: '0123456789abcdef0123', inputs: {}, needs: {} },
		{ id: 'link', title: 'Link python.wasm', status: 'runs', key: 'fedcba98765432100123', inputs: {}, needs: {} },
	] as const;

	test('is a table', async () => {
		const { terminal, stdout } = fakeTerminal();
		expect(await runPlan(argumentsOf('plan'), terminal, async () => steps)).toBe(0);
		expect(stdout()).toBe(
			'step  does              status  key\n' +
				'base  Compile CPython   cached  0123456789ab\n' +
				'link  Link python.wasm  runs    fedcba987654\n',
		);
	});

	test('is JSON when asked for', async () => {
		const { terminal, stdout } = fakeTerminal();
		await runPlan(argumentsOf('plan', '--json'), terminal, async () => steps);
		expect(JSON.parse(stdout())).toEqual({ type: 'plan', steps });
	});
});

describe('generate and check', () => {
	test('files are written once, found current, and mended', async () => {
		const path = join(folder, 'project.yaml');
		await writeFile(path, manifest);
		expect(await run('generate', path)).toEqual({
			code: 0,
			stdout: 'TMP/generated: 11 written, 0 removed, 0 unchanged\n',
			stderr: '',
		});
		expect((await run('generate', path)).stdout).toBe('TMP/generated is up to date\n');
		expect((await run('generate', path, '--check')).stdout).toBe('TMP/generated is current\n');
		expect((await run('check', path, '--generated', join(folder, 'generated'))).stdout).toBe(
			'TMP/project.yaml is valid: CPython 3.13.5, 1 module, 1 host function, TMP/generated is current\n',
		);

		await writeFile(path, manifest.replace('demo:', 'other:'));
		await rm(join(folder, 'generated/bindings.js'));
		expect(await run('generate', path, '--check')).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[usage/generated-stale]: the generated files in "TMP/generated" are not those of the manifest
    missing    bindings.js
    missing    c/other.c
    missing    typings/other.pyi
    stale      .cpybuild-files
    stale      Setup.bootstrap
    stale      bindings.d.ts
    stale      bindings.ts
    stale      cpython.patch
    left over  c/demo.c
    left over  typings/demo.pyi
   = hint: run: cpybuild generate TMP/project.yaml
`,
		});
		expect((await run('generate', path)).stdout).toBe('TMP/generated: 8 written, 2 removed, 3 unchanged\n');
		expect((await run('generate', path, '--check')).code).toBe(0);
	});

	test('check tells a valid manifest as JSON', async () => {
		const path = join(folder, 'project.yaml');
		await writeFile(path, manifest);
		const { code, stdout } = await run('check', path, '--json');
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toEqual({
			type: 'checked',
			manifest: 'TMP/project.yaml',
			python: '3.13.5',
			modules: 1,
			imports: 1,
		});
	});

	test('a wrong manifest ends with 2', async () => {
		const path = join(folder, 'project.yaml');
		await writeFile(path, 'python: 3.13.5\nmodules: 7\n');
		const { code, stdout } = await run('check', path);
		expect([code, stdout]).toEqual([2, '']);
	});
});

describe('inspect', () => {
	test('shows a module as tables', async () => {
		const path = join(folder, 'x.wasm');
		const module = wasm(
			section(1, list(func([i32, i32], [i32]), func([], []))),
			section(
				2,
				list(
					[...name('demo'), ...name('bar'), 0, 0],
					[...name('env'), ...name('base'), 3, i32, 1],
					[...name('demo'), ...name('two words'), 0, 1],
				),
			),
			section(3, list([1])),
			section(5, list([1, 20, 0x80, 0x80, 1])),
			section(7, list([...name('memory'), 2, 0], [...name('_start'), 0, 2])),
			section(10, list([2, 0, 0x0b])),
			section(0, name('producers'), new Array(2000).fill(0)),
		);
		await writeFile(path, module);
		expect(await run('inspect', path)).toEqual({
			code: 0,
			stderr: '',
			stdout: `TMP/x.wasm: 2.1 KiB (2115 bytes), 1 function

Imports (3):
  demo (2)
    bar          func  (i32, i32) -> i32
    "two words"  func  () -> ()
  env (1)
    base  global  mut i32

Exports (2):
  memory  memory  20 to 16384 pages
  _start  func    () -> ()

Memory:
  20 to 16384 pages

Sections:
  type              10 bytes              at 10
  import            41 bytes              at 22
  function          2 bytes               at 65
  memory            6 bytes               at 69
  export            19 bytes              at 77
  code              4 bytes               at 98
  custom producers  2.0 KiB (2010 bytes)  at 105
`,
		});
	});

	test('shows the contract of a python.wasm', async () => {
		const path = join(folder, 'x.wasm');
		await writeFile(join(folder, 'project.yaml'), manifest);
		const contract = contractOf(await loadManifest(join(folder, 'project.yaml')));
		await writeFile(path, Buffer.concat([wasm(), customSection(CONTRACT_SECTION, encodeContract(contract))]));
		const { stdout } = await run('inspect', path);
		expect(stdout.slice(stdout.indexOf('Contract'))).toBe(
			`Contract ${contract.hash}:\n  demo.bar: func(a: s32) -> s32\n`,
		);
		expect(JSON.parse((await run('inspect', path, '--json')).stdout)).toMatchObject({ contract });
	});

	test('shows a module as JSON', async () => {
		const path = join(folder, 'x.wasm');
		await writeFile(path, wasm());
		expect(JSON.parse((await run('inspect', path, '--json')).stdout)).toEqual({
			bytes: 8,
			sections: [],
			imports: [],
			exports: [],
			memories: [],
			functions: 0,
			codeBytes: 0,
			dataBytes: 0,
		});
	});

	test.each([
		['nowhere.wasm', 'there is no file "TMP/nowhere.wasm"'],
		['', '"TMP/" is a folder'],
	])('"%s" is no module to read', async (path, message) => {
		const { code, stderr } = await run('inspect', `${folder}/${path}`);
		expect([code, stderr.split('\n')[0]]).toEqual([2, `error[usage/unreadable-file]: ${message}`]);
	});
});

describe('wit', () => {
	test('prints the WIT of a manifest', async () => {
		const path = join(folder, 'project.yaml');
		await writeFile(path, manifest);
		expect(await run('wit', path)).toEqual({
			code: 0,
			stderr: '',
			stdout: `package cpybuild:project;

interface demo {
  bar: func(a: s32) -> s32;
}

world python {
  import demo;
}
`,
		});
	});
});

describe('diff', () => {
	const write = async (name: string, text: string): Promise<string> => {
		await writeFile(join(folder, name), text);
		return join(folder, name);
	};

	test('says that nothing has changed', async () => {
		const path = await write('old.yaml', manifest);
		expect(await run('diff', path, path)).toEqual({
			code: 0,
			stderr: '',
			stdout: 'nothing that hosts or Python code can see has changed\n',
		});
	});

	test('says what has changed, whom it breaks, and ends with 1', async () => {
		const old = await write('old.yaml', manifest);
		const now = await write('new.yaml', manifest.replace('a: s32', 'a: s64').replace(' }', ' }\n      baz: "func()"'));
		expect(await run('diff', old, now)).toEqual({
			code: 1,
			stderr: '',
			stdout: `demo.bar was changed, which breaks hosts
  - func(a: s32) -> s32
  + func(a: s64) -> s32

demo.baz was added, which breaks hosts
  + func()

2 changes: breaks hosts
`,
		});
		expect((await run('diff', now, old)).stdout.split('\n').at(-2)).toBe('2 changes: breaks hosts and Python code');
	});

	test('compares modules too, and writes JSON', async () => {
		const old = await write('old.yaml', manifest);
		const contract = contractOf(await loadManifest(old));
		const now = join(folder, 'new.wasm');
		await writeFile(now, Buffer.concat([wasm(), customSection(CONTRACT_SECTION, encodeContract(contract))]));
		const { code, stdout } = await run('diff', old, now, '--json');
		expect([code, JSON.parse(stdout)]).toEqual([
			0,
			{ type: 'compared', changes: [], breaksHosts: false, breaksPython: false },
		]);
	});

	test('needs modules that have a contract', async () => {
		const path = join(folder, 'x.wasm');
		await writeFile(path, wasm());
		expect(await run('diff', path, path)).toEqual({
			code: 2,
			stdout: '',
			stderr:
				'error[usage/no-contract]: "TMP/x.wasm" has no contract\n' +
				'   = hint: build it with this version of cpybuild, or name the manifest that it was built from\n',
		});
	});
});

describe('init', () => {
	test('writes a project whose manifest is valid, and says how to go on', async () => {
		expect(await run('init', join(folder, 'new'))).toEqual({
			code: 0,
			stderr: '',
			stdout: `wrote TMP/new/project.yaml
wrote TMP/new/host.ts
wrote TMP/new/hello.py
wrote TMP/new/package.json
wrote TMP/new/.gitignore

Next:
  cd TMP/new
  npm install --save-dev cpybuild
  npx cpybuild build
  npx cpybuild run dist --host host.ts --dir .::/work:ro -- /work/hello.py
`,
		});
		expect((await readdir(join(folder, 'new'))).sort()).toEqual([
			'.gitignore',
			'hello.py',
			'host.ts',
			'package.json',
			'project.yaml',
		]);
		expect(await run('check', join(folder, 'new/project.yaml'))).toMatchObject({ code: 0 });
	});

	test('does not ask to install what is there', async () => {
		await mkdir(join(folder, 'node_modules/cpybuild'), { recursive: true });
		const { stdout } = await run('init', folder);
		expect(stdout.slice(stdout.indexOf('Next:'))).toBe(`Next:
  cd TMP
  npx cpybuild build
  npx cpybuild run dist --host host.ts --dir .::/work:ro -- /work/hello.py
`);
	});

	test('overwrites nothing, and writes nothing then', async () => {
		await writeFile(join(folder, 'host.ts'), 'mine\n');
		expect(await run('init', folder)).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[usage/file-exists]: "host.ts" exists already in "TMP"
   = hint: name another folder, or add --force to overwrite
`,
		});
		expect(await readdir(folder)).toEqual(['host.ts']);
	});

	test('--force overwrites, and spares package.json and .gitignore', async () => {
		await writeFile(join(folder, 'host.ts'), 'mine\n');
		await writeFile(join(folder, 'package.json'), '{}\n');
		await writeFile(join(folder, '.gitignore'), 'secret\nnode_modules/');
		const { code, stdout } = await run('init', folder, '--force');
		expect([code, stdout.slice(0, stdout.indexOf('\n\n'))]).toEqual([
			0,
			'wrote TMP/project.yaml\nwrote TMP/host.ts\nwrote TMP/hello.py\nwrote TMP/.gitignore\nkept  TMP/package.json',
		]);
		expect(await readFile(join(folder, 'host.ts'), 'utf8')).toBe(await readFile('templates/init/host.ts', 'utf8'));
		expect(await readFile(join(folder, 'package.json'), 'utf8')).toBe('{}\n');
		expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe(
			'secret\nnode_modules/\n/.cpybuild/\n/dist/\n/generated/\n',
		);
	});

	test('a folder that a file is in the way of is refused', async () => {
		await mkdir(join(folder, 'a'));
		await writeFile(join(folder, 'a/b'), '');
		const { code, stderr } = await run('init', join(folder, 'a/b'));
		expect([code, stderr]).toEqual([
			2,
			'error[usage/file-exists]: "TMP/a/b" is a file\n   = hint: name another folder\n',
		]);
	});
});
