import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execute } from '../src/execute.js';
import { prepare } from '../src/prepare.js';
import { settleOptions } from '../src/settle.js';
import type { Toolchain } from '../src/toolchain/toolchain.js';
import { type Case, measure, runProgram, type Samples } from './measure.js';
import { CPYBUILD, emptyFolder, manifest, ownCache } from './project.js';

const COMPILERS = ['native', 'wasm'] as const;
type Compiler = (typeof COMPILERS)[number];

const WITH: Readonly<Record<Compiler, string>> = { native: 'system clang', wasm: 'wasm clang, cold process' };

/** From a changed manifest to a new python.wasm with bindings, as whole processes. */
export async function measureChanges(rounds: number, compilers: readonly Compiler[] = COMPILERS): Promise<Samples> {
	const cache = await ownCache();
	const cases: Case[] = [];
	for (const compiler of compilers) {
		cases.push(
			await changeCase(`changed signature, ${WITH[compiler]}`, compiler, cache, (round) =>
				manifest({ demo: { bar: `func(a: s32, b: s32, p${round + 1}: s32) -> s32` } }),
			),
			await changeCase(`added module, ${WITH[compiler]}`, compiler, cache, (round) =>
				manifest(
					Object.fromEntries(
						Array.from({ length: round + 2 }, (_, index) => [`demo${index}`, { bar: 'func(a: s32) -> s32' }]),
					),
				),
			),
		);
	}
	const bare = await bareCommands(cache);
	cases.push({
		name: 'clang and wasm-ld alone, as the changed signature calls them',
		run: async () => {
			for (const { argv, cwd } of bare) await runProgram(argv, { cwd });
			return undefined;
		},
	});
	return measure(rounds, [...cases, ...(await unchangedCases(cache))]);
}

async function changeCase(
	name: string,
	compiler: Compiler,
	cache: string,
	text: (round: number) => string,
): Promise<Case> {
	const folder = await emptyFolder(`change-${name.replaceAll(/\W+/g, '-')}`);
	const write = (round: number) => writeFile(join(folder, 'project.yaml'), text(round));
	const argv = [...CPYBUILD, 'build', '--quiet', '--compiler', compiler, '--cache-dir', cache];
	await write(-1);
	await runProgram(argv, { cwd: folder });
	return {
		name,
		before: write,
		run: async () => {
			await runProgram(argv, { cwd: folder });
			return undefined;
		},
	};
}

/** A build that has nothing to do, beside the start of Node itself. */
async function unchangedCases(cache: string): Promise<readonly Case[]> {
	const folder = await emptyFolder('unchanged');
	await writeFile(join(folder, 'project.yaml'), manifest({ demo: { bar: 'func(a: s32, b: s32) -> s32' } }));
	const argv = [...CPYBUILD, 'build', '--quiet', '--compiler', 'native', '--cache-dir', cache];
	await runProgram(argv, { cwd: folder });
	const run = (name: string, command: readonly string[]): Case => ({
		name,
		run: async () => {
			await runProgram(command, { cwd: folder });
			return undefined;
		},
	});
	return [run('nothing changed', argv), run('node -e 0', [process.execPath, '-e', '0'])];
}

/** A command line with its working folder. */
interface Bare {
	readonly argv: readonly string[];
	readonly cwd: string;
}

/** How a build calls compiler and linker when a signature has changed, with inputs and outputs that stay. */
async function bareCommands(cacheDir: string): Promise<readonly Bare[]> {
	const folder = await emptyFolder('bare');
	const path = join(folder, 'project.yaml');
	const options = settleOptions({ manifest: path, cacheDir, compiler: 'native' }, process.env);
	const commands: Bare[] = [];
	for (const name of ['before', 'after']) {
		commands.length = 0;
		await writeFile(path, manifest({ demo: { bar: `func(${name}: s32, b: s32) -> s32` } }));
		const { plan, store, machine, toolchain: lazy } = await prepare(options);
		const toolchain = await lazy.open();
		const run: Toolchain['run'] = async (tool, args, cwd, more) => {
			// The working folder of a compilation does not outlive it.
			const kept = tool === 'clang' ? join(folder, name) : cwd;
			if (tool === 'clang') await cp(cwd, kept, { recursive: true });
			const own = args.map((arg, at) => (args[at - 1] === '-o' ? join(folder, `${tool}.out`) : arg.replace(cwd, kept)));
			commands.push({ argv: [...toolchain.argv[tool], ...own], cwd: kept });
			return toolchain.run(tool, args, cwd, more);
		};
		const logs = join(folder, 'logs');
		await execute(plan.steps, [plan.verify], {
			...options,
			store,
			machine,
			toolchain: { ...lazy, open: async () => ({ ...toolchain, run }) },
			logs,
		});
	}
	return commands;
}
