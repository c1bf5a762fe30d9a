import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bareCommands, type Change, runBare } from './bare.js';
import { type Case, measure, runProgram, type Samples } from './measure.js';
import { CPYBUILD, emptyFolder, manifest, ownCache } from './project.js';

type Compiler = 'native' | 'wasm';

const WITH: Readonly<Record<Compiler, string>> = { native: 'system clang', wasm: 'wasm clang, cold process' };

const SCALAR = 'func(a: s32, b: s32) -> s32';

/** What is changed, in each round to something that never was before. */
const CHANGES: Readonly<Record<string, (round: number) => Change>> = {
	'changed signature': (round) => ({
		before: manifest({ demo: { bar: SCALAR } }),
		after: manifest({ demo: { bar: `func(a: s32, b: s32, p${round}: s32) -> s32` } }),
	}),
	'added module': (round) => ({
		before: manifest({ one: { bar: SCALAR }, two: { bar: SCALAR } }),
		after: manifest({ one: { bar: SCALAR }, two: { bar: SCALAR }, [`three${round}`]: { bar: SCALAR } }),
	}),
};

/** Names of the cases, for ratios. */
export const CHANGE = {
	changed: (compiler: Compiler) => `changed signature, ${WITH[compiler]}`,
	added: (compiler: Compiler) => `added module, ${WITH[compiler]}`,
	bare: (what: string) => `— its clang and wasm-ld alone, ${what}`,
	unchanged: 'nothing changed',
	node: 'node -e 0',
} as const;

/** From a changed manifest to a new python.wasm with bindings, as whole processes, beside what they cannot do without. */
export async function measureChanges(rounds: number): Promise<Samples> {
	const cache = await ownCache();
	const cases: Case[] = [];
	for (const [what, change] of Object.entries(CHANGES)) {
		const commands = await bareCommands(`bare ${what}`, change(rounds), cache);
		cases.push(await changeCase(`${what}, ${WITH.native}`, 'native', cache, change));
		cases.push({ name: CHANGE.bare(what), run: () => runBare(commands) });
	}
	return measure(rounds, [...cases, ...(await unchangedCases(cache))]);
}

/** The same changes with the clang that runs as WebAssembly. */
export async function measureWasmChanges(rounds: number): Promise<Samples> {
	const cache = await ownCache();
	const cases = Object.entries(CHANGES).map(([what, change]) =>
		changeCase(`${what}, ${WITH.wasm}`, 'wasm', cache, change),
	);
	return measure(rounds, await Promise.all(cases));
}

async function changeCase(
	name: string,
	compiler: Compiler,
	cache: string,
	change: (round: number) => Change,
): Promise<Case> {
	const folder = await emptyFolder(`change-${name.replaceAll(/\W+/g, '-')}`);
	const write = (text: string) => writeFile(join(folder, 'project.yaml'), text);
	const build = async () => {
		await runProgram([...CPYBUILD, 'build', '--quiet', '--compiler', compiler, '--cache-dir', cache], { cwd: folder });
		return undefined;
	};
	return {
		name,
		before: async (round) => {
			await write(change(round).before);
			await build();
			await write(change(round).after);
		},
		run: build,
	};
}

/** A build that has nothing to do, beside the start of Node itself. */
async function unchangedCases(cache: string): Promise<readonly Case[]> {
	const folder = await emptyFolder('unchanged');
	await writeFile(join(folder, 'project.yaml'), manifest({ demo: { bar: SCALAR } }));
	const argv = [...CPYBUILD, 'build', '--quiet', '--compiler', 'native', '--cache-dir', cache];
	await runProgram(argv, { cwd: folder });
	const run = (name: string, command: readonly string[]): Case => ({
		name,
		run: async () => {
			await runProgram(command, { cwd: folder });
			return undefined;
		},
	});
	return [run(CHANGE.unchanged, argv), run(CHANGE.node, [process.execPath, '-e', '0'])];
}
