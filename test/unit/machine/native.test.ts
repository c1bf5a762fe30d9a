import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nativeMachine } from '../../../src/machine/native.js';

/** Whether a process runs; one that has ended and that nobody has asked for its exit code does not. */
function isRunning(pid: number): boolean {
	const path = `/proc/${pid}/stat`;
	return existsSync(path) && !/\) Z /.test(readFileSync(path, 'latin1'));
}

const machine = nativeMachine('/usr/bin:/bin');
const shell = (script: string) => ({ argv: ['sh', '-c', script] as const, cwd: '/', env: { GREETING: 'hello' } });

test('a command gets its environment and nothing else, and empty input', async () => {
	const result = await machine.run(shell('env | grep -v -e ^_= -e ^PWD= -e ^SHLVL= | sort; cat; exit 3'));
	expect(result).toEqual({
		exitCode: 3,
		stdout: 'GREETING=hello\nPATH=/usr/bin:/bin\n',
		output: 'GREETING=hello\nPATH=/usr/bin:/bin\n',
	});
});

test('its output has the errors too', async () => {
	expect(await machine.run(shell('echo error >&2'))).toEqual({ exitCode: 0, stdout: '', output: 'error\n' });
});

test('lines are told while the command runs, the last one without its end too', async () => {
	const lines: string[] = [];
	const result = await machine.run(shell('echo one; echo two; printf three; exit 1'), {
		onLine: (line) => lines.push(line),
	});
	expect(lines).toEqual(['one', 'two', 'three']);
	expect(result.exitCode).toBe(1);
});

test('a listener that fails ends the command and its children', async () => {
	const pids: number[] = [];
	const running = machine.run(shell('sh -c "echo \\$\\$; sleep 600" & echo $$; wait'), {
		onLine: (line) => {
			pids.push(Number(line));
			if (pids.length === 2) throw new Error('the disk is full');
		},
	});
	await expect(running).rejects.toThrow('the disk is full');
	await expect.poll(() => pids.filter(isRunning)).toEqual([]);
});

test('characters that arrive in two parts are whole', async () => {
	const result = await machine.run(shell("printf '\\303'; sleep 0.05; printf '\\251'"));
	expect(result.stdout).toBe('é');
});

test('a command that does not read its input ends as any other', async () => {
	const input = 'x'.repeat(1_000_000);
	expect(await machine.run({ ...shell('exit 2'), input })).toMatchObject({ exitCode: 2 });
	expect((await machine.run({ ...shell('wc -c'), input })).stdout.trim()).toBe('1000000');
});

test.each([undefined, () => {}])('a program that is not there is named (%s)', async (onLine) => {
	const running = machine.run({ argv: ['cpybuild-no-such-program'], cwd: '/', env: {} }, { onLine });
	await expect(running).rejects.toMatchObject({
		diagnostics: [
			{
				code: 'toolchain/not-found',
				message: 'there is no program "cpybuild-no-such-program" on this machine',
				hint: 'install it, or add its folder to PATH',
			},
		],
	});
});

test.each([undefined, () => {}])('a program that may not be executed is named (%s)', async (onLine) => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-machine-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const path = join(folder, 'tool');
	await writeFile(path, 'not a program');
	await chmod(path, 0o644);
	await expect(machine.run({ argv: [path], cwd: '/', env: {} }, { onLine })).rejects.toMatchObject({
		diagnostics: [{ code: 'toolchain/not-runnable' }],
	});
});

test('a command that a signal ends is told as that', async () => {
	await expect(machine.run(shell('kill -9 $$'))).rejects.toMatchObject({
		diagnostics: [
			{ code: 'toolchain/not-runnable', message: expect.stringMatching(/^"sh" ended before its time: .*SIGKILL/) },
		],
	});
});

test('an interruption ends the command and its children', async () => {
	const controller = new AbortController();
	const pids: number[] = [];
	const running = machine.run(shell('sh -c "echo \\$\\$; sleep 600" & echo $$; wait'), {
		signal: controller.signal,
		onLine: (line) => {
			pids.push(Number(line));
			if (pids.length === 2) controller.abort();
		},
	});
	await expect(running).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
	expect(pids).toHaveLength(2);
	await expect.poll(() => pids.filter(isRunning)).toEqual([]);
});

test('an interruption before the start starts nothing', async () => {
	const running = machine.run(shell('exit 0'), { signal: AbortSignal.abort() });
	await expect(running).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
});
