import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packTar, unpackTar } from 'modern-tar/fs';
import { unpackBlob } from './blob.js';
import { findBlob, placeBlob } from './blobs.js';
import { type Key, sha256OfLargeFile } from './key.js';
import { type EntryName, type Layout, lockName } from './layout.js';
import { withLock } from './lock.js';
import { withScratch } from './scratch.js';
import { registerUser } from './users.js';

/** An entry in an archive. */
export interface ArchivedEntry extends EntryName {
	readonly sha256: string;
	readonly bytes: number;
}

/** An archive that is not what an export wrote. */
export class BadArchive extends Error {}

/** The first file of an archive says which entries it holds; their blobs follow. */
const INDEX = 'cpybuild-cache.json';
const FORMAT = 1;

/** Every file has the same time, so that equal entries are equal archives. */
const MTIME = new Date('2000-01-01T00:00:00Z');

/** Writes the blobs of entries into a tar file, in the place of an older one. */
export async function writeArchive(layout: Layout, entries: readonly ArchivedEntry[], to: string): Promise<void> {
	const fixed = { mtime: MTIME, uid: 0, gid: 0, mode: 0o644 };
	const index = {
		format: FORMAT,
		entries: entries.map(({ kind, key, sha256, bytes }) => ({ kind, key, sha256, bytes })),
	};
	const sources = [
		{ ...fixed, type: 'content' as const, target: INDEX, content: `${JSON.stringify(index, undefined, '\t')}\n` },
		...[...new Map(entries.map((entry) => [entry.sha256, entry])).values()].map(({ sha256 }) => ({
			...fixed,
			type: 'file' as const,
			target: `cas/${sha256}`,
			source: layout.blob(sha256),
		})),
	];
	const arriving = `${to}.${process.pid}`;
	try {
		await pipeline(packTar(sources), createWriteStream(arriving));
		await rename(arriving, to);
	} finally {
		await rm(arriving, { force: true });
	}
}

/** What an import did. */
export interface Imported {
	/** Entries that the cache did not have, or that were damaged there. */
	readonly added: readonly ArchivedEntry[];
	/** Entries that were there already. */
	readonly present: readonly ArchivedEntry[];
}

/**
 * Takes the entries of an archive into a cache; an entry that is good there stays as it is.
 * @throws BadArchive before anything is taken, when any part of the archive is not what it should be.
 */
export async function readArchive(layout: Layout, archive: string): Promise<Imported> {
	const endUse = registerUser(layout.users);
	try {
		return await withScratch(layout.tmp, async (scratch) => {
			const folder = join(scratch, 'archive');
			await unpack(archive, folder);
			const entries = readIndex(await readFile(join(folder, INDEX), 'utf8'));
			for (const [at, entry] of entries.entries()) {
				await verify(entry, join(folder, 'cas', entry.sha256), join(scratch, `unpacked-${at}`));
			}
			const added: ArchivedEntry[] = [];
			const present: ArchivedEntry[] = [];
			for (const entry of entries) {
				const take = () => takeEntry(layout, entry, join(folder, 'cas', entry.sha256), scratch);
				const isNew = await withLock(layout.locks, lockName(entry), `importing ${entry.kind}`, take);
				(isNew ? added : present).push(entry);
			}
			return { added, present };
		});
	} finally {
		endUse();
	}
}

/** Nothing but the index and blobs leaves the archive. */
async function unpack(archive: string, folder: string): Promise<void> {
	const names = new Set<string>();
	try {
		const tar = unpackTar(folder, {
			strict: true,
			filter: ({ name, type }) => {
				if (type !== 'file' || !(name === INDEX || /^cas\/[0-9a-f]{64}$/.test(name)) || names.has(name)) {
					throw new BadArchive(`it holds "${name}", which no export writes`);
				}
				names.add(name);
				return true;
			},
		});
		await pipeline(createReadStream(archive), tar);
	} catch (error) {
		if (isOfTheMachine(error)) throw error;
		if (error instanceof BadArchive) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		throw new BadArchive(`it cannot be unpacked: ${reason.replace(/\.$/, '')}`, { cause: error });
	}
	if (!names.has(INDEX)) throw new BadArchive(`it does not hold "${INDEX}"`);
}

/** Failures of reading and writing, which say nothing about the archive. */
function isOfTheMachine(error: unknown): boolean {
	const { code, syscall } = error as NodeJS.ErrnoException;
	return code !== undefined && syscall !== undefined;
}

function readIndex(text: string): readonly ArchivedEntry[] {
	const index = parseJson(text);
	if (!isRecord(index) || !Array.isArray(index.entries)) throw new BadArchive(`its "${INDEX}" cannot be read`);
	if (index.format !== FORMAT) throw new BadArchive('it was written by another version of cpybuild');
	return index.entries.map((entry: unknown) => {
		if (!isEntry(entry)) throw new BadArchive(`its "${INDEX}" names something that is no entry`);
		return entry;
	});
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null;
}

function isEntry(value: unknown): value is ArchivedEntry & { readonly key: Key } {
	return (
		isRecord(value) &&
		isMatch(value.kind, /^[a-z][a-z0-9-]*$/) &&
		isMatch(value.key, /^[0-9a-f]{64}$/) &&
		isMatch(value.sha256, /^[0-9a-f]{64}$/) &&
		Number.isSafeInteger(value.bytes)
	);
}

function isMatch(value: unknown, pattern: RegExp): boolean {
	return typeof value === 'string' && pattern.test(value);
}

async function verify(entry: ArchivedEntry, blob: string, scratch: string): Promise<void> {
	if (!existsSync(blob)) throw new BadArchive(`the entry of "${entry.kind}" is missing`);
	const { state, ...rest } = await unpackBlob(blob, entry, entry, scratch);
	if (state === 'newer') throw new BadArchive('it was written by another version of cpybuild');
	if ('what' in rest) throw new BadArchive(`the entry of "${entry.kind}" is damaged: ${rest.what}`);
}

/** To be called under the entry's lock. */
async function takeEntry(layout: Layout, entry: ArchivedEntry, blob: string, scratch: string): Promise<boolean> {
	const found = findBlob(layout, entry);
	if (found.state === 'there') {
		const { sha256 } = found.digest;
		if ((await sha256OfLargeFile(layout.blob(sha256))) === sha256) return false;
	}
	placeBlob(layout, entry, blob, { sha256: entry.sha256, bytes: entry.bytes }, scratch);
	return true;
}
