import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findUnchanged, recordBuild } from '../../../src/last-build.js';
import type { Report } from '../../../src/report.js';
import { settleOptions } from '../../../src/settle.js';

/** A project that was built from a manifest, a C file, a header that was not there, and a source tree. */
async function arrange(changedDuringBuild?: string, warnings: Report['warnings'] = []) {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-last-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const path = (name: string) => join(folder, name);
	await mkdir(path('tree/Lib'), { recursive: true });
	await mkdir(path('dist'));
	for (const name of ['project.yaml', 'fast.c', 'tree/Lib/os.py', 'dist/python.wasm'])
		await writeFile(path(name), 'one');
	const inputs = ['project.yaml', 'fast.c', 'fast.h', 'tree'].map(path);
	const before = new Date(Date.now() - 3_600_000);
	for (const name of ['project.yaml', 'fast.c', 'tree']) await utimes(path(name), before, before);
	if (changedDuringBuild) await writeFile(path(changedDuringBuild), 'two');
	const options = settleOptions({ manifest: path('project.yaml') }, {});
	const report: Report = {
		status: 'built',
		out: options.out,
		python: '3.13.5',
		toolchain: 'none',
		steps: [],
		artifacts: [],
		imports: [],
		warnings,
		ms: 60_000,
	};
	recordBuild(options, inputs, report);
	return { path, report, find: () => findUnchanged(options) };
}

test('nothing has to be done when nothing has changed', async () => {
	const { report, find } = await arrange();
	expect(find()).toEqual(report);
});

test.each(['project.yaml', 'fast.c', 'fast.h', 'tree/Lib/os.py', 'tree/Lib/new.py', 'dist/python.wasm', 'dist/more'])(
	'a change of %s is seen',
	async (name) => {
		const { path, find } = await arrange();
		await writeFile(path(name), 'another text');
		expect(find()).toBeUndefined();
	},
);

test.each(['project.yaml', 'fast.c'])('a change of %s while the build ran is not forgotten', async (name) => {
	const { find } = await arrange(name);
	expect(find()).toBeUndefined();
});

test('a build whose toolchain was not the one that was asked for is looked at again', async () => {
	const { find } = await arrange(undefined, [{ code: 'toolchain/not-found', severity: 'warning', message: 'no SDK' }]);
	expect(find()).toBeUndefined();
});
