import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { keyOf } from '../../src/cache/key.js';
import { execute } from '../../src/execute.js';
import { prepare } from '../../src/prepare.js';
import { settleOptions } from '../../src/settle.js';
import { configure, shippedAnswers } from '../../src/steps/base/configure.js';
import { openWorkspace, type Workspace } from '../../src/steps/base/workspace.js';
import type { StepContext } from '../../src/steps/step.js';
import { VERSIONS } from '../helpers/dist.js';
import { listFiles } from '../helpers/folder.js';
import { makeProject } from '../helpers/project.js';

/** Accounts of the run itself, which nothing reads afterwards. */
const ACCOUNTS = ['config.log', 'config.cache', 'config.status'];

/** The texts that configure wrote in a workspace, by path; where the workspace is has nothing to do with it. */
async function readAll({ build }: Workspace): Promise<Readonly<Record<string, string>>> {
	const paths = listFiles(build).filter((path) => !ACCOUNTS.includes(path));
	const texts = paths.map(async (path) => {
		const text = await readFile(join(build, path), 'utf8');
		return [path, text.replaceAll(dirname(build), '<workspace>')] as const;
	});
	return Object.fromEntries(await Promise.all(texts));
}

test.each(VERSIONS)('configure of %s writes the same files with and without known answers', async (version) => {
	const project = await makeProject({
		'project.yaml': `python: "${version}"\nmodules:\n  m: { functions: { f: "func()" } }\n`,
	});
	const options = settleOptions({ manifest: join(project.folder, 'project.yaml'), compiler: 'native' }, process.env);
	const { manifest, cpython, machine, store, toolchain, plan } = await prepare(options);
	const source = plan.steps.find((step) => step.id === 'source');
	if (!source) throw new Error('the plan has no source');
	const execution = { ...options, store, machine, toolchain, logs: join(project.folder, 'logs') };
	const { output } = await execute(plan.steps, [source], execution);

	const runs = await store.scratch(async (scratch) => {
		const results: { made: Readonly<Record<string, string>>; lines: string[] }[] = [];
		for (const seed of [true, false]) {
			const folder = join(scratch, String(seed));
			await mkdir(folder);
			const lines: string[] = [];
			const context: StepContext = {
				...execution,
				jobs: machine.processors,
				toolchain: () => toolchain.open(),
				out: folder,
				output,
				logPath: join(folder, 'log'),
				log: (line) => lines.push(line),
				progress: () => {},
				warn: () => {},
				exec: (command) => machine.run(command, { onLine: (line) => lines.push(line) }),
				runOptions: {},
			};
			const workspace = await openWorkspace(folder, output(source), cpython, context);
			const known = seed ? shippedAnswers(cpython, toolchain.identity.sysroot) : undefined;
			const kept = keyOf('seed', { test: 'seed.test.ts' }, {});
			await configure(workspace, { cpython, settings: manifest.build, known, kept }, context);
			results.push({ made: await readAll(workspace), lines });
		}
		return results;
	});
	const [seeded, unseeded] = runs;
	expect(seeded?.made).toEqual(unseeded?.made);
	expect(Object.keys(seeded?.made ?? {})).toEqual(
		expect.arrayContaining(['Makefile', 'pyconfig.h', 'Modules/Setup.stdlib']),
	);
	// The seed was really used: nearly all checks were answered from it.
	const cached = (lines: readonly string[] = []) => lines.filter((line) => line.includes('(cached)')).length;
	expect(cached(seeded?.lines)).toBeGreaterThan(400);
	expect(cached(unseeded?.lines)).toBeLessThan(100);
});
