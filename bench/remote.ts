import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBazelRemote } from '../test/helpers/bazel-remote.js';
import { hashFolder } from '../test/helpers/folder.js';
import { freePort } from '../test/helpers/ports.js';
import { measure, runProgram, type Samples } from './measure.js';
import { CPYBUILD, emptyFolder, manifest, ownCache } from './project.js';

/** What is measured, as the table calls it. */
export const CLONE = 'fresh clone, remote cache warm, no compiler';

/**
 * A build in a fresh clone on a machine that has an empty cache and no compiler, from a bazel-remote on this machine that
 * another one has filled.
 * @throws Error when the bytes are not those of the machine that compiled.
 */
export async function measureClone(rounds: number): Promise<Samples> {
	const first = await emptyFolder('clone-first');
	await writeFile(join(first, 'project.yaml'), manifest({ demo: { bar: 'func(a: s32, b: s32) -> s32' } }));
	const server = await launchBazelRemote(await emptyFolder('clone-server'), await freePort());
	try {
		const remote = { CPYBUILD_REMOTE_CACHE: server.url };
		const write = { env: { ...remote, CPYBUILD_REMOTE_CACHE_MODE: 'read-write' }, cwd: first };
		await runProgram([...CPYBUILD, 'build', '--quiet', '--cache-dir', await ownCache()], write);
		const made = JSON.stringify(hashFolder(join(first, 'dist')));
		const path = await pathWithoutCompilers();
		let folder = '';
		return await measure(rounds, [
			{
				name: CLONE,
				before: async () => {
					folder = await emptyFolder('clone');
					for (const name of ['project.yaml', 'cpybuild.lock']) await cp(join(first, name), join(folder, name));
				},
				run: async () => {
					const argv = [...CPYBUILD, 'build', '--quiet', '--frozen', '--cache-dir', join(folder, 'cache')];
					const start = performance.now();
					await runProgram(argv, { cwd: folder, env: { ...remote, PATH: path } });
					const ms = performance.now() - start;
					if (JSON.stringify(hashFolder(join(folder, 'dist'))) !== made) throw new Error('dist has other bytes');
					return ms;
				},
			},
		]);
	} finally {
		await server.stop();
	}
}

/** A folder of links to all programs of the system but compilers. */
async function pathWithoutCompilers(): Promise<string> {
	const folder = join(await emptyFolder('bin'), 'bin');
	mkdirSync(folder);
	for (const name of readdirSync('/usr/bin')) {
		if (!/clang|lld|wasm-ld|llvm-|gcc|g\+\+|^cc$|^c\+\+$/.test(name))
			symlinkSync(join('/usr/bin', name), join(folder, name));
	}
	return folder;
}
