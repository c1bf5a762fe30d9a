import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfLargeFile } from '../cache/key.js';
import type { Store } from '../cache/store.js';
import { touch } from '../cache/trees.js';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';

/** Where downloads are kept, and who is told when a kept one is damaged. */
export interface Keeping {
	readonly store: Store;
	/** Receives what is wrong with a file that is kept. */
	readonly warn: (warning: Diagnostic) => void;
}

/**
 * The path of a file that is known by its hash: the kept one, whose content is right, else one that `arrive` brings.
 * @param arrive Writes the file, checked, to its second argument; the first is a folder for all that it needs beside it.
 */
export async function keepDownload(
	{ url, sha256 }: { readonly url: string; readonly sha256: string },
	{ store, warn }: Keeping,
	arrive: (scratch: string, to: string) => Promise<void>,
): Promise<string> {
	const folder = join(store.root, 'downloads', sha256);
	const kept = join(folder, basename(new URL(url).pathname) || 'source');
	if (existsSync(kept) && touch(kept)) {
		if ((await sha256OfLargeFile(kept)) === sha256) return kept;
		warn(damagedDownload(basename(kept)));
		await rm(kept, { force: true });
	}
	return store.scratch(async (scratch) => {
		const arriving = join(scratch, 'arriving');
		await arrive(scratch, arriving);
		await mkdir(folder, { recursive: true });
		await rename(arriving, kept);
		return kept;
	});
}

function damagedDownload(name: string): Diagnostic {
	return diagnostic({
		code: 'cache/damaged',
		severity: 'warning',
		message: `the downloaded "${name}" in the cache is damaged: its content has changed`,
		hint: 'it is fetched again; if this comes back, look for what writes to the cache folder, or for a failing disk',
	});
}
