import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { settleOptions } from '../../src/settle.js';

/** The cache folder that the tests' builds use unless told otherwise. */
export const CACHE = settleOptions({}, process.env).cacheDir;

/**
 * Makes a cache folder of its own that shares CPython's bases with the usual one, so that everything else is made
 * anew. Whoever uses it has built with the usual one before.
 */
export async function makeCache(folder: string, shared: readonly string[] = ['source', 'base']): Promise<string> {
	await mkdir(join(folder, 'store'), { recursive: true });
	for (const kind of shared) await symlink(join(CACHE, 'store', kind), join(folder, 'store', kind));
	return folder;
}
