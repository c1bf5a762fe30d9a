import { expect, test } from 'vitest';
import { showFailure } from '../../../src/cli/failure.js';
import { CpybuildError, diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { fakeTerminal } from './fake-terminal.js';

const show = (error: unknown, options: Parameters<typeof fakeTerminal>[0] & { json?: boolean } = {}) => {
	const fake = fakeTerminal(options);
	const code = showFailure(error, fake.terminal, { json: options.json ?? false });
	return { code, stdout: fake.stdout(), stderr: fake.stderr() };
};

const problem = new CpybuildError([
	diagnostic({ code: 'verify/import-unexpected', message: 'unexpected import "env.fork"', hint: 'declare it' }),
]);

test('a problem is shown, and its phase decides the exit code', () => {
	expect(show(problem)).toEqual({
		code: 4,
		stdout: '',
		stderr: 'error[verify/import-unexpected]: unexpected import "env.fork"\n   = hint: declare it\n',
	});
});

test('colours are those of standard error', () => {
	expect(show(problem, { env: { FORCE_COLOR: '1' } }).stderr).toContain('\u001b[31m');
});

test('GitHub Actions gets an annotation besides', () => {
	expect(show(problem, { env: { GITHUB_ACTIONS: 'true' } }).stdout).toBe(
		'::error title=verify/import-unexpected::unexpected import "env.fork"%0Ahint: declare it\n',
	);
});

test('a bug is shown with its stack and causes', () => {
	const cause = new Error('disk on fire');
	cause.stack = 'Error: disk on fire\n    at deep (deep.ts:1:2)';
	const bug = new TypeError('x is not a function', { cause });
	bug.stack = 'TypeError: x is not a function\n    at link (link.ts:3:4)';
	expect(show(bug)).toEqual({
		code: 70,
		stdout: '',
		stderr: `error[internal/unexpected]: a bug in cpybuild: x is not a function
    TypeError: x is not a function
    at link (link.ts:3:4)
    caused by
    Error: disk on fire
    at deep (deep.ts:1:2)
   = hint: report it, with what is above and the manifest, to the place where you got cpybuild from
`,
	});
});

test('something else that is thrown is a bug too', () => {
	expect(show('oops')).toEqual({
		code: 70,
		stdout: '',
		stderr: `error[internal/unexpected]: a bug in cpybuild: oops
   = hint: report it, with what is above and the manifest, to the place where you got cpybuild from
`,
	});
});

test('an abort after Ctrl-C is an interruption', () => {
	const controller = new AbortController();
	controller.abort();
	const { signal } = controller;
	const interrupted = { code: 130, stdout: '', stderr: 'error[build/interrupted]: interrupted\n' };
	expect(show(signal.reason, { signal })).toEqual(interrupted);
	const inner = new Error('The operation was aborted');
	inner.name = 'AbortError';
	expect(show(inner, { signal })).toEqual(interrupted);
});

test('an abort without Ctrl-C is a bug', () => {
	const error = new Error('The operation was aborted');
	error.name = 'AbortError';
	expect(show(error).code).toBe(70);
});

test('with --json all goes to standard output, on one line', () => {
	expect(show(problem, { json: true })).toEqual({
		code: 4,
		stdout: `${JSON.stringify({
			type: 'failed',
			exitCode: 4,
			diagnostics: [
				{
					code: 'verify/import-unexpected',
					severity: 'error',
					message: 'unexpected import "env.fork"',
					hint: 'declare it',
				},
			],
		})}\n`,
		stderr: '',
	});
});
