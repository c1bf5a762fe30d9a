import { type ArchivedEntry, BadArchive, type Imported, readArchive, writeArchive } from './cache/archive.js';
import { findBlob } from './cache/blobs.js';
import { explained } from './cache/damage.js';
import { layoutOf } from './cache/layout.js';
import { registerUser } from './cache/users.js';
import { type CacheOptions, findCache } from './cache-contents.js';
import { fail } from './diagnostics/diagnostic.js';
import { prepare } from './prepare.js';
import type { SettledOptions } from './settle.js';
import { kindOf } from './steps/make-step.js';

/** What an export wrote. */
export interface ExportedCache {
	readonly entries: readonly ArchivedEntry[];
}

/**
 * Writes what a build needs into an archive: the outputs of its steps, packed. CPython's source is left out, which
 * only steps read whose outputs are in the archive.
 * @throws CpybuildError `cache/incomplete` when the build has not been made.
 */
export async function exportBuild(options: SettledOptions, file: string): Promise<ExportedCache> {
	const layout = layoutOf(options.cacheDir);
	const endUse = registerUser(layout.users);
	try {
		const { plan, store, close } = await prepare(options);
		const steps = plan.steps.filter(({ needs }) => needs.length > 0);
		try {
			// What is only in the remote cache arrives, and what is not packed yet is packed when the store is closed.
			for (const { id, key } of steps) await store.find(kindOf(id), key);
		} finally {
			await close();
		}
		const goals = [plan.link, plan.stdlib, plan.verify];
		const entries = steps.flatMap((step) => {
			const { id, key } = step;
			const name = { kind: kindOf(id), key };
			const blob = findBlob(layout, name);
			if (blob.state === 'there') return { ...name, ...blob.digest };
			// Others serve builds that differ; this one does not look behind its goals.
			if (!goals.includes(step)) return [];
			return fail({
				code: 'cache/incomplete',
				message: `the output of "${id}" is not in the cache`,
				hint: `build it first: cpybuild build ${options.manifestName}`,
			});
		});
		await writeArchive(layout, entries, file);
		return { entries };
	} finally {
		endUse();
	}
}

/**
 * Takes the entries of an archive into a cache.
 * @throws CpybuildError `cache/bad-archive` before anything is taken, when any part of it is not what it should be.
 */
export async function importArchive(
	file: string,
	options: CacheOptions,
	environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly path: string } & Imported> {
	const { path } = findCache(options, environment);
	try {
		const take = () => readArchive(layoutOf(path), file);
		return { path, ...(await explained(path, 'what the archive holds', take)) };
	} catch (error) {
		if (error instanceof BadArchive) {
			return fail(
				{
					code: 'cache/bad-archive',
					message: `the archive "${file}" cannot be used: ${error.message}`,
					hint: 'nothing was taken from it; write it again with "cpybuild cache export"',
				},
				{ cause: error },
			);
		}
		const { code, path: missing } = error as NodeJS.ErrnoException;
		if (missing === file && (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')) {
			return fail({ code: 'usage/unreadable-file', message: `there is no file "${file}" to read` }, { cause: error });
		}
		throw error;
	}
}
