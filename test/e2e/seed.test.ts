import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execute } from '../../src/execute.js';
import { prepare } from '../../src/prepare.js';
import { settleOptions } from '../../src/settle.js';
import { configure } from '../../src/steps/base/configure.js';
import { openWorkspace } from '../../src/steps/base/workspace.js';
import type { StepContext } from '../../src/steps/step.js';
import { VERSIONS } from '../helpers/dist.js';
import { makeProject } from '../helpers/project.js';

test.each(VERSIONS)('configure of %s gives the same pyconfig.h with and without known answers', async (version) => {
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
		const results: { config: string; lines: string[] }[] = [];
		for (const seed of [true, false]) {
			const folder = join(scratch, String(seed));
			await mkdir(folder);
			const lines: string[] = [];
			const context: StepContext = {
				...execution,
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
			const libc = (toolchain.identity as { sysroot: string }).sysroot;
			await configure(workspace, { cpython, settings: manifest.build, seed, libc }, context);
			results.push({ config: await readFile(join(workspace.build, 'pyconfig.h'), 'utf8'), lines });
		}
		return results;
	});
	const [seeded, unseeded] = runs;
	expect(seeded?.config).toBe(unseeded?.config);
	// The seed was really used: nearly all checks were answered from it.
	const cached = (lines: readonly string[] = []) => lines.filter((line) => line.includes('(cached)')).length;
	expect(cached(seeded?.lines)).toBeGreaterThan(400);
	expect(cached(unseeded?.lines)).toBeLessThan(100);
});
