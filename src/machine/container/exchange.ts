import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import type { Readable } from 'node:stream';
import pLimit from 'p-limit';
import { fail } from '../../diagnostics/diagnostic.js';
import type { Workplace } from '../machine.js';
import { type Parcel, pack, type User } from './pack.js';
import { type Item, itemAt, readTree } from './tree.js';
import { CutOff, unpack } from './unpack.js';
import { findWays, type Look } from './ways.js';

/** What an exchange asks of a container. */
export interface Counterpart {
	readonly user: User;
	/** By how many milliseconds its clock is ahead of this machine's. */
	readonly ahead: number;
	readonly look: Look;
	/** Unpacks a tar stream below `/`. */
	put(tar: Readable): Promise<void>;
	/** Packs a folder; names begin with its own. */
	get(folder: string): Promise<Readable>;
	/** Removes files, and folders with all in them. */
	remove(paths: readonly string[]): Promise<void>;
}

/** Keeps files here and in a container the same. */
export interface Exchange {
	/** Before a command: sends what it needs and the container has not got. */
	send(place: Workplace): Promise<void>;
	/** After a command: brings what it has changed. */
	bring(place: Workplace): Promise<void>;
}

/** How often a folder is asked for again that changes so much meanwhile that it cannot be packed. */
const MOST_ATTEMPTS = 5;

/**
 * Opens the exchange of files with a new container.
 *
 * Both sides know what they had in common when they last met: what is another thing here since then is sent, what the
 * container lacks since then has been removed there. So commands may share folders: what another one is writing is in
 * nobody's memory yet. One exchange runs at a time, and none sees half of another.
 */
export function openExchange(counterpart: Counterpart): Exchange {
	const { user, ahead, look } = counterpart;
	const inTurn = pLimit(1);
	const ways = findWays(look);
	/** What nobody changes, by path. */
	const sent = new Set<string>();
	/** What was the same here and there at the last exchange, in folders that commands write. */
	const common = new Map<string, Item>();

	const put = async (parcels: readonly Parcel[]) => {
		if (parcels.length > 0) await counterpart.put(pack(parcels, user, ahead));
	};
	const readsOf = async (paths: readonly string[], written: readonly string[], parcels: Parcel[]) => {
		const roots: string[] = [];
		for (const path of paths) {
			if (isBelow(path, sent)) continue;
			const way = await ways.to(path);
			parcels.push(...way.parcels);
			if (isBelow(way.real, sent) || written.some((folder) => isIn(way.real, folder))) continue;
			for (const [place, item] of readTree(way.real)) parcels.push({ path: place, item });
			roots.push(path, way.real);
		}
		return roots;
	};
	/** What differs from the last exchange; what is gone, or is a folder now and was none, has to be removed first. */
	const changesOf = (folder: string) => {
		const now = readTree(folder);
		const changed = [...now].filter(([path, item]) => common.get(path)?.stamp !== item.stamp);
		const gone = [...common].filter(([path, item]) => {
			const here = now.get(path);
			return isIn(path, folder) && (!here || (here.type === 'folder') !== (item.type === 'folder'));
		});
		return { changed, gone: gone.map(([path]) => path) };
	};
	const send = async ({ cwd, reads = [], writes = [] }: Workplace) => {
		const parcels: Parcel[] = [];
		const gone: string[] = [];
		const folders: string[] = [];
		for (const path of writes) {
			const way = await ways.to(path);
			folders.push(way.real);
			const changes = changesOf(way.real);
			parcels.push(...way.parcels, ...changes.changed.map(([path, item]) => ({ path, item })));
			gone.push(...changes.gone);
		}
		const roots = await readsOf(reads, folders, parcels);
		if (![...folders, ...roots, ...sent].some((folder) => isIn(cwd, folder))) {
			parcels.push(...(await ways.into(cwd)).parcels);
		}
		if (gone.length > 0) await counterpart.remove(gone);
		for (const path of gone) common.delete(path);
		await put(parcels);
		for (const path of roots) sent.add(path);
		for (const { path, item } of parcels) if (folders.some((folder) => isIn(path, folder))) common.set(path, item);
	};
	const receive = async (folder: string) => {
		for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
			try {
				return await unpack(await counterpart.get(folder), folder);
			} catch (error) {
				if (!(error instanceof CutOff)) throw error;
			}
		}
		return fail({
			code: 'build/bad-output',
			message: `"${folder}" cannot be brought from the container: it changes all the time`,
			hint: 'a command has left a program behind that goes on writing: see what it starts',
		});
	};
	const bring = async ({ writes = [] }: Workplace) => {
		for (const path of writes) {
			const { real: folder } = await ways.to(path);
			const items = await receive(folder);
			for (const [path, item] of [...common].reverse()) {
				if (!isIn(path, folder) || items.has(path)) continue;
				removeUnchanged(path, item);
				common.delete(path);
			}
			for (const [path, item] of items) common.set(path, item);
		}
	};
	return { send: (place) => inTurn(send, place), bring: (place) => inTurn(bring, place) };
}

/** What has come or changed here meanwhile stays, and is sent the next time. */
function removeUnchanged(path: string, before: Item): void {
	const here = itemAt(path);
	if (here?.stamp !== before.stamp) return;
	if (here.type !== 'folder') unlinkSync(path);
	else if (readdirSync(path).length === 0) rmdirSync(path);
}

function isIn(path: string, folder: string): boolean {
	return path === folder || path.startsWith(`${folder}/`);
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
	for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
		if (folders.has(path.slice(0, end))) return true;
	}
	return false;
}
