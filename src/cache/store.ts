import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Key } from './key.js';
import { isProcessAlive } from './process-alive.js';

/**
 * The content-addressed store: one folder per kind and key, which is complete whenever it exists.
 *
 *     <root>/store/<kind>/<key>/     an entry
 *     <root>/tmp/<host>-<pid>-…/     an entry that is being made; removed when its process is gone
 */
export interface Store {
	readonly root: string;
	/** Where an entry is, or will be. */
	path(kind: string, key: Key): string;
	has(kind: string, key: Key): boolean;
	/**
	 * Gives the entry, and makes it when it is missing: `fill` writes into an empty folder, which becomes
	 * the entry by one rename. When `fill` fails nothing stays behind.
	 */
	ensure(kind: string, key: Key, fill: (folder: string) => Promise<void>): Promise<string>;
	/** Runs `use` with an empty scratch folder that is removed afterwards. */
	scratch<T>(use: (folder: string) => Promise<T>): Promise<T>;
}

/** Opens the store under a folder, which is made when it does not exist. */
export async function openStore(root: string): Promise<Store> {
	const temporary = join(root, 'tmp');
	await mkdir(temporary, { recursive: true });
	await sweep(temporary);
	const path = (kind: string, key: Key) => join(root, 'store', kind, key);
	const scratch = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
		const folder = await mkdtemp(join(temporary, `${hostname()}-${process.pid}-`));
		try {
			return await use(folder);
		} finally {
			await rm(folder, { recursive: true, force: true, maxRetries: 3 });
		}
	};
	return {
		root,
		path,
		has: (kind, key) => existsSync(path(kind, key)),
		scratch,
		ensure: async (kind, key, fill) => {
			const entry = path(kind, key);
			if (existsSync(entry)) return entry;
			await mkdir(join(root, 'store', kind), { recursive: true });
			return scratch(async (folder) => {
				const made = join(folder, 'entry');
				await mkdir(made);
				await fill(made);
				await publish(made, entry);
				return entry;
			});
		},
	};
}

/** Another process may have made the same entry meanwhile; equal keys mean equal contents, so either will do. */
async function publish(made: string, entry: string): Promise<void> {
	try {
		await rename(made, entry);
	} catch (error) {
		if (!existsSync(entry)) throw error;
	}
}

/** The name of a scratch folder; a host's name may have hyphens, and another's may begin as this one's. */
const SCRATCH_NAME = /^(?<host>.+)-(?<pid>\d+)-[^-]{6}$/;

/** Removes what processes of this host left behind that are no longer alive. */
async function sweep(temporary: string): Promise<void> {
	for (const name of await readdir(temporary)) {
		const made = SCRATCH_NAME.exec(name)?.groups;
		if (made?.host !== hostname()) continue;
		if (!isProcessAlive(Number(made.pid)))
			await rm(join(temporary, name), { recursive: true, force: true, maxRetries: 3 });
	}
}
