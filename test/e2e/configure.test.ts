import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keyOf } from '../../src/cache/key.js';
import { execute } from '../../src/execute.js';
import { prepare } from '../../src/prepare.js';
import { settleOptions } from '../../src/settle.js';
import { configure, shippedAnswers } from '../../src/steps/base/configure.js';
import { openWorkspace, type Workspace } from '../../src/steps/base/workspace.js';
import type { StepContext } from '../../src/steps/step.js';
import { VERSIONS } from '../helpers/dist.js';
import { listFiles } from '../helpers/folder.js';
import { CLANG, PROGRAMS, placePrograms } from '../helpers/programs.js';
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

/** How configure is run. */
interface Run {
	/** Whether it starts from known answers. */
	readonly isSeeded: boolean;
	/** The search path of the machine. */
	readonly path?: string;
}

/** What a run wrote, and said. */
interface Configured {
	readonly made: Readonly<Record<string, string>>;
	readonly lines: readonly string[];
}

/** Runs CPython's configure, and nothing else of a build, once for each of some circumstances. */
async function configured(version: string, runs: readonly Run[]): Promise<readonly Configured[]> {
	const project = await makeProject({
		'project.yaml': `python: "${version}"\nmodules:\n  m: { functions: { f: "func()" } }\n`,
	});
	const options = settleOptions({ manifest: join(project.folder, 'project.yaml'), compiler: 'native' }, process.env);
	const { manifest, cpython, machine, store, toolchain, plan } = await prepare(options);
	const source = plan.steps.find((step) => step.id === 'source');
	if (!source) throw new Error('the plan has no source');
	const execution = { ...options, store, machine, toolchain, logs: join(project.folder, 'logs') };
	const { output } = await execute(plan.steps, [source], execution);

	const run = async ({ isSeeded, path = machine.path }: Run, folder: string): Promise<Configured> => {
		await mkdir(folder);
		const lines: string[] = [];
		const context: StepContext = {
			...execution,
			machine: { ...machine, path },
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
		const known = isSeeded ? shippedAnswers(cpython, toolchain.identity.sysroot) : undefined;
		const kept = keyOf('seed', { test: 'configure.test.ts' }, {});
		await configure(workspace, { cpython, settings: manifest.build, known, kept }, context);
		return { made: await readAll(workspace), lines };
	};
	return store.scratch(async (scratch) => {
		const results: Configured[] = [];
		for (const [index, one] of runs.entries()) results.push(await run(one, join(scratch, String(index))));
		return results;
	});
}

test.each(VERSIONS)('configure of %s writes the same files with and without known answers', async (version) => {
	const [seeded, unseeded] = await configured(version, [{ isSeeded: true }, { isSeeded: false }]);
	expect(seeded?.made).toEqual(unseeded?.made);
	expect(Object.keys(seeded?.made ?? {})).toEqual(
		expect.arrayContaining(['Makefile', 'pyconfig.h', 'Modules/Setup.stdlib']),
	);
	// The seed was really used: nearly all checks were answered from it.
	const cached = (lines: readonly string[] = []) => lines.filter((line) => line.includes('(cached)')).length;
	expect(cached(seeded?.lines)).toBeGreaterThan(400);
	expect(cached(unseeded?.lines)).toBeLessThan(100);
});

/** Programs that configure looks for and can do without: here each says that it is all that was ever hoped for. */
const LOOKED_FOR = [
	...['ld', 'readelf', 'pkg-config', 'git', 'dtrace', 'llvm-profdata', 'llvm-bolt', 'merge-fdata', 'dsymutil', 'xcrun'],
	...['node', 'c++', 'g++', 'clang++', 'cc', 'gcc', 'install', 'mkdir', 'nproc', 'hg', 'svnversion', 'zip'],
];

test.each(VERSIONS)('configure of %s writes the same files whatever else is installed', async (version) => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-programs-'));
	onTestFinished(() => rm(folder, { recursive: true }));
	const few = await placePrograms(join(folder, 'few'), [...PROGRAMS, ...CLANG, 'make']);
	const many = join(folder, 'many');
	await mkdir(many);
	for (const name of LOOKED_FOR.flatMap((one) => [one, `wasm32-unknown-wasi-${one}`, `wasm32-unknown-wasip1-${one}`])) {
		if (PROGRAMS.includes(name)) continue;
		await writeFile(join(many, name), '#!/bin/sh\necho GNU 9.9.9\n');
		await chmod(join(many, name), 0o755);
	}
	const [usual, poor, rich] = await configured(version, [
		{ isSeeded: true },
		{ isSeeded: true, path: few },
		{ isSeeded: true, path: [many, process.env.PATH].join(delimiter) },
	]);
	expect(poor?.made).toEqual(usual?.made);
	expect(rich?.made).toEqual(usual?.made);
});
