import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../src/cli/progress/display.js';
import { openDisplay } from '../../../src/cli/progress/open.js';
import type { BuildEvent } from '../../../src/report.js';
import { badBuild, goodBuild, report, warning } from './build-story.js';
import { fakeTerminal } from './fake-terminal.js';

const plain = { json: false, quiet: false, verbose: false };

const show = async (
	choice: Partial<typeof plain>,
	events: readonly BuildEvent[],
	outcome: Outcome,
	options: Parameters<typeof fakeTerminal>[0] = {},
) => {
	const fake = fakeTerminal(options);
	const display = await openDisplay({ ...plain, ...choice }, fake.terminal);
	for (const event of events) display.onEvent(event);
	await display.close(outcome);
	return { stdout: fake.stdout(), stderr: fake.stderr() };
};

const warningText = 'warning[verify/import-unused]: "fast.log" is declared and never called\n';
const failed: Outcome = { error: new Error('the link failed') };

describe('in a log', () => {
	test('a build is a line per finished step, signs of life, and a summary', async () => {
		const { stdout, stderr } = await show({}, goodBuild, { report });
		expect(stdout).toBe(`✓ Get CPython 3.13.5 (cached)
  Compile CPython: 152 of 304
  Compile CPython: 304 of 304
✓ Compile CPython (1 min 5 s)
✓ Link python.wasm (0.4 s)
✓ Write dist (1.3 s)

✓ dist built in 1 min 7 s
  python.wasm  7.3 MiB, CPython 3.13.5
  toolchain    embedded sysroot, clang 19.1.7
  imports      demo.demo, fast.log
`);
		expect(stderr).toBe(warningText);
	});

	test('a build that fails says which step failed and leaves the problem to its caller', async () => {
		expect(await show({}, badBuild, failed)).toEqual({
			stdout: `✓ Get CPython 3.13.5 (2.0 s)
✗ Link python.wasm (0.4 s)
- Compile CPython (cancelled)
`,
			stderr: '',
		});
	});

	test('--verbose shows the start and the output of steps', async () => {
		const { stdout } = await show({ verbose: true }, goodBuild.slice(0, 4), failed);
		expect(stdout).toBe(`✓ Get CPython 3.13.5 (cached)
  Compile CPython
  compile | Python/ceval.c
`);
	});

	test('what is done before the steps are known is a line', async () => {
		const note = { type: 'note', line: 'fetching https://example.org/sdk.tar.gz (119 MB)' } as const;
		const [{ stdout }, quiet, list] = await Promise.all([
			show({}, [note], failed),
			show({ quiet: true }, [note], failed),
			show({}, [note], failed, { isTTY: true, env: { NO_COLOR: '1' } }),
		]);
		expect(stdout).toBe('  fetching https://example.org/sdk.tar.gz (119 MB)\n');
		expect(quiet.stdout).toBe('');
		expect(list.stdout).toBe('fetching https://example.org/sdk.tar.gz (119 MB)\n');
	});

	test('a build without anything to do is one line, with the warnings of the build before', async () => {
		const nothing = { report: { ...report, status: 'up-to-date', steps: [], ms: 80 } } as const;
		expect(await show({}, [], nothing)).toEqual({
			stdout: '✓ dist is up to date (CPython 3.13.5, 7.3 MiB)\n',
			stderr: warningText,
		});
	});

	test('a warning that the report repeats is shown once', async () => {
		const { stderr } = await show({}, [{ type: 'warning', diagnostic: warning }], { report });
		expect(stderr).toBe(warningText);
	});

	test('GitHub Actions gets annotations besides', async () => {
		const events: readonly BuildEvent[] = [{ type: 'warning', diagnostic: warning }];
		expect(await show({}, events, failed, { env: { GITHUB_ACTIONS: 'true' } })).toEqual({
			stdout: '::warning title=verify/import-unused::"fast.log" is declared and never called\n',
			stderr: warningText,
		});
	});

	test('--quiet shows warnings only', async () => {
		expect(await show({ quiet: true }, goodBuild, { report })).toEqual({ stdout: '', stderr: warningText });
	});
});

describe('as JSON', () => {
	const lines = (text: string): unknown[] =>
		text
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line));
	const warningJson = {
		code: 'verify/import-unused',
		severity: 'warning',
		message: '"fast.log" is declared and never called',
	};

	test('every event and at last the report is a line', async () => {
		const { stdout, stderr } = await show({ json: true }, goodBuild, { report });
		const events = goodBuild.map((event) =>
			event.type === 'warning' ? { type: 'warning', diagnostic: warningJson } : event,
		);
		expect(lines(stdout)).toEqual([...events, { type: 'report', ...report, warnings: [warningJson] }]);
		expect(stderr).toBe('');
	});

	test('a warning tells its place, and not the text around it', async () => {
		const file = { path: 'project.yaml', text: 'python: "3.13.5"\n' };
		const placed = { ...warning, span: { file, start: 0, end: 6 } };
		const place = { file: 'project.yaml', line: 1, column: 1, endLine: 1, endColumn: 7 };
		const events: readonly BuildEvent[] = [{ type: 'warning', diagnostic: placed }];
		const { stdout } = await show({ json: true }, events, { report: { ...report, warnings: [placed] } });
		const expected = { ...warningJson, ...place };
		expect(lines(stdout)).toEqual([
			{ type: 'warning', diagnostic: expected },
			{ type: 'report', ...report, warnings: [expected] },
		]);
	});

	test('a build that fails has no report', async () => {
		const { stdout } = await show({ json: true }, badBuild, failed);
		expect(lines(stdout)).toEqual(badBuild);
	});
});

describe('on a terminal', () => {
	/** What stays on the screen: the text after the list was last erased, without the cursor's movements. */
	const lastScreen = (text: string): string => {
		const erase = '\u001b[2K';
		const afterErase = text.slice(text.lastIndexOf(erase) + erase.length);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are driven by them
		return afterErase.replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '');
	};
	const screen = { isTTY: true, env: { NO_COLOR: '1' } };

	test('the list ends with every step, also one that was cached before the list was there', async () => {
		const { stdout } = await show({}, goodBuild, { report }, screen);
		expect(lastScreen(stdout)).toBe(`✓ Get CPython 3.13.5 (cached)
✓ Compile CPython (1 min 5 s)
✓ Link python.wasm (0.4 s)
✓ Write dist (1.3 s)

✓ dist built in 1 min 7 s
  python.wasm  7.3 MiB, CPython 3.13.5
  toolchain    embedded sysroot, clang 19.1.7
  imports      demo.demo, fast.log
`);
	});

	test('steps that never started are not shown, failed and cancelled ones are', async () => {
		const { stdout, stderr } = await show({}, badBuild, failed, screen);
		expect(lastScreen(stdout)).toBe(`✓ Get CPython 3.13.5 (2.0 s)
- Compile CPython (cancelled)
✗ Link python.wasm (0.4 s)
`);
		expect(stderr).toBe('');
	});

	test('warnings come after the list', async () => {
		const { stderr } = await show({}, goodBuild, { report }, screen);
		expect(stderr).toBe(warningText);
	});

	test('a build without anything to do shows no list', async () => {
		const nothing = { report: { ...report, status: 'up-to-date', steps: [], warnings: [] } } as const;
		expect(await show({}, [], nothing, screen)).toEqual({
			stdout: '✓ dist is up to date (CPython 3.13.5, 7.3 MiB)\n',
			stderr: '',
		});
	});

	test('--verbose shows lines instead, which a list would overwrite', async () => {
		const { stdout } = await show({ verbose: true }, goodBuild.slice(0, 2), failed, screen);
		expect(stdout).toBe('✓ Get CPython 3.13.5 (cached)\n');
	});
});
