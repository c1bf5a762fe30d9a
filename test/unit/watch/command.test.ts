import { expect, test } from 'vitest';
import { runWatch } from '../../../src/cli/commands/watch.js';
import type { ArgumentsOf } from '../../../src/cli/options.js';
import { parseCommandLine } from '../../../src/cli/parse.js';
import { CpybuildError, diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { WatchedBuild, WatchOptions } from '../../../src/index.js';
import { report } from '../cli/build-story.js';
import { fakeTerminal } from '../cli/fake-terminal.js';

function argumentsOf(...argv: string[]): ArgumentsOf<'watch'> {
	const invocation = parseCommandLine(['watch', ...argv]);
	if (invocation.kind !== 'command') throw new Error('no command');
	return invocation.args as ArgumentsOf<'watch'>;
}

const mistake = new CpybuildError(diagnostic({ code: 'manifest/syntax', message: 'the manifest is no YAML' }));

/** Runs the command over builds that end as told, the first of them with one step. */
async function watched(builds: readonly WatchedBuild[], ...argv: string[]) {
	const { terminal, stdout, stderr } = fakeTerminal();
	let taken: WatchOptions | undefined;
	const code = await runWatch(argumentsOf(...argv), terminal, async (options, onBuild) => {
		taken = options;
		options.onEvent?.({ type: 'planned', steps: [{ id: 'link', title: 'link' }] });
		options.onEvent?.({ type: 'step-finished', id: 'link', title: 'link', status: 'ran', ms: 100 });
		for (const built of builds) await onBuild(built, ['/p/project.yaml', '/p/cpybuild.lock']);
	});
	return { code, stdout: stdout(), stderr: stderr(), options: taken };
}

const upToDate: WatchedBuild = { report: { ...report, status: 'up-to-date', warnings: [] } };

test('every build is shown, and the end is no failure', async () => {
	const { code, stdout, stderr } = await watched([upToDate, { error: mistake }, upToDate]);
	expect({ code, stderr }).toEqual({ code: 0, stderr: 'error[manifest/syntax]: the manifest is no YAML\n' });
	const line = stdout.split('\n').find((one) => one.includes('is up to date'));
	const waiting = 'watching for changes, Ctrl-C ends it';
	expect(stdout.split('\n')).toEqual(['✓ link (0.1 s)', line, waiting, waiting, line, waiting, '']);
});

test('quietly, only problems are shown', async () => {
	const { stdout, stderr } = await watched([upToDate, { error: mistake }], '--quiet');
	expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'error[manifest/syntax]: the manifest is no YAML\n' });
});

test('as JSON, each build ends with its report or its problems and the files that are followed', async () => {
	const { stdout } = await watched([upToDate, { error: mistake }], '--json');
	const lines = stdout
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
	const files = ['/p/project.yaml', '/p/cpybuild.lock'];
	expect(lines.map(({ type }) => type)).toEqual([
		'planned',
		'step-finished',
		'report',
		'watching',
		'failed',
		'watching',
	]);
	expect(lines.at(-1)).toEqual({ type: 'watching', files });
	expect(lines.at(-2)).toMatchObject({ exitCode: 2, diagnostics: [{ code: 'manifest/syntax' }] });
});

test('the options are those of a build, and whether to poll', async () => {
	const { options } = await watched([], 'app.yaml', '--out', 'o', '--jobs', '3', '--poll');
	expect(options).toMatchObject({ manifest: 'app.yaml', out: 'o', jobs: 3, poll: true });
});
