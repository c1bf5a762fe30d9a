import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addToInittab } from '../generate/inittab.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import { includeFolders } from './base/base.js';
import { requireSuccess } from './command-failure.js';
import { makeStep } from './make-step.js';
import type { Step } from './step.js';

/** Compiles CPython's table of builtin modules with the manifest's modules in it; it takes the place of libpython's own. */
export function inittabStep(base: Step, toolchain: ToolchainRecord, modules: readonly string[]): Step {
	return makeStep({
		id: 'inittab',
		title: 'add the modules to the interpreter',
		needs: [base],
		inputs: { toolchain: toolchain.identity, modules: [...modules] },
		run: (context) =>
			context.store.scratch(async (folder) => {
				const path = context.output(base);
				const configC = await readFile(join(path, 'Modules/config.c'), 'utf8');
				await writeFile(join(folder, 'config.c'), addToInittab(configC, modules));
				const includes = includeFolders(path).map((include) => `-I${include}`);
				const object = join(context.out, 'config.o');
				const args = ['-std=c11', '-O2', '-w', '-DPy_BUILD_CORE', ...includes, '-c', 'config.c', '-o', object];
				const { run } = await context.toolchain();
				const result = await run('clang', args, folder, context.runOptions);
				requireSuccess({
					purpose: 'compile the table of modules',
					argv: ['clang', ...args],
					result,
					logPath: context.logPath,
				});
			}),
	});
}
