import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunOptions } from '../../src/host/run.js';
import { CLI, cpybuild, ROOT, runNode } from '../helpers/cli.js';
import { builtDist } from '../helpers/dist.js';

const PROGRAMS = join(ROOT, 'test/e2e/programs');
const RUN = pathToFileURL(join(ROOT, 'lib/src/index.js')).href;

/** A program that hangs fails its test, and is gone. */
const LIMIT = { timeout: 120_000 };

let dist: string;
/** A folder with a host module and a granted folder, made anew for each test. */
let folder: string;

beforeAll(async () => {
	dist = await builtDist();
});

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cpybuild-runtime-'));
	await mkdir(join(folder, 'granted'));
	const host = pathToFileURL(join(PROGRAMS, 'host.mjs')).href;
	await writeFile(join(folder, 'host.mjs'), `export { implementation as host } from ${JSON.stringify(host)};\n`);
	return () => rm(folder, { recursive: true, force: true });
});

/** The program that runs an interpreter with given options and ends with its exit code. */
const runner = (options: Partial<RunOptions>): string[] => {
	const all = { dist, hostModule: join(folder, 'host.mjs'), ...options };
	const code = `const { runInterpreter } = await import(${JSON.stringify(RUN)});
process.exitCode = await runInterpreter(${JSON.stringify(all)});`;
	return ['--input-type=module', '-e', code];
};

const run = (options: Partial<RunOptions>, input = '') => runNode(runner(options), { input });
const python = (code: string, input = '') => run({ args: ['-c', code] }, input);
const granted = (grants: object) => [{ host: join(folder, 'granted'), guest: '/data', ...grants }];

describe('programs', () => {
	test('use files of a granted folder', async () => {
		const dirs = [...granted({ writable: true, symlinks: true }), { host: PROGRAMS, guest: '/programs' }];
		const result = await run({ args: ['/programs/wasi_files.py', '/data'], dirs });
		expect(result).toEqual({ code: 0, stdout: 'files ok', stderr: '' });
	});

	test('use files in memory, on the main thread', async () => {
		const url = (path: string) => JSON.stringify(pathToFileURL(join(ROOT, 'lib/runtime', path)).href);
		const code = `
			import { readFileSync } from 'node:fs';
			import { createWasi, memoryMount } from ${url('index.js')};
			import { hostOutput, nodeMount } from ${url('node/index.js')};
			import { createBindings } from ${JSON.stringify(pathToFileURL(join(dist, 'bindings.js')).href)};
			import { host } from ${JSON.stringify(pathToFileURL(join(folder, 'host.mjs')).href)};
			const program = readFileSync(${JSON.stringify(join(PROGRAMS, 'wasi_files.py'))}, 'utf8');
			const mounts = [
				{ guest: '/', mount: nodeMount(${JSON.stringify(dist)}) },
				{ guest: '/data', mount: memoryMount({}) },
				{ guest: '/programs', mount: memoryMount({ 'files.py': program }, { writable: false }) },
			];
			const args = ['python', '/programs/files.py', '/data'];
			const wasi = createWasi({ args, stdout: hostOutput(1), stderr: hostOutput(2), mounts });
			const bindings = createBindings(host);
			const module = await WebAssembly.compile(readFileSync(${JSON.stringify(join(dist, 'python.wasm'))}));
			const imports = { ...bindings.imports, wasi_snapshot_preview1: wasi.imports };
			const instance = await WebAssembly.instantiate(module, imports);
			bindings.attach(instance);
			process.exitCode = wasi.start(instance);
		`;
		const result = await runNode(['--input-type=module', '-e', code], { nodeOptions: ['--stack-size=3900'] });
		expect(result).toEqual({ code: 0, stdout: 'files ok', stderr: '' });
	});

	test.each(['', '--liftoff-only', '--no-liftoff'])(
		'wait, sleep and recurse as they should, compiled %j',
		async (tier) => {
			const options = { args: ['/programs/wasi_system.py'], env: { ONLY: 'this one' } };
			const command = runner({ ...options, dirs: [{ host: PROGRAMS, guest: '/programs' }] });
			const result = await runNode(command, { nodeOptions: tier === '' ? [] : [tier] });
			expect(result).toEqual({ code: 0, stdout: 'system ok', stderr: '' });
		},
	);
});

describe('the end of a program', () => {
	test.each([
		['its own exit code', 'import sys; sys.exit(7)', { code: 7, stdout: '', stderr: '' }],
		['an exit without cleaning up', 'import os; print("lost"); os._exit(9)', { code: 9, stdout: '', stderr: '' }],
		['a text to exit with', 'raise SystemExit("bye")', { code: 1, stdout: '', stderr: 'bye' }],
		[
			'an abort',
			'import os; print("before", flush=True); os.abort()',
			{ code: 134, stdout: 'before', stderr: 'cpybuild: python.wasm crashed: unreachable' },
		],
	])('is %s', async (_name, code, expected) => {
		expect(await python(code)).toEqual(expected);
	});

	test('is 1 after an exception that nobody catches', async () => {
		const result = await python('1/0');
		expect([result.code, result.stderr.split('\n').at(-1)]).toEqual([1, 'ZeroDivisionError: division by zero']);
	});

	test.each(['SIGINT', 'SIGTERM'] as const)('is 130 after %s, while it computes, sleeps and reads', async (signal) => {
		for (const code of ['while True: pass', 'import time; time.sleep(1000)', 'input()']) {
			const args = [
				CLI,
				'run',
				dist,
				'--host',
				join(folder, 'host.mjs'),
				'--',
				'-c',
				`print("ready", flush=True)\n${code}`,
			];
			const child = spawn(process.execPath, args, LIMIT);
			child.stdout.once('data', () => child.kill(signal));
			const ended = await new Promise((resolve) => child.once('exit', (...end) => resolve(end)));
			expect(ended, code).toEqual([130, null]);
		}
	});
});

describe('standard streams', () => {
	test('give what is piped in, to the end', async () => {
		const text = 'zeile für zeile\n'.repeat(100_000);
		const code = 'import sys; data = sys.stdin.read(); print(len(data), data[-6:-1], repr(sys.stdin.read()))';
		expect(await python(code, text)).toEqual({ code: 0, stdout: "1600000 zeile ''", stderr: '' });
	});

	test('give a line as soon as it is there', async () => {
		const code = `import select, sys
poll = select.poll()
poll.register(0, select.POLLIN)
assert poll.poll(20) == []
print("ask", flush=True)
print("got", sys.stdin.readline(), flush=True)
print("rest", repr(sys.stdin.read()))`;
		const child = execa(process.execPath, runner({ args: ['-c', code] }));
		let seen = '';
		child.stdout.on('data', (data) => {
			seen += data;
			if (seen === 'ask\n') child.stdin.write('one\n');
			if (seen === 'ask\ngot one\n\n') child.stdin.end('two');
		});
		expect((await child).stdout).toBe("ask\ngot one\n\nrest 'two'");
	});

	test('leave input that nobody reads to the next program', async () => {
		const command = runner({ args: ['-c', 'print("first")'] });
		const script = '"$@"; cat';
		const result = await execa('sh', ['-c', script, 'sh', process.execPath, ...command], { input: 'second' });
		expect(result.stdout).toBe('first\nsecond');
	});

	test('lose nothing of ten megabytes', async () => {
		const result = await python('import sys; sys.stdout.write("x" * 10_000_000); sys.stderr.write("e" * 100_000)');
		expect([result.code, result.stdout.length, result.stderr.length]).toEqual([0, 10_000_000, 100_000]);
	});

	test('keep the order of two streams that are one, and of what the host logs', async () => {
		const host = pathToFileURL(join(PROGRAMS, 'host.mjs')).href;
		await writeFile(
			join(folder, 'host.mjs'),
			`import { implementation } from ${JSON.stringify(host)};
export default { ...implementation, echo: { ...implementation.echo, nothing: () => console.log('host') } };
`,
		);
		const code = `import sys, echo
for number in range(3):
    print("out", number, flush=True)
    print("err", number, file=sys.stderr)
    echo.nothing()`;
		const result = await execa(process.execPath, runner({ args: ['-c', code] }), { all: true, stderr: 'pipe' });
		const both = await execa('sh', ['-c', '"$@" 2>&1', 'sh', process.execPath, ...runner({ args: ['-c', code] })]);
		expect(result.exitCode).toBe(0);
		expect(both.stdout).toBe('out 0\nerr 0\nhost\nout 1\nerr 1\nhost\nout 2\nerr 2\nhost');
	});

	test('tell a program that nobody reads any more', async () => {
		const code = `import os, sys
try:
    while True: os.write(1, b"y" * 1000)
except BrokenPipeError as error:
    print(error, file=sys.stderr)
    os._exit(3)`;
		const child = spawn(process.execPath, runner({ args: ['-c', code] }), LIMIT);
		let stderr = '';
		child.stderr.on('data', (data) => {
			stderr += data;
		});
		child.stdout.once('data', () => child.stdout.destroy());
		const exitCode = await new Promise((resolve) => child.once('close', resolve));
		expect([exitCode, stderr]).toEqual([3, '[Errno 64] Broken pipe\n']);
	});
});

describe('granted folders', () => {
	test('are changed only when that is granted', async () => {
		const code = 'open("/data/new", "w").write("by the guest")';
		const refused = await run({ args: ['-c', code], dirs: granted({}) });
		expect(refused.stderr.split('\n').at(-1)).toBe("OSError: [Errno 69] Read-only file system: '/data/new'");
		expect(await run({ args: ['-c', code], dirs: granted({ writable: true }) })).toMatchObject({ code: 0 });
		expect(await readFile(join(folder, 'granted/new'), 'utf8')).toBe('by the guest');
	});

	test('are no way out, by dots or by links', async () => {
		await writeFile(join(folder, 'secret'), 'SECRET');
		await symlink('../secret', join(folder, 'granted/link'));
		await symlink(folder, join(folder, 'granted/up'));
		const code = `for path in ["../secret", "../../secret", "link", "up/secret", "../../../../etc/passwd"]:
    try: print(open("/data/" + path).read())
    except OSError as error: print(type(error).__name__, error.errno)
import os
try: os.symlink("../secret", "/data/mine")
except OSError as error: print(type(error).__name__, error.errno)`;
		const result = await run({ args: ['-c', code], dirs: granted({ writable: true, symlinks: true }) });
		expect(result).toEqual({
			code: 0,
			stdout: [
				'FileNotFoundError 44',
				'FileNotFoundError 44',
				'PermissionError 76',
				'PermissionError 76',
				'FileNotFoundError 44',
				'PermissionError 76',
			].join('\n'),
			stderr: '',
		});
	});
});

describe('problems before the start', () => {
	const problemsOf = async (...args: string[]) => {
		const { code, stdout, stderr } = await cpybuild(['run', ...args, '--', '-c', 'print("started")'], { cwd: folder });
		expect(stdout).toBe('');
		return [code, ...stderr.replaceAll(folder, '<folder>').replaceAll(dist, '<dist>').split('\n')];
	};

	test('name all imports that no host provides', async () => {
		const [code, first, ...rest] = await problemsOf(dist);
		expect([code, String(first).slice(0, 65), rest]).toEqual([
			2,
			'error[usage/host-import-missing]: python.wasm imports "echo.bool"',
			['   = hint: name the module that implements them with --host FILE'],
		]);
	});

	test('name a host module that has a syntax error', async () => {
		await writeFile(join(folder, 'broken.mjs'), 'export default {{\n');
		const [code, first] = await problemsOf(dist, '--host', 'broken.mjs');
		expect([code, first]).toEqual([
			2,
			'error[usage/host-module-failed]: host module "<folder>/broken.mjs" does not load',
		]);
	});

	test('name a host module that exports no host', async () => {
		await writeFile(join(folder, 'empty.ts'), 'export const other: number = 1;\n');
		expect(await problemsOf(dist, '--host', 'empty.ts')).toEqual([
			2,
			'error[usage/host-module-empty]: host module "<folder>/empty.ts" exports no host',
			'   = hint: export the object that implements the bindings as default, or as "host"',
		]);
	});

	test('name what a host lacks', async () => {
		await writeFile(join(folder, 'half.mjs'), 'export default { wrong: {}, raw: {}, native: {} };\n');
		const [code, first] = await problemsOf(dist, '--host', 'half.mjs');
		expect([code, String(first).slice(0, 125)]).toEqual([
			2,
			'error[usage/host-incomplete]: host module "<folder>/half.mjs" does not implement the bindings: the host lacks echo (module), ',
		]);
	});

	test('name how python.wasm and its bindings differ', async () => {
		const other = join(folder, 'other-build');
		await cp(dist, other, { recursive: true });
		const bindings = await readFile(join(other, 'bindings.js'), 'utf8');
		await writeFile(
			join(other, 'bindings.js'),
			bindings.replace("'func(value: bool) -> bool'", "'func(value: u8) -> bool'"),
		);
		expect(await problemsOf(other, '--host', 'host.mjs')).toEqual([
			2,
			'error[usage/contract-differs]: python.wasm and bindings.js are not from the same build',
			'    echo.bool: the module needs func(value: bool) -> bool, and the bindings have func(value: u8) -> bool',
			'   = hint: build again',
		]);
	});

	test('name a folder that is no dist, and one that is not there', async () => {
		expect(await problemsOf(folder, '--dir', 'nowhere::/data')).toEqual([
			2,
			'error[usage/not-a-dist]: "<folder>" holds no python.wasm',
			'   = hint: name the output folder of a build; "cpybuild build" makes one',
			'',
			'error[usage/dir-missing]: there is no folder "nowhere" to show as "/data"',
		]);
	});
});

test('a host in TypeScript answers', async () => {
	const host = JSON.stringify(join(PROGRAMS, 'host.mjs'));
	await writeFile(
		join(folder, 'host.ts'),
		`import { implementation } from ${host};
interface Doubler { readonly s32: (value: number) => number }
const echo: Doubler = { ...implementation.echo, s32: (value) => value * 2 };
export default { ...implementation, echo };
`,
	);
	const result = await cpybuild(['run', dist, '--host', 'host.ts', '--', '-c', 'import echo; print(echo.s32(21))'], {
		cwd: folder,
	});
	expect(result).toEqual({ code: 0, stdout: '42', stderr: '' });
});
