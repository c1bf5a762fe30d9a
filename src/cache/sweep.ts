import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Key } from './key.js';
import { type Layout, lockName } from './layout.js';
import { withFreeLock } from './lock.js';
import { isProcessAlive, processSpace } from './process-alive.js';
import { removeScratch, withScratch } from './scratch.js';

/** Removes what killed processes left among the scratch folders. A cache that may only be read stays as it is. */
export function sweep(layout: Layout): void {
	try {
		mkdirSync(layout.tmp, { recursive: true });
		sweepScratch(layout.tmp);
	} catch (error) {
		if (!existsSync(layout.root)) throw error;
	}
}

/** What killed processes left, and `sweep` removes: scratch folders as paths in the cache. Changes nothing. */
export function leftovers(layout: Layout): readonly string[] {
	if (!existsSync(layout.tmp)) return [];
	return deadScratch(layout.tmp).map((name) => `${basename(layout.tmp)}/${name}`);
}

/**
 * Removes trees without a list, which are half removed: a list comes before its tree and leaves after it. Nobody takes
 * them for entries, so there is time for it: all entries of a large cache are looked through.
 */
export async function sweepTrees(layout: Layout): Promise<void> {
	for (const kind of existsSync(layout.trees) ? readdirSync(layout.trees) : []) {
		const names = new Set(readdirSync(join(layout.trees, kind)));
		for (const key of names) {
			if (key.endsWith('.json') || names.has(`${key}.json`)) continue;
			const name = { kind, key: key as Key };
			await withFreeLock(layout.locks, lockName(name), `sweeping ${kind}`, async () => {
				// It may have come after the first look.
				if (existsSync(layout.list(name))) return;
				await withScratch(layout.tmp, async (folder) => renameSync(layout.tree(name), join(folder, 'dropped')));
			});
		}
	}
}

/** The name of a scratch folder; names of hosts may have hyphens, and begin as others do. */
const SCRATCH_NAME = /^(?<space>.+)-(?<pid>\d+)-[^-]{6}$/;

/** Removes what processes left behind that are no longer alive; of other hosts and containers that cannot be known. */
function sweepScratch(tmp: string): void {
	for (const name of deadScratch(tmp)) removeScratch(join(tmp, name));
}

function deadScratch(tmp: string): readonly string[] {
	return readdirSync(tmp)
		.sort()
		.filter((name) => {
			const made = SCRATCH_NAME.exec(name)?.groups;
			return made?.space === processSpace() && !isProcessAlive(Number(made.pid));
		});
}
