import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStepSummary, renderStepSummary } from '../../../src/cli/step-summary.js';
import { CpybuildError, diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { Report } from '../../../src/report.js';

const built: Report = {
	status: 'built',
	out: '/project/dist',
	python: '3.13.5',
	toolchain: 'embedded sysroot, clang 19.1.7',
	steps: [
		{ id: 'base', status: 'cached', ms: 12 },
		{ id: 'compile:demo', status: 'ran', ms: 1234 },
		{ id: 'link', status: 'downloaded', ms: 300 },
	],
	artifacts: [
		{ path: 'bindings.ts', bytes: 2048, sha256: '0123456789abcdef'.repeat(4) },
		{ path: 'python.wasm', bytes: 7_654_321, sha256: 'fedcba9876543210'.repeat(4) },
	],
	imports: [{ module: 'env', name: 'a|b', signature: 'func(a: list<u8>) -> result<_, string>' }],
	warnings: [
		diagnostic({ code: 'verify/import-unused', severity: 'warning', message: 'no C file of fast calls ```log```' }),
	],
	ms: 65_432,
};

const GOLDEN = '../../golden/cli/step-summary';

test('a build is a page of tables', async () => {
	await expect(renderStepSummary(built, '/project')).toMatchFileSnapshot(`${GOLDEN}-built.md`);
});

test('a build with nothing to do has no steps', async () => {
	const report: Report = { ...built, status: 'up-to-date', steps: [], imports: [], warnings: [] };
	await expect(renderStepSummary(report, '/project')).toMatchFileSnapshot(`${GOLDEN}-up-to-date.md`);
});

test('summaries of several builds follow each other in a file, failures too', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-summary-'));
	onTestFinished(() => rm(folder, { recursive: true }));
	const file = join(folder, 'summary.md');
	const failed = new CpybuildError(
		diagnostic({
			code: 'build/link-failed',
			message: 'could not link',
			hint: 'read the log',
			details: ['wasm-ld: no'],
		}),
	);
	openStepSummary('summary.md', folder)({ error: failed });
	openStepSummary(file, '/project')({ error: new Error('a <b>bug</b>') });
	openStepSummary(file, '/project')({ report: { ...built, imports: [], warnings: [], steps: [], artifacts: [] } });
	await expect(await readFile(file, 'utf8')).toMatchFileSnapshot(`${GOLDEN}-failed.md`);
});

test('a file that cannot be written is said before anything is built', () => {
	expect(() => openStepSummary('nowhere/summary.md', '/project')).toThrow(
		new CpybuildError(
			diagnostic({
				code: 'usage/bad-value',
				message: 'the summary cannot be written to "nowhere/summary.md": its folder does not exist',
			}),
		),
	);
});
