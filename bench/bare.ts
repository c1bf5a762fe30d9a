import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execute } from '../src/execute.js';
import { prepare } from '../src/prepare.js';
import { settleOptions } from '../src/settle.js';
import type { Toolchain } from '../src/toolchain/toolchain.js';
import { runProgram } from './measure.js';
import { emptyFolder } from './project.js';

/** A command line with its working folder. */
interface Bare {
	readonly argv: readonly string[];
	readonly cwd: string;
}

/** A project before and after a change. */
export interface Change {
	/** Texts of the manifest. */
	readonly before: string;
	readonly after: string;
}

/** The command lines of compiler and linker that a build runs after a change, with inputs and outputs that stay. */
export async function bareCommands(
	name: string,
	{ before, after }: Change,
	cacheDir: string,
): Promise<readonly Bare[]> {
	const folder = await emptyFolder(name);
	const path = join(folder, 'project.yaml');
	const options = settleOptions({ manifest: path, cacheDir, compiler: 'native' }, process.env);
	const commands: Bare[] = [];
	for (const text of [before, after]) {
		commands.length = 0;
		await writeFile(path, text);
		const { plan, store, machine, toolchain: lazy } = await prepare(options);
		const toolchain = await lazy.open();
		const run: Toolchain['run'] = async (tool, args, place, more) => {
			const { cwd } = place;
			const number = commands.length;
			// The working folder of a compilation does not outlive it.
			const kept = tool === 'clang' ? join(folder, `${number}`) : cwd;
			const own = args.map((arg, at) =>
				args[at - 1] === '-o' ? join(folder, `${number}.out`) : arg.replaceAll(cwd, kept),
			);
			commands.push({ argv: [...toolchain.argv[tool], ...own], cwd: kept });
			if (tool === 'clang') await cp(cwd, kept, { recursive: true });
			return toolchain.run(tool, args, place, more);
		};
		const opened = { ...lazy, open: async () => ({ ...toolchain, run }) };
		const logs = join(folder, 'logs');
		await execute(plan.steps, [plan.verify], { ...options, store, machine, toolchain: opened, logs });
		await store.close();
	}
	return commands;
}

/** Runs commands one after the other. */
export async function runBare(commands: readonly Bare[]): Promise<undefined> {
	for (const { argv, cwd } of commands) await runProgram(argv, { cwd });
	return undefined;
}
