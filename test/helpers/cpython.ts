import { rmSync } from 'node:fs';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { prepare } from '../../src/prepare.js';
import { settleOptions } from '../../src/settle.js';
import { builtDist } from './dist.js';

/** A compiler for CPython's headers: the first words of its command line. */
export type Compiler = readonly [string, ...string[]];

/** The native clang with the embedded sysroot and the headers of a built base. */
export async function wasmCompiler(version: string): Promise<Compiler> {
	const { clang, include } = await builtBase(version);
	return [...clang, `-I${include}`];
}

/** The native linker of modules. */
export async function wasmLinker(version: string): Promise<Compiler> {
	return (await builtBase(version)).linker;
}

/**
 * A compiler of this machine with the headers of a version of CPython. Their `pyconfig.h` is that of the machine's own
 * Python: it describes the machine, and hardly differs between versions.
 */
export async function nativeCompiler(version: string): Promise<Compiler> {
	const { include } = await builtBase(version);
	const headers = await mkdtemp(join(tmpdir(), 'cpybuild-headers-'));
	await cp(include, headers, { recursive: true });
	const { stdout } = await execa('python3', ['-c', 'import sysconfig; print(sysconfig.get_config_h_filename())']);
	await writeFile(join(headers, 'pyconfig.h'), await readFile(stdout.trim(), 'utf8'));
	process.once('exit', () => rmSync(headers, { recursive: true, force: true }));
	return ['gcc', `-I${headers}`];
}

async function builtBase(version: string) {
	const dist = await builtDist(version);
	const options = settleOptions({ manifest: join(dist, '../project.yaml'), compiler: 'native' }, process.env);
	const { plan, store, toolchain } = await prepare(options);
	const base = plan.steps.find((step) => step.id === 'base');
	if (!base) throw new Error('the plan has no base');
	const { argv } = await toolchain.open();
	return { clang: argv.clang, linker: argv['wasm-ld'], include: join(store.path('base', base.key), 'include') };
}
