import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addToInittab } from '../generate/inittab.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import { includeFolders } from './base/base.js';
import { requireSuccess } from './command-failure.js';
import { makeStep } from './make-step.js';
import type { Step } from './step.js';

/** What the object file of the table of modules is made of, besides the base's `config.c` and headers. */
export interface InittabInputs {
	/** Raised when this step's code makes another object file of the same inputs. */
	readonly revision: 1;
	readonly toolchain: ToolchainRecord['identity'];
	/** Arguments of the compiler, in order; folders of the base by name: `<base>`. */
	readonly flags: readonly string[];
	/** Modules that are added, in order. */
	readonly modules: readonly string[];
}

/** Compiles CPython's table of builtin modules with the manifest's modules in it; it takes the place of libpython's own. */
export function inittabStep(base: Step, toolchain: ToolchainRecord, modules: readonly string[]): Step {
	const inputs: InittabInputs = { revision: 1, toolchain: toolchain.identity, flags: flagsFor('<base>'), modules };
	return makeStep({
		id: 'inittab',
		title: 'add the modules to the interpreter',
		needs: [base],
		inputs,
		run: (context) =>
			context.store.scratch(async (folder) => {
				const path = context.output(base);
				const configC = await readFile(join(path, 'Modules/config.c'), 'utf8');
				await writeFile(join(folder, 'config.c'), addToInittab(configC, modules));
				const object = join(context.out, 'config.o');
				const args = [...flagsFor(path), '-c', 'config.c', '-o', object];
				const { run } = await context.toolchain();
				const result = await run(
					'clang',
					args,
					{ cwd: folder, reads: includeFolders(path), writes: [folder, context.out] },
					context.runOptions,
				);
				requireSuccess({
					purpose: 'compile the table of modules',
					argv: ['clang', ...args],
					result,
					logPath: context.logPath,
				});
			}),
	});
}

function flagsFor(base: string): readonly string[] {
	return ['-std=c11', '-O2', '-w', '-DPy_BUILD_CORE', ...includeFolders(base).map((path) => `-I${path}`)];
}
