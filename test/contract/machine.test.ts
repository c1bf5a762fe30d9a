import { randomBytes } from 'node:crypto';
import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Machine, Workplace } from '../../src/machine/machine.js';
import { MACHINES, type Open } from './machines.js';

/** An empty folder of this test's own. */
function temporaryFolder(): string {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpybuild contract=é-')));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** Names that something on the way may take for something else. */
const ODD_NAMES = [
	'with space',
	'two\nlines',
	'a=b',
	'-rf',
	'ünïcödé',
	'"quotes" \'and\' `more` $HOME',
	'back\\slash',
	'*',
	'x'.repeat(200),
	'.hidden',
	'trailing ',
];

describe.each(MACHINES)('%s', (_, open) => {
	let opened: Open | undefined;
	let machine: Machine;
	beforeAll(async () => {
		opened = await open();
		({ machine } = opened);
	});
	afterAll(() => opened?.close());

	const shell = (script: string, place: Workplace = { cwd: '/' }, env: Record<string, string> = {}) =>
		({ ...place, argv: ['sh', '-c', script], env }) as const;
	/** Runs a script in a folder that it may change. */
	const runIn = (folder: string, script: string) =>
		machine.run(shell(`set -e\n${script}`, { cwd: folder, writes: [folder] }));

	test.each([0, 1, 3, 127, 128, 255])('tells exit code %i', async (exitCode) => {
		expect((await machine.run(shell(`exit ${exitCode}`))).exitCode).toBe(exitCode);
	});

	test('keeps the order of output, and standard output apart', async () => {
		// Two pipes have no order of their own; who waits gets the one of writing.
		const result = await machine.run(shell('echo one; sleep 0.3; echo two >&2; sleep 0.3; printf three'));
		expect(result).toEqual({ exitCode: 0, stdout: 'one\nthree', output: 'one\ntwo\nthree' });
	});

	test('tells lines while the command runs, the last one without its end too', async () => {
		const lines: string[] = [];
		await machine.run(shell('printf "one\\ntwo\\r\\n"; printf thr; printf ee'), { onLine: (line) => lines.push(line) });
		expect(lines).toEqual(['one', 'two', 'three']);
	});

	test('gives all of a long output', async () => {
		const { stdout } = await machine.run(shell('seq 1 200000'));
		expect(stdout.trimEnd().split('\n')).toEqual(Array.from({ length: 200_000 }, (_, index) => String(index + 1)));
	});

	test('joins characters that arrive in two parts', async () => {
		expect((await machine.run(shell("printf '\\303'; sleep 0.1; printf '\\251'"))).stdout).toBe('é');
	});

	test('gives the command its input, and its end', async () => {
		const input = `${'é\n'.repeat(300_000)}end`;
		expect((await machine.run({ ...shell('cat'), input })).stdout).toBe(input);
		expect((await machine.run({ ...shell('wc -c'), input: '' })).stdout.trim()).toBe('0');
		expect((await machine.run(shell('wc -c'))).stdout.trim()).toBe('0');
	});

	test('ends a command that does not read its input as any other', async () => {
		const input = 'x'.repeat(1_000_000);
		// Podman tells in the errors that it could not give all of it.
		expect(await machine.run({ ...shell('exit 2'), input })).toMatchObject({ exitCode: 2, stdout: '' });
	});

	test('gives the environment and nothing else', async () => {
		const env = { PLAIN: 'value', ODD: 'a=b "c" \n$d é', EMPTY: '' };
		const { stdout } = await machine.run({ argv: ['env', '-0'], cwd: '/', env });
		expect(stdout.split('\0').sort()).toEqual(
			['', 'EMPTY=', `ODD=${env.ODD}`, `PATH=${machine.path}`, 'PLAIN=value'].sort(),
		);
	});

	test('looks for programs on the path of the command', async () => {
		const folder = temporaryFolder();
		mkdirSync(join(folder, 'bin'));
		writeFileSync(join(folder, 'bin/greet'), '#!/bin/sh\necho hello "$@"\n', { mode: 0o755 });
		const place = { cwd: folder, reads: [join(folder, 'bin')] };
		const env = { PATH: `${join(folder, 'bin')}:${machine.path}` };
		expect((await machine.run({ ...place, argv: ['greet', 'a b', '', '*', 'c=d'], env })).stdout).toBe(
			'hello a b  * c=d\n',
		);
		expect((await machine.run({ ...place, argv: [join(folder, 'bin/greet')], env })).stdout).toBe('hello\n');
	});

	test('works in the working folder, also an empty one', async () => {
		const folder = temporaryFolder();
		expect((await machine.run({ argv: ['pwd'], cwd: folder, env: {} })).stdout).toBe(`${folder}\n`);
	});

	test('names a program that is not there', async () => {
		for (const program of ['cpybuild-no-such-program', '/no/such/program']) {
			await expect(machine.run({ argv: [program], cwd: '/', env: {} })).rejects.toMatchObject({
				diagnostics: [{ code: 'toolchain/not-found', message: expect.stringContaining(`no program "${program}"`) }],
			});
		}
	});

	test('says so when a command was killed', async () => {
		await expect(machine.run(shell('kill -9 $$'))).rejects.toMatchObject({
			diagnostics: [{ code: 'toolchain/not-runnable', message: '"sh" ended before its time: SIGKILL' }],
		});
	});

	test('has what a command reads', async () => {
		const folder = temporaryFolder();
		const [file, tree] = [join(folder, 'file'), join(folder, 'tree')];
		writeFileSync(file, 'content of the file');
		mkdirSync(join(tree, 'below/empty'), { recursive: true });
		writeFileSync(join(tree, 'below/program'), '#!/bin/sh\necho content of the tree\n', { mode: 0o755 });
		symlinkSync('below/program', join(tree, 'link'));
		const script = 'cat "$0"; "$1/link"; ls -A "$1/below/empty"';
		const argv = ['sh', '-c', script, file, tree] as const;
		const { output } = await machine.run({ argv, cwd: '/', env: {}, reads: [file, tree] });
		expect(output).toBe('content of the filecontent of the tree\n');
	});

	test('has what a command reads behind a link to its folder', async () => {
		const folder = temporaryFolder();
		mkdirSync(join(folder, 'far'));
		writeFileSync(join(folder, 'far/file'), 'content');
		symlinkSync(join(folder, 'far'), join(folder, 'near'));
		const argv = ['cat', join(folder, 'near/file')] as const;
		expect((await machine.run({ argv, cwd: '/', env: {}, reads: [join(folder, 'near/file')] })).output).toBe('content');
	});

	test('brings what a command makes, changes and removes', async () => {
		const folder = temporaryFolder();
		for (const name of ['kept', 'changed', 'removed']) writeFileSync(join(folder, name), name);
		mkdirSync(join(folder, 'gone/below'), { recursive: true });
		writeFileSync(join(folder, 'gone/below/file'), '');
		const before = lstatSync(join(folder, 'kept'), { bigint: true });
		await runIn(folder, 'echo new > new; echo more >> changed; rm -r removed gone; mkdir -p a/b; : > a/empty');
		expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['a', 'a/b', 'a/empty', 'changed', 'kept', 'new']);
		expect(readFileSync(join(folder, 'changed'), 'utf8')).toBe('changedmore\n');
		expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('new\n');
		// What is the same is not written again.
		const { ino, mtimeNs } = lstatSync(join(folder, 'kept'), { bigint: true });
		expect({ ino, mtimeNs }).toEqual({ ino: before.ino, mtimeNs: before.mtimeNs });
	});

	test('has what was made, changed and removed here between two commands', async () => {
		const folder = temporaryFolder();
		for (const name of ['kept', 'changed', 'removed']) writeFileSync(join(folder, name), name);
		mkdirSync(join(folder, 'gone/below'), { recursive: true });
		await runIn(folder, 'echo made > made');
		writeFileSync(join(folder, 'changed'), 'changed here');
		writeFileSync(join(folder, 'new'), 'new');
		rmSync(join(folder, 'removed'));
		rmSync(join(folder, 'gone'), { recursive: true });
		writeFileSync(join(folder, 'gone'), 'a file now');
		const { stdout } = await runIn(folder, 'for name in *; do printf "%s: " "$name"; cat "$name"; echo; done');
		expect(stdout).toBe('changed: changed here\ngone: a file now\nkept: kept\nmade: made\n\nnew: new\n');
	});

	test('has what is here for a dry command, and brings what it changed with the next one', async () => {
		const folder = temporaryFolder();
		for (const name of ['kept', 'removed']) writeFileSync(join(folder, name), name);
		await runIn(folder, ':');
		writeFileSync(join(folder, 'kept'), 'changed here');
		const script = 'cat kept removed; rm removed; echo made > made';
		const dry = { ...shell(script, { cwd: folder, writes: [folder] }), isDry: true };
		expect((await machine.run(dry)).stdout).toBe('changed hereremoved');
		expect((await runIn(folder, 'echo *')).stdout).toBe('kept made\n');
		expect(readdirSync(folder).sort()).toEqual(['kept', 'made']);
		expect(readFileSync(join(folder, 'made'), 'utf8')).toBe('made\n');
	});

	test('brings what a command makes that fails', async () => {
		const folder = temporaryFolder();
		expect((await runIn(folder, 'echo log > log; exit 4')).exitCode).toBe(4);
		expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('log\n');
	});

	test('keeps permissions to execute, both ways', async () => {
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'mine'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
		writeFileSync(join(folder, 'plain'), '', { mode: 0o644 });
		const script = './mine; test ! -x plain; cp mine theirs; chmod 755 plain; chmod 644 mine';
		expect((await runIn(folder, script)).stdout).toBe('ran\n');
		const isExecutable = (name: string) => (lstatSync(join(folder, name)).mode & 0o111) !== 0;
		expect(['mine', 'plain', 'theirs'].map(isExecutable)).toEqual([false, true, true]);
		chmodSync(join(folder, 'mine'), 0o755);
		expect((await runIn(folder, './mine')).stdout).toBe('ran\n');
	});

	test('keeps links, both ways', async () => {
		const folder = temporaryFolder();
		mkdirSync(join(folder, 'a/b'), { recursive: true });
		writeFileSync(join(folder, 'file'), 'content');
		symlinkSync('../../file', join(folder, 'a/b/up'));
		symlinkSync('/usr/share', join(folder, 'out'));
		const { stdout } = await runIn(
			folder,
			'readlink a/b/up; cat a/b/up; readlink out; ln -s a/b/up again; ln file hard',
		);
		expect(stdout).toBe('../../file\ncontent/usr/share\n');
		expect(['a/b/up', 'out', 'again'].map((name) => readlinkSync(join(folder, name)))).toEqual([
			'../../file',
			'/usr/share',
			'a/b/up',
		]);
		expect(readFileSync(join(folder, 'hard'), 'utf8')).toBe('content');
	});

	test('takes every name, both ways', async () => {
		const folder = temporaryFolder();
		for (const name of ODD_NAMES) writeFileSync(join(folder, name), name);
		await runIn(folder, 'for name in * .hidden; do cp -- "$name" "./$name+"; done; rm -- -rf');
		expect(readdirSync(folder).sort()).toEqual(
			ODD_NAMES.flatMap((name) => (name === '-rf' ? ['-rf+'] : [name, `${name}+`])).sort(),
		);
		for (const name of ODD_NAMES) expect(readFileSync(join(folder, `${name}+`), 'utf8')).toBe(name);
	});

	test('takes deep folders and large files', async () => {
		const folder = temporaryFolder();
		const deep = join(folder, ...Array.from({ length: 12 }, () => 'a folder with quite a long name'));
		mkdirSync(deep, { recursive: true });
		const content = randomBytes(1024);
		writeFileSync(join(deep, 'large'), Buffer.concat(Array.from({ length: 100 * 1024 }, () => content)));
		const { stdout } = await runIn(
			folder,
			'find . -name large | while read -r file; do wc -c < "$file"; cp "$file" copy; done',
		);
		expect(stdout.trim()).toBe(String(100 * 1024 * 1024));
		expect(readFileSync(join(folder, 'copy')).equals(readFileSync(join(deep, 'large')))).toBe(true);
	});

	test('makes again what make makes of changed files, and nothing else', async () => {
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'Makefile'), 'all: a.out b.out\n%.out: %.in\n\t@echo making $@\n\t@cp $< $@\n');
		for (const name of ['a', 'b']) writeFileSync(join(folder, `${name}.in`), name);
		const make = () => runIn(folder, 'make -s');
		expect((await make()).output).toBe('making a.out\nmaking b.out\n');
		expect((await make()).output).toBe('');
		writeFileSync(join(folder, 'a.in'), 'changed');
		expect((await make()).output).toBe('making a.out\n');
		expect(readFileSync(join(folder, 'a.out'), 'utf8')).toBe('changed');
		expect((await make()).output).toBe('');
	});

	test('runs commands side by side that change one folder', async () => {
		const folder = temporaryFolder();
		const numbers = Array.from({ length: 8 }, (_, index) => index);
		writeFileSync(join(folder, 'shared'), 'shared');
		await Promise.all(
			numbers.map(async (number) => {
				const script = `for i in 1 2 3 4 5; do echo ${number} $i >> ${number}.tmp; sleep 0.0${number}; done; cat shared; mv ${number}.tmp ${number}.out`;
				expect((await runIn(folder, script)).stdout).toBe('shared');
				// What it made is whole when it has ended, whatever others are doing.
				expect(readFileSync(join(folder, `${number}.out`), 'utf8')).toBe(
					[1, 2, 3, 4, 5].map((i) => `${number} ${i}\n`).join(''),
				);
			}),
		);
		expect(readdirSync(folder).sort()).toEqual([...numbers.map((number) => `${number}.out`), 'shared']);
	});

	test('runs commands at the same time', async () => {
		const folder = temporaryFolder();
		const place = { cwd: folder, writes: [folder] };
		// Each waits for the other.
		const meet = (mine: string, other: string) =>
			machine.run(
				shell(`: > ${mine}; for i in $(seq 200); do [ -e ${other} ] && exit 0; sleep 0.05; done; exit 1`, place),
			);
		const ended = await Promise.all([meet('one', 'two'), meet('two', 'one')]);
		expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
	});

	/** How many processes of the machine have a word on their command line. */
	const countRunning = async (word: string) => {
		const script = 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n" | grep -cx "$1" || true';
		// The word is on the command line of who looks for it, too.
		const { stdout } = await machine.run({ argv: ['sh', '-c', script, 'sh', word], cwd: '/', env: {} });
		return Number(stdout) - 2;
	};

	test('ends an interrupted command with all its children', async () => {
		const controller = new AbortController();
		const seconds = `${600 + Math.random()}`;
		const running = machine.run(shell(`sh -c "sleep ${seconds} & echo started; wait" & wait`), {
			signal: controller.signal,
			onLine: () => controller.abort(),
		});
		await expect(running).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
		await expect.poll(() => countRunning(seconds), { timeout: 10_000 }).toBe(0);
	});

	test('ends a command with all its children when a listener fails', async () => {
		const seconds = `${600 + Math.random()}`;
		const running = machine.run(shell(`sh -c "sleep ${seconds} & echo started; wait" & wait`), {
			onLine: () => {
				throw new Error('the disk is full');
			},
		});
		await expect(running).rejects.toThrow('the disk is full');
		await expect.poll(() => countRunning(seconds), { timeout: 10_000 }).toBe(0);
	});

	test('starts nothing when it was interrupted before', async () => {
		const folder = temporaryFolder();
		const command = shell(': > started', { cwd: folder, writes: [folder] });
		await expect(machine.run(command, { signal: AbortSignal.abort() })).rejects.toMatchObject({
			diagnostics: [{ code: 'build/interrupted' }],
		});
		expect(existsSync(join(folder, 'started'))).toBe(false);
	});
});
