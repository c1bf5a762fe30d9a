import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeActionResult } from '../../src/cache/action-result.js';
import { settleOptions } from '../../src/settle.js';

/** The cache folder that the tests' builds use unless told otherwise. */
export const CACHE = settleOptions({}, process.env).cacheDir;

/**
 * Makes a cache folder of its own that shares CPython's bases with the usual one, or with another, so that everything
 * else is made anew. Whoever uses it has built with that one before.
 */
export async function makeCache(
	folder: string,
	shared: readonly string[] = ['source', 'base'],
	from = CACHE,
): Promise<string> {
	for (const sub of ['trees', 'cas']) await mkdir(join(folder, sub), { recursive: true });
	for (const kind of shared) {
		await symlink(join(from, 'trees', kind), join(folder, 'trees', kind));
		await shareBlobs(folder, kind, from);
	}
	return folder;
}

/** Records are copied, so that what is added here does not name blobs there. */
async function shareBlobs(folder: string, kind: string, from: string): Promise<void> {
	const records = join(from, 'ac', kind);
	await mkdir(join(folder, 'ac', kind), { recursive: true });
	for (const key of existsSync(records) ? readdirSync(records) : []) {
		const blob = decodeActionResult(await readFile(join(records, key)));
		if (!blob) continue;
		await symlink(join(from, 'cas', blob.sha256), join(folder, 'cas', blob.sha256));
		await copyFile(join(records, key), join(folder, 'ac', kind, key));
	}
}
