import { expect, test } from 'vitest';
import { type DiagnosticCode, diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { exitCodeOf } from '../../../src/diagnostics/exit.js';

const problem = (code: DiagnosticCode) => diagnostic({ code, message: 'x' });

test.each([
	['build/step-failed', 1],
	['usage/unknown-command', 2],
	['manifest/syntax', 2],
	['toolchain/not-found', 3],
	['verify/import-missing', 4],
	['internal/unexpected', 70],
	['build/interrupted', 130],
] as const)('%s exits with %i', (code, exitCode) => {
	expect(exitCodeOf([problem(code)])).toBe(exitCode);
});

test('nothing and warnings exit with 0', () => {
	const warning = diagnostic({ code: 'verify/import-unused', message: 'x', severity: 'warning' });
	expect([exitCodeOf([]), exitCodeOf([warning])]).toEqual([0, 0]);
});

test('the first error decides, unless a bug or an interruption came after it', () => {
	expect([
		exitCodeOf([problem('toolchain/not-found'), problem('build/step-failed')]),
		exitCodeOf([problem('toolchain/not-found'), problem('internal/unexpected')]),
		exitCodeOf([problem('build/step-failed'), problem('build/interrupted')]),
	]).toEqual([3, 70, 130]);
});
