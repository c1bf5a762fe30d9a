import { expect, test } from 'vitest';
import { runDoctor } from '../../../src/cli/commands/doctor.js';
import { parseCommandLine } from '../../../src/cli/parse.js';
import type { Examination, ExamineOptions } from '../../../src/index.js';
import { fakeTerminal } from './fake-terminal.js';

const HEALTHY: Examination = {
	manifest: 'project.yaml',
	ready: true,
	findings: [
		{ id: 'system.platform', state: 'ok', found: 'Linux 6.1 on x64' },
		{ id: 'programs.shell', state: 'ok', found: 'sh and what configure calls' },
		{ id: 'programs.make', state: 'ok', found: 'make' },
	],
	fixed: [],
};

const ILL: Examination = {
	manifest: 'project.yaml',
	ready: false,
	findings: [
		{ id: 'programs.shell', state: 'ok', found: 'sh and what configure calls' },
		{
			id: 'programs.make',
			state: 'error',
			found: '"make" is not on the PATH',
			means: 'CPython is compiled with it',
			repair: 'sudo apt-get install --no-install-recommends make',
		},
		{
			id: 'cache.entries',
			state: 'warning',
			found: '1 of 7 entries is damaged',
			means:
				'builds do not use them and make them again; when this comes back, look for a failing disk, or for something else',
			details: ['"base" 0123456789ab: its record has changed'],
		},
		{ id: 'network.npm', state: 'note', found: 'npm.example cannot be reached', means: 'builds do not need it' },
	],
	fixed: [],
};

/** Runs the command with an examination that is known. */
async function doctor(examination: Examination, ...argv: string[]) {
	const fake = fakeTerminal();
	const asked: ExamineOptions[] = [];
	const invocation = parseCommandLine(['doctor', ...argv]);
	if (invocation.kind !== 'command' || invocation.command !== 'doctor') throw new Error('not the command');
	const args = invocation.args as Parameters<typeof runDoctor>[0];
	const code = await runDoctor(args, fake.terminal, async (options) => {
		asked.push(options);
		return examination;
	});
	return { code, stdout: fake.stdout(), stderr: fake.stderr(), asked };
}

test('shows a line for each group where all is well', async () => {
	const { code, stdout, stderr } = await doctor(HEALTHY);
	expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
	expect(stdout).toBe(`✓ system     Linux 6.1 on x64
✓ programs   sh and what configure calls; make

a build of "project.yaml" works here
`);
});

test('shows what is not well with what it means, evidence and a command, and exits with 3', async () => {
	const { code, stdout } = await doctor(ILL);
	expect(code).toBe(3);
	expect(stdout).toBe(`✓ programs   sh and what configure calls
✗ programs   "make" is not on the PATH
             CPython is compiled with it
             run: sudo apt-get install --no-install-recommends make
! cache      1 of 7 entries is damaged
             builds do not use them and make them again; when this comes back, look for a failing
             disk, or for something else
               "base" 0123456789ab: its record has changed
· network    npm.example cannot be reached
             builds do not need it

a build of "project.yaml" would fail here (1 error and 1 warning)
`);
});

test('says what was repaired, and what is left', async () => {
	const fixed = [
		{ id: 'cache.leftovers', done: true, what: 'removed a folder that killed processes left in the cache' },
		{ id: 'toolchain.choice', done: false, what: '"npm install" failed: no network' },
	] as const;
	const { stdout } = await doctor({ ...ILL, fixed });
	expect(
		stdout.slice(stdout.indexOf('✓ fixed')),
	).toBe(`✓ fixed      removed a folder that killed processes left in the cache
! fixed      not repaired: "npm install" failed: no network

a build of "project.yaml" would fail here (left to you: 1 error and 1 warning)
`);
});

test('without a manifest it speaks of the machine', async () => {
	const finding = { id: 'manifest.file', state: 'note', found: 'there is no "project.yaml" here' } as const;
	const { stdout } = await doctor({ ...HEALTHY, findings: [finding] });
	expect(stdout).toBe('· manifest   there is no "project.yaml" here\n\na build with the defaults works here\n');
});

test('writes JSON', async () => {
	const { code, stdout } = await doctor(ILL, '--json');
	expect(code).toBe(3);
	expect(JSON.parse(stdout)).toEqual({ type: 'doctor', ...ILL });
	expect(stdout.split('\n')).toHaveLength(2);
});

test('is about the build that the options mean', async () => {
	const argv = [
		'app.yaml',
		'--fix',
		'--offline',
		'--frozen',
		'--toolchain',
		'debian',
		'--cache-dir',
		'/c',
		'--out',
		'o',
	];
	const { asked } = await doctor(HEALTHY, ...argv);
	expect(asked).toEqual([
		expect.objectContaining({
			manifest: 'app.yaml',
			fix: true,
			offline: true,
			frozen: true,
			toolchain: 'debian',
			cacheDir: '/c',
			out: 'o',
		}),
	]);
	expect((await doctor(HEALTHY)).asked).toEqual([expect.objectContaining({ manifest: 'project.yaml', fix: false })]);
});
