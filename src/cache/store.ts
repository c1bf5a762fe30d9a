import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Digest } from './action-result.js';
import { openBackground } from './background.js';
import { damaged, explained } from './damage.js';
import { evictNowAndThen } from './evict.js';
import { keep, sendMissing } from './keep.js';
import type { Key } from './key.js';
import { type EntryName, type Layout, layoutOf, lockName } from './layout.js';
import { type LockOptions, withLock } from './lock.js';
import { recoverFromBlob, recoverFromRemote } from './recover.js';
import type { RemoteCache } from './remote.js';
import { withScratch } from './scratch.js';
import type { StoreParts } from './store-parts.js';
import { sweep } from './sweep.js';
import { listTree } from './tree.js';
import { dropTree, type FoundTree, findTree, placeTree, readList, touch, updateList } from './trees.js';
import { registerUser } from './users.js';

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
	/** Asked for entries that this machine does not have; gets what is made here when it is writable. */
	readonly remote?: RemoteCache | undefined;
	/** How many bytes the cache may hold; what was not used for the longest time is removed. Default: any number. */
	readonly limit?: number;
	/**
	 * What is packed as soon as it is made: everything (the default; what a writable remote cache gets has to be), or only
	 * what took long to make. The rest is packed when it is used again, which most of a developer's links never are.
	 */
	readonly packs?: 'everything' | 'costly';
	/** Ends looking for entries with `build/interrupted`, and sending them: `close` then waits for nothing long. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * The content-addressed store; `layout.ts` says what lies where.
 *
 * An entry is read from its tree. A tree arrives by one rename after its list, so it is there whole or not at all, and
 * it is compared with the list whenever it is asked for. What is not as listed is dropped and unpacked again from the
 * entry's blob, whose name is the hash of its bytes; after that the remote cache is asked, and then it is made.
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
	/** The hash of a file of an entry that was given, as it was verified: whoever needs it need not read the file again. */
	sha256(kind: string, key: Key, file: string): string;
	/** Runs `use` with an empty scratch folder that is removed afterwards. */
	scratch<T>(use: (folder: string) => Promise<T>): Promise<T>;
	/** Waits until new entries are packed and sent, and evicts old ones; nothing of it fails a build. */
	close(): Promise<void>;
}

/** What takes less to make costs hardly more than to pack it. */
const COSTLY_MS = 1000;

/** Opens the store under a folder, which is made when it does not exist. */
export async function openStore(root: string, options: StoreOptions = { warn: () => {} }): Promise<Store> {
	const layout = layoutOf(root);
	const endUse = registerUser(layout.users);
	sweep(layout);
	const background = openBackground();
	const { remote, signal, limit } = options;
	const packsAll = remote?.writable || options.packs !== 'costly';
	let hasGrown = false;
	const parts: StoreParts = { layout, remote, signal, background, report: oncePerEntry(options.warn) };
	const scratch = <T>(use: (folder: string) => Promise<T>) => withScratch(layout.tmp, use);
	const locked = <T>(name: EntryName, use: () => Promise<T>, lock: LockOptions = {}) =>
		withLock(layout.locks, lockName(name), name.kind, use, lock);
	const used = new Set<string>();
	const offers = new Map<string, Digest | undefined>();

	/** What the remote cache has of an entry; it is asked once. */
	const ask = async (name: EntryName, ended: AbortSignal | undefined) => {
		const id = lockName(name);
		if (remote && !offers.has(id)) offers.set(id, await remote.find(name.key, ended));
		return offers.get(id);
	};

	/** Notes the use of an entry, before its tree is looked at: who removes old entries leaves it alone from then on. */
	const look = (name: EntryName): FoundTree => {
		if (!used.has(lockName(name))) {
			if (!touch(layout.list(name))) return { state: 'absent' };
			touch(layout.action(name));
			used.add(lockName(name));
		}
		return findTree(layout, name);
	};

	/** An entry whose tree was found intact; what its keeping needs is done in the background. */
	const use = (name: EntryName, { list, outdated }: Extract<FoundTree, { state: 'intact' }>): Entry => {
		if (outdated) {
			const update = () => scratch(async (folder) => updateList(layout, name, list, outdated, folder));
			// A list without the new stamps is as good; it only takes longer.
			background.start(
				`update ${lockName(name)}`,
				() => locked(name, update),
				() => {},
			);
		}
		if (list.shared) keep(parts, name, list);
		if (list.shared && !offers.has(lockName(name))) sendMissing(parts, name);
		return { path: layout.tree(name), origin: 'local' };
	};

	/** Gets an entry back that is not intact here. To be called under the entry's lock. */
	const recover = async (name: EntryName, ended: AbortSignal | undefined): Promise<Entry | undefined> => {
		const tree = look(name);
		if (tree.state === 'intact') return use(name, tree);
		// Nothing to take away, and nothing to unpack: what is new is the common case.
		if (tree.state === 'absent' && !remote && !existsSync(layout.action(name))) {
			hasGrown = true;
			return undefined;
		}
		return scratch(async (folder) => {
			if (tree.state === 'damaged') parts.report(damaged(name, tree.what), name);
			dropTree(layout, name, folder);
			hasGrown = true;
			const path = layout.tree(name);
			if (await recoverFromBlob(parts, name, folder)) return { path, origin: 'local' };
			const offer = await ask(name, ended);
			if (!offer) return undefined;
			if (await recoverFromRemote(parts, name, offer, folder, ended)) return { path, origin: 'remote' };
			offers.set(lockName(name), undefined);
			return undefined;
		});
	};

	const find = async (name: EntryName): Promise<Entry | undefined> => {
		const tree = look(name);
		if (tree.state === 'intact') return use(name, tree);
		const isSomewhere = tree.state === 'damaged' || existsSync(layout.action(name)) || (await ask(name, signal));
		return isSomewhere ? locked(name, () => recover(name, signal), { signal }) : undefined;
	};

	/** To be called under the entry's lock. */
	const make = (name: EntryName, { fill, shared }: Making): Promise<Entry> =>
		scratch(async (folder) => {
			const start = performance.now();
			const made = join(folder, 'tree');
			mkdirSync(made);
			await fill(made);
			const list = listTree(made, shared);
			// Where there are no locks, another process may have made it meanwhile: either will do.
			const other = findTree(layout, name);
			if (other.state === 'intact') return use(name, other);
			dropTree(layout, name, folder);
			placeTree(layout, name, made, list, folder);
			if (shared && (packsAll || performance.now() - start > COSTLY_MS)) keep(parts, name, list);
			return { path: layout.tree(name), origin: 'made' };
		});

	return {
		root,
		path: (kind, key) => layout.tree({ kind, key }),
		has: (kind, key) => hasEntry(layout, { kind, key }),
		sha256: (kind, key, file) => {
			const listed = readList(layout, { kind, key })?.files.get(file);
			if (listed?.type !== 'file') throw new Error(`the entry of "${kind}" has no file "${file}" any more`);
			return listed.sha256;
		},
		scratch,
		find: (kind, key) => explained(root, `the output of "${kind}"`, () => find({ kind, key })),
		ensure: (kind, key, making) =>
			explained(root, `the output of "${kind}"`, async () => {
				const name = { kind, key };
				const tree = look(name);
				if (tree.state === 'intact') return use(name, tree);
				const ended = making.signal ?? signal;
				return locked(name, async () => (await recover(name, ended)) ?? (await make(name, making)), making);
			}),
		close: async () => {
			await background.done();
			endUse();
			if (hasGrown && limit !== undefined && !signal?.aborted) await evictNowAndThen(layout, limit);
		},
	};
}

/** Whether a cache has an entry; nothing is verified. */
export function hasEntry(layout: Layout, name: EntryName): boolean {
	return existsSync(layout.action(name)) || (existsSync(layout.list(name)) && existsSync(layout.tree(name)));
}

function oncePerEntry(warn: (warning: Diagnostic) => void): StoreParts['report'] {
	const told = new Set<string>();
	return (warning, name) => {
		const subject = name ? lockName(name) : warning.code;
		if (told.has(subject)) return;
		told.add(subject);
		warn(warning);
	};
}
