import { expect, test } from 'vitest';
import { runUpgrade } from '../../../src/cli/commands/upgrade.js';
import { type Invocation, parseCommandLine } from '../../../src/cli/parse.js';
import { diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { Upgrade, UpgradeOptions } from '../../../src/index.js';
import { fakeTerminal } from '../cli/fake-terminal.js';

/** Runs the command with a library that answers as it is told. */
async function run(line: string, result: Partial<Upgrade> = {}) {
	const { terminal, stdout, stderr } = fakeTerminal();
	const invocation: Invocation = parseCommandLine(`upgrade ${line}`.trim().split(' '));
	if (invocation.kind !== 'command' || invocation.command !== 'upgrade') throw new Error('another command');
	let given: UpgradeOptions = {};
	const code = await runUpgrade(invocation.args, terminal, async (options) => {
		given = options;
		const warning = diagnostic({ code: 'toolchain/slow-compiler', severity: 'warning', message: 'slow' });
		options.onEvent?.({ type: 'warning', diagnostic: warning });
		return { manifest: 'project.yaml', lock: 'cpybuild.lock', changes: [], wrote: [], ...result };
	});
	const { onEvent: _, signal, ...options } = given;
	expect(signal).toBe(terminal.signal);
	return { code, stdout: stdout(), stderr: stderr(), options };
}

const CHANGES = [
	{ what: 'python', old: '3.13.5', new: '3.13.9' },
	{ what: 'library libz.so.1', old: undefined, new: '012345678901' },
];

test('nothing to change is said, and no failure', async () => {
	expect(await run('')).toEqual({
		code: 0,
		stdout: 'cpybuild.lock is current: nothing to upgrade\n',
		stderr: 'warning[toolchain/slow-compiler]: slow\n',
		options: { manifest: 'project.yaml', dryRun: false },
	});
});

test('changes are shown old and new, with what was written', async () => {
	const { stdout } = await run('', { changes: CHANGES, wrote: ['project.yaml', 'cpybuild.lock'] });
	expect(stdout).toBe(`python: 3.13.5 → 3.13.9
library libz.so.1: none → 012345678901
wrote project.yaml and cpybuild.lock
`);
});

test('options go to the library', async () => {
	const { options, stdout } = await run('app/x.yaml --dry-run --toolchain debian --compiler native --cache-dir /c', {
		changes: CHANGES,
	});
	expect(options).toEqual({
		manifest: 'app/x.yaml',
		dryRun: true,
		toolchain: 'debian',
		compiler: 'native',
		cacheDir: '/c',
	});
	expect(stdout.split('\n').at(-2)).toBe('nothing was written');
});

test('as JSON it is one line, and warnings are not in the way', async () => {
	const { stdout, stderr } = await run('--json', { changes: CHANGES });
	expect(stderr).toBe('');
	expect(JSON.parse(stdout)).toEqual({
		type: 'upgrade',
		manifest: 'project.yaml',
		lock: 'cpybuild.lock',
		changes: [
			{ what: 'python', old: '3.13.5', new: '3.13.9' },
			{ what: 'library libz.so.1', new: '012345678901' },
		],
		wrote: [],
	});
});
