import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../../src/cli/parse.js';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';

const problem = (...argv: string[]): unknown => {
	try {
		return parseCommandLine(argv);
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.map(({ code, message, hint }) => [code, message, hint]);
	}
};

const storeDefaults = {
	out: undefined,
	'cache-dir': undefined,
	'remote-cache': undefined,
	'remote-cache-mode': undefined,
	frozen: false,
	offline: false,
	machine: undefined,
	image: undefined,
	toolchain: undefined,
	launcher: undefined,
	compiler: undefined,
	'no-seed': false,
};

describe('parseCommandLine', () => {
	test('a command alone gets its defaults', () => {
		expect(parseCommandLine(['build'])).toEqual({
			kind: 'command',
			command: 'build',
			args: {
				operand: 'project.yaml',
				flags: { ...storeDefaults, jobs: undefined, json: false, quiet: false, verbose: false },
				rest: [],
			},
		});
	});

	test('options are read in every form and order', () => {
		const argv = ['build', '--out=o', 'app.yaml', '--jobs', '3', '--toolchain', 'debian', '--no-seed', '--json'];
		expect(parseCommandLine(argv)).toEqual({
			kind: 'command',
			command: 'build',
			args: {
				operand: 'app.yaml',
				flags: {
					...storeDefaults,
					out: 'o',
					jobs: 3,
					toolchain: 'debian',
					'no-seed': true,
					json: true,
					quiet: false,
					verbose: false,
				},
				rest: [],
			},
		});
	});

	test.each([
		['wasi-sdk', 'wasi-sdk'],
		['wasi-sdk@24', 'wasi-sdk@24'],
		['wasi-sdk@24.0', 'wasi-sdk@24'],
	])('a toolchain may have a version: %s', (text, toolchain) => {
		expect(parseCommandLine(['plan', '--toolchain', text])).toMatchObject({ args: { flags: { toolchain } } });
	});

	test('what stands after -- is for Python, options included', () => {
		const argv = ['run', 'dist', '--env', 'A=1', '--env=B=--x', '--', '-c', 'print(1)', '--help', '--', 'x'];
		expect(parseCommandLine(argv)).toEqual({
			kind: 'command',
			command: 'run',
			args: {
				operand: 'dist',
				flags: { host: undefined, env: ['A=1', 'B=--x'], dir: [] },
				rest: ['-c', 'print(1)', '--help', '--', 'x'],
			},
		});
	});

	test('the last of repeated options counts', () => {
		expect(parseCommandLine(['generate', '--out', 'a', '--out', 'b'])).toMatchObject({ args: { flags: { out: 'b' } } });
	});

	test('a value behind = may look like an option', () => {
		expect(parseCommandLine(['generate', '--out=--odd'])).toMatchObject({ args: { flags: { out: '--odd' } } });
	});

	test('help is found wherever it is asked for', () => {
		expect(parseCommandLine(['--help'])).toEqual({ kind: 'help' });
		expect(parseCommandLine(['-h'])).toEqual({ kind: 'help' });
		expect(parseCommandLine(['help'])).toEqual({ kind: 'help' });
		expect(parseCommandLine(['help', 'plan'])).toEqual({ kind: 'help', command: 'plan' });
		expect(parseCommandLine(['run', '--help'])).toEqual({ kind: 'help', command: 'run' });
		expect(parseCommandLine(['inspect', '-h', 'a', 'b'])).toEqual({ kind: 'help', command: 'inspect' });
	});

	test('commands of two words take none, one or two arguments', () => {
		const flags = { 'cache-dir': undefined, json: false };
		expect(parseCommandLine(['cache', 'path'])).toEqual({
			kind: 'command',
			command: 'cache path',
			args: { flags, rest: [] },
		});
		expect(parseCommandLine(['cache', 'import', 'a.tar'])).toEqual({
			kind: 'command',
			command: 'cache import',
			args: { operand: 'a.tar', flags, rest: [] },
		});
		expect(parseCommandLine(['cache', 'export', 'a.tar'])).toMatchObject({
			args: { operand: 'a.tar', second: 'project.yaml' },
		});
		expect(parseCommandLine(['cache', 'export', '--json', 'a.tar', 'b.yaml'])).toMatchObject({
			args: { operand: 'a.tar', second: 'b.yaml', flags: { json: true } },
		});
	});

	test('the first word of several commands alone asks for them', () => {
		expect(parseCommandLine(['cache'])).toEqual({ kind: 'none', group: 'cache' });
		expect(parseCommandLine(['cache', '--help'])).toEqual({ kind: 'help', group: 'cache' });
		expect(parseCommandLine(['cache', '-V'])).toEqual({ kind: 'version' });
		expect(parseCommandLine(['help', 'cache'])).toEqual({ kind: 'help', group: 'cache' });
		expect(parseCommandLine(['help', 'cache', 'gc'])).toEqual({ kind: 'help', command: 'cache gc' });
		expect(parseCommandLine(['cache', 'gc', '-h'])).toEqual({ kind: 'help', command: 'cache gc' });
	});

	test('the version is found', () => {
		expect(parseCommandLine(['--version'])).toEqual({ kind: 'version' });
		expect(parseCommandLine(['-V'])).toEqual({ kind: 'version' });
	});

	test('nothing asks for nothing', () => {
		expect(parseCommandLine([])).toEqual({ kind: 'none' });
	});

	test.each([
		[['biuld'], 'usage/unknown-command', 'unknown command "biuld"', 'did you mean "build"?'],
		[
			['constructor'],
			'usage/unknown-command',
			'unknown command "constructor"',
			'commands: build, watch, generate, check, plan, explain, doctor, upgrade, run, wit, diff, inspect, init, cache',
		],
		[
			['--verbose', 'build'],
			'usage/unknown-option',
			'unknown option "--verbose"',
			'options stand after the command: cpybuild build --verbose',
		],
		[
			['build', '--verbos'],
			'usage/unknown-option',
			'unknown option "--verbos" of "cpybuild build"',
			'did you mean "--verbose"?',
		],
		[
			['init', '--out', 'x'],
			'usage/unknown-option',
			'unknown option "--out" of "cpybuild init"',
			'"cpybuild init --help" lists what it takes',
		],
		[
			['build', '-x'],
			'usage/unknown-option',
			'unknown option "-x" of "cpybuild build"',
			'"cpybuild build --help" lists what it takes',
		],
		[['cache', 'lst'], 'usage/unknown-command', 'unknown command "cache lst"', 'did you mean "cache list"?'],
		[['cahce', 'list'], 'usage/unknown-command', 'unknown command "cahce"', 'did you mean "cache"?'],
		[['list'], 'usage/unknown-command', 'unknown command "list"', 'did you mean "cache list"?'],
		[
			['help', 'cache', 'constructor'],
			'usage/unknown-command',
			'unknown command "cache constructor"',
			'commands: cache path, cache list, cache verify, cache gc, cache key, cache export, cache import',
		],
		[
			['cache', '--json', 'list'],
			'usage/unknown-option',
			'unknown option "--json"',
			'options stand after the command: cpybuild cache list --json',
		],
		[
			['cache', 'path', 'x'],
			'usage/unexpected-argument',
			'unexpected argument "x"',
			'"cpybuild cache path --help" lists what it takes',
		],
		[
			['cache', 'export'],
			'usage/missing-argument',
			'"cpybuild cache export" needs the argument <file>: the archive',
			'for example: cpybuild cache export build.tar',
		],
		[
			['cache', 'export', 'a', 'b', 'c'],
			'usage/unexpected-argument',
			'unexpected argument "c"',
			'"cpybuild cache export --help" lists what it takes',
		],
		[['build', '--out'], 'usage/missing-value', 'option "--out" needs a value', undefined],
		[['build', '--out', '--json'], 'usage/missing-value', 'option "--out" needs a value', undefined],
		[['build', '--json=yes'], 'usage/unexpected-value', 'option "--json" takes no value, got "yes"', undefined],
		[['build', '--jobs', '0'], 'usage/bad-value', 'option "--jobs" takes a whole number from 1 up, got "0"', undefined],
		[
			['build', '--toolchain', 'embeded'],
			'usage/bad-value',
			'option "--toolchain" does not know "embeded"',
			'did you mean "embedded"?',
		],
		[
			['build', '--toolchain', 'debian@12'],
			'usage/bad-value',
			'option "--toolchain" does not know "debian@12"',
			'choices: auto, embedded, wasi-sdk, debian',
		],
		[
			['build', '--toolchain', 'wasi-sdk@latest'],
			'usage/bad-value',
			'option "--toolchain" does not know "wasi-sdk@latest"',
			'give a number: wasi-sdk@24',
		],
		[
			['build', '--compiler', 'gcc'],
			'usage/bad-value',
			'option "--compiler" does not know "gcc"',
			'choices: auto, native, wasm',
		],
		[
			['inspect'],
			'usage/missing-argument',
			'"cpybuild inspect" needs the argument <file>: any core wasm module',
			'for example: cpybuild inspect dist/python.wasm',
		],
		[
			['build', 'a.yaml', 'b.yaml'],
			'usage/unexpected-argument',
			'unexpected argument "b.yaml"',
			'"cpybuild build --help" lists what it takes',
		],
		[
			['build', '--', 'x'],
			'usage/unexpected-argument',
			'unexpected argument "x"',
			'"cpybuild build --help" lists what it takes',
		],
		[
			['run', 'dist', 'script.py'],
			'usage/unexpected-argument',
			'unexpected argument "script.py"',
			'python arguments stand after "--"',
		],
	])('%j is refused', (argv, code, message, hint) => {
		expect(problem(...argv)).toEqual([[code, message, hint]]);
	});
});
