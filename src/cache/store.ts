import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Key } from './key.js';
import { isProcessAlive } from './process-alive.js';

/** Where an entry was: made by this call, in this store, or in the remote cache. */
export type Origin = 'made' | 'local' | 'remote';

/** An entry that is there, verified. */
export interface Entry {
	/** Its folder, to read from. */
	readonly path: string;
	readonly origin: Origin;
}

/** How an entry is made. */
export interface Making {
	/** Writes into an empty folder, which becomes the entry by one rename. When it fails nothing stays behind. */
	readonly fill: (folder: string) => Promise<void>;
	/** Whether the entry makes sense on other machines: packed into a blob, and given to the remote cache. */
	readonly shared: boolean;
	/** Told once when another process makes the same entry and this one waits for it. */
	readonly onWait?: (holder: string) => void;
	readonly signal?: AbortSignal | undefined;
}

/** How a store is opened. */
export interface StoreOptions {
	/** Receives what is wrong with entries and with the remote cache; nothing of it fails a build. */
	readonly warn: (warning: Diagnostic) => void;
}

/**
 * The content-addressed store: one folder per kind and key, which is complete whenever it exists.
 *
 *     <root>/store/<kind>/<key>/     an entry
 *     <root>/tmp/<host>-<pid>-…/     an entry that is being made; removed when its process is gone
 */
export interface Store {
	readonly root: string;
	/** Where the files of an entry are, or will be. */
	path(kind: string, key: Key): string;
	/** Whether this machine has the entry; a look that verifies nothing, for displays. */
	has(kind: string, key: Key): boolean;
	/** Gives an entry that this machine or the remote cache has, verified. */
	find(kind: string, key: Key): Promise<Entry | undefined>;
	/** Gives an entry, and makes it when it is nowhere; of several processes that want it, one makes it. */
	ensure(kind: string, key: Key, making: Making): Promise<Entry>;
	/** Runs `use` with an empty scratch folder that is removed afterwards. */
	scratch<T>(use: (folder: string) => Promise<T>): Promise<T>;
	/** Waits until new entries are packed and sent, and evicts old ones; nothing of it fails a build. */
	close(): Promise<void>;
}

/** Opens the store under a folder, which is made when it does not exist. */
export async function openStore(root: string, _options: StoreOptions = { warn: () => {} }): Promise<Store> {
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
		find: async (kind, key) => (existsSync(path(kind, key)) ? { path: path(kind, key), origin: 'local' } : undefined),
		close: async () => {},
		ensure: async (kind, key, { fill }) => {
			const entry = path(kind, key);
			if (existsSync(entry)) return { path: entry, origin: 'local' };
			await mkdir(join(root, 'store', kind), { recursive: true });
			return scratch(async (folder) => {
				const made = join(folder, 'entry');
				await mkdir(made);
				await fill(made);
				await publish(made, entry);
				return { path: entry, origin: 'made' };
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
