import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Key } from '../../../src/cache/key.js';
import {
	findStandingStdlib,
	findUnchanged,
	forgetBuild,
	isStillStanding,
	type LeftStdlib,
	readLeftStdlib,
	recordBuild,
} from '../../../src/last-build.js';
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

describe('the standard library in the output folder', () => {
	const key = 'a'.repeat(64) as Key;
	const parts = { bundled: [], patches: ['a patch'] };

	async function arrangeStdlib() {
		const { path, report } = await arrange();
		for (const name of ['dist/lib/python3.13', 'dist/licenses']) await mkdir(path(name), { recursive: true });
		for (const name of ['dist/lib/python3.13/os.py', 'dist/licenses/CPython.txt']) await writeFile(path(name), 'one');
		const options = settleOptions({ manifest: path('project.yaml') }, {});
		const record = () => recordBuild(options, [], report, { stdlib: { key, parts } });
		record();
		const left = readLeftStdlib(options, key) as LeftStdlib;
		return { path, options, left, record };
	}

	test('stands as long as nothing in it has changed', async () => {
		const { path, options, left } = await arrangeStdlib();
		await writeFile(path('dist/python.wasm'), 'another program');
		expect(await findStandingStdlib(options, left)).toEqual({ ...left, key, parts });
		expect(isStillStanding(options, left)).toBe(true);
	});

	test.each([
		'dist/lib/python3.13/os.py',
		'dist/lib/python3.13/more.py',
		'dist/lib/more.py',
		'dist/licenses/CPython.txt',
	])('does not stand after a change of %s', async (name) => {
		const { path, options, left } = await arrangeStdlib();
		await writeFile(path(name), 'another text');
		expect(await findStandingStdlib(options, left)).toBeUndefined();
	});

	test('does not stand when it is gone', async () => {
		const { path, options, left } = await arrangeStdlib();
		await rm(path('dist/lib'), { recursive: true });
		expect(await findStandingStdlib(options, left)).toBeUndefined();
	});

	test('is another one by another key', async () => {
		const { options } = await arrangeStdlib();
		expect(readLeftStdlib(options, 'b'.repeat(64) as Key)).toBeUndefined();
	});

	test('is not known while it is exchanged, nor after another build', async () => {
		const { path, options, left, record } = await arrangeStdlib();
		forgetBuild(options);
		expect(isStillStanding(options, left)).toBe(false);
		await writeFile(path('dist/lib/python3.13/os.py'), 'another text');
		record();
		expect(isStillStanding(options, left)).toBe(false);
	});
});
