import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settleOptions } from '../src/settle.js';
import { runProgram } from './measure.js';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Where benchmarks work. */
export const SCRATCH = join(ROOT, '.cpybuild/bench');

/** The compiled command line. */
export const CPYBUILD = [process.execPath, join(ROOT, 'lib/src/cli/main.cjs')] as const;

/** The CPython of all measurements. */
export const VERSION = '3.13.5';

/** A folder of the scratch folder, empty. */
export async function emptyFolder(name: string): Promise<string> {
	const folder = join(SCRATCH, name);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	return folder;
}

/** Kinds of store entries that take long to make and that all manifests share. */
const SHARED = ['source', 'base', 'stdlib', 'sysroot', 'resource-dir', 'seed'];

/** A cache of the benchmarks' own; what all manifests share comes from the user's by hard links. */
export async function ownCache(): Promise<string> {
	const { cacheDir } = settleOptions({}, process.env);
	const folder = await emptyFolder('cache');
	for (const part of ['trees', 'ac']) await mkdir(join(folder, part));
	const entries = SHARED.flatMap((kind) => [`trees/${kind}`, `ac/${kind}`]);
	for (const path of ['downloads', 'cas', ...entries]) {
		if (existsSync(join(cacheDir, path))) await runProgram(['cp', '-al', join(cacheDir, path), join(folder, path)]);
	}
	return folder;
}

/** An empty cache but for the tarball of CPython. */
export async function tarballCache(name: string, tarball: string, sha256: string): Promise<string> {
	const folder = await emptyFolder(name);
	const downloads = join(folder, 'downloads', sha256);
	await mkdir(downloads, { recursive: true });
	await cp(tarball, join(downloads, tarball.split('/').at(-1) ?? ''));
	return folder;
}

/** A manifest of host functions alone. */
export function manifest(modules: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
	const lines = Object.entries(modules).flatMap(([name, functions]) => [
		`  ${name}:`,
		'    functions:',
		...Object.entries(functions).map(([each, signature]) => `      ${each}: { signature: "${signature}" }`),
	]);
	return [`python: "${VERSION}"`, 'modules:', ...lines, 'build: { toolchain: embedded }', ''].join('\n');
}
