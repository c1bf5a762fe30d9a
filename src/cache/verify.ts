import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { unpackBlob } from './blob.js';
import { dropBlob, findBlob } from './blobs.js';
import { listContents } from './contents.js';
import { sha256OfLargeFile } from './key.js';
import { type EntryName, type Layout, lockName } from './layout.js';
import { type LockOptions, withLock } from './lock.js';
import { withScratch } from './scratch.js';
import { dropTree, findTree } from './trees.js';
import { registerUser } from './users.js';

/** Something in the cache that is not what was put there. */
export interface Damage {
	/** The kind of an entry; `blob` for one that no entry names, `download` for a source. */
	readonly kind: string;
	/** The key of an entry, else the hash that the content should have. */
	readonly key: string;
	readonly what: string;
}

/** What reading a whole cache came to. */
export interface Verified {
	readonly entries: number;
	readonly downloads: number;
	readonly damaged: readonly Damage[];
}

/** How a cache is verified. */
export interface VerifyOptions extends LockOptions {
	/** Leaves what is damaged where it is. */
	readonly keep: boolean;
}

/** Reads every file of a cache, whatever is remembered of it, and removes what is damaged. */
export async function verifyContents(layout: Layout, options: VerifyOptions): Promise<Verified> {
	const endUse = registerUser(layout.users);
	try {
		const { entries, blobs, downloads } = listContents(layout);
		const damaged = [...(await verifyEntries(layout, entries, options))];
		const named = new Set(entries.map(({ blob }) => blob));
		const files = [
			...blobs
				.filter(({ sha256 }) => !named.has(sha256))
				.map(({ sha256 }) => ({ kind: 'blob', sha256, file: layout.blob(sha256) })),
			...downloads.map(({ sha256, name }) => ({
				kind: 'download',
				sha256,
				file: join(layout.downloads, sha256, name),
			})),
		];
		for (const { kind, sha256, file } of files) {
			const what = await verifyFile(file, sha256);
			if (what === undefined) continue;
			if (!options.keep) rmSync(file, { force: true });
			damaged.push({ kind, key: sha256, what });
		}
		return { entries: entries.length, downloads: downloads.length, damaged };
	} finally {
		endUse();
	}
}

/** An entry with something that is wrong with it. */
export type DamagedEntry = EntryName & Pick<Damage, 'what'>;

/**
 * Compares trees with their lists and blobs with their records, as builds do when they use them: a file whose stamp is as
 * listed is not read again. Changes nothing.
 * @param names What is looked at, as far as the time suffices.
 */
export async function lookForDamage(
	layout: Layout,
	names: readonly EntryName[],
	{ ms = Number.POSITIVE_INFINITY, signal }: { readonly ms?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly looked: number; readonly damaged: readonly DamagedEntry[] }> {
	const end = performance.now() + ms;
	const damaged: DamagedEntry[] = [];
	let looked = 0;
	for (const { kind, key } of names) {
		if (performance.now() > end) break;
		// Others get their turn in between.
		await setImmediate();
		throwIfInterrupted(signal);
		looked++;
		for (const found of [findTree(layout, { kind, key }), findBlob(layout, { kind, key })]) {
			if (found.state === 'damaged') damaged.push({ kind, key, what: found.what });
		}
	}
	return { looked, damaged };
}

/** Reads all of some entries, whatever is remembered of them. */
export async function verifyEntries(
	layout: Layout,
	entries: readonly EntryName[],
	options: VerifyOptions,
): Promise<readonly Damage[]> {
	const damaged: Damage[] = [];
	for (const name of entries) {
		const verify = () => verifyEntry(layout, name, options);
		const found = await withLock(layout.locks, lockName(name), `verifying ${name.kind}`, verify, options);
		damaged.push(...found.map((what) => ({ kind: name.kind, key: name.key, what })));
	}
	return damaged;
}

/** To be called under the entry's lock. */
async function verifyEntry(layout: Layout, name: EntryName, { keep }: VerifyOptions): Promise<readonly string[]> {
	return withScratch(layout.tmp, async (scratch) => {
		const damage: string[] = [];
		const tree = findTree(layout, name, 'ignored');
		if (tree.state === 'damaged') {
			damage.push(tree.what);
			if (!keep) dropTree(layout, name, scratch);
		}
		const blob = findBlob(layout, name);
		if (blob.state === 'damaged') {
			damage.push(blob.what);
			if (!keep) dropBlob(layout, name);
		} else if (blob.state === 'there') {
			const { digest } = blob;
			const unpacked = await unpackBlob(layout.blob(digest.sha256), digest, name, join(scratch, 'unpacked'));
			if (unpacked.state === 'damaged') {
				damage.push(unpacked.what);
				if (!keep) dropBlob(layout, name, digest);
			}
		}
		return damage;
	});
}

async function verifyFile(file: string, sha256: string): Promise<string | undefined> {
	try {
		return (await sha256OfLargeFile(file)) === sha256 ? undefined : 'its content has changed';
	} catch (error) {
		if (!existsSync(file)) return undefined;
		return `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
	}
}
