import { Errno, WasiError } from './errno.js';
import { memoryMount } from './memory-mount.js';
import type { DirectoryEntry, Mount, MountPoint, Stat } from './mount.js';
import { parentOf, splitPath } from './path.js';

/** A place in the guest's tree: `guest` is its path without links and without the leading slash, `/` being empty. */
export interface Place {
	readonly guest: string;
	readonly mount: Mount;
	/** The same place as the mount names it. */
	readonly path: string;
}

/** Where a path leads. */
export interface Found extends Place {
	/** Absent when nothing has the last name. */
	readonly stat?: Stat;
	/** Whether the path ended in a slash, so that only a directory can be meant. */
	readonly directory: boolean;
}

/** As many links are followed for one path; Linux has the same number. */
const MAX_LINKS = 40;
const MAX_PATH = 4096;
/** Far from the numbers that hosts give to their disks. */
const FIRST_DEVICE = 0xffff_0000n;

/**
 * The guest's one tree of files, put together from mounts. All rules about paths are here:
 *
 * - `/` is the guest's root, whatever the host's is, and `/..` is `/`.
 * - A link leads on within the mount that holds it: its target is read in the guest's tree, and one that climbs above
 *   the mount's root or ends in another mount fails with `NOTCAPABLE`.
 * - A mount hides what is at its place. A mount's place and the directories above it cannot be removed or renamed.
 */
export class Namespace {
	readonly #mounts = new Map<string, Mount>();
	/** Device numbers for the files of mounts without one of their own. */
	readonly #devices = new Map<Mount, bigint>();
	/** Names that mounts add to a directory, by the directory's guest path. */
	readonly #added = new Map<string, Set<string>>();

	constructor(points: readonly MountPoint[]) {
		for (const { guest, mount } of points) {
			const names = splitPath(guest);
			if (!guest.startsWith('/') || names.includes('..')) throw new TypeError(`not an absolute guest path: "${guest}"`);
			this.#mounts.set(names.join('/'), mount);
		}
		if (!this.#mounts.has('')) this.#mounts.set('', memoryMount({}, { writable: false }));
		for (const guest of [...this.#mounts.keys()].sort()) this.#makeWay(guest);
		for (const mount of this.#mounts.values()) this.#devices.set(mount, FIRST_DEVICE + BigInt(this.#devices.size));
	}

	/** Which mount is in charge of a guest path. */
	locate(guest: string): Place {
		for (let prefix = guest; ; prefix = parentOf(prefix)) {
			const mount = this.#mounts.get(prefix);
			if (mount !== undefined) return { guest, mount, path: prefix === '' ? guest : guest.slice(prefix.length + 1) };
		}
	}

	/** Goes along a path from a directory. A link in the last place is followed when `follow` says so. */
	resolve(from: string, path: string, follow: boolean): Found {
		if (path === '') throw new WasiError(Errno.NOENT);
		if (path.length > MAX_PATH) throw new WasiError(Errno.NAMETOOLONG);
		const start = path.startsWith('/') ? '' : from;
		const names = splitPath(path);
		const directory = /(^|\/)\.{0,2}$/.test(path);
		return (
			this.#resolvePlain(start, names, follow || directory, directory) ??
			this.#walk(start, names, follow || directory, directory)
		);
	}

	/** The facts of a place, or undefined when nothing is there. */
	stat(place: Place): Stat | undefined {
		const stat = place.mount.stat(place.path);
		if (stat === undefined || stat.device !== 0n) return stat;
		return { ...stat, device: this.#devices.get(place.mount) ?? FIRST_DEVICE };
	}

	/** The names in a directory, those of mounts included. */
	list(guest: string): readonly DirectoryEntry[] {
		const place = this.locate(guest);
		const entries = place.mount.list(place.path);
		const added = this.#added.get(guest);
		if (added === undefined) return entries;
		const mounted = [...added].map((name): DirectoryEntry => ({ name, kind: 'directory', inode: 0n }));
		return [...entries.filter((entry) => !added.has(entry.name)), ...mounted];
	}

	/** Whether a place is a mount's, or above one, and so has to stay. */
	isBusy(guest: string): boolean {
		return this.#mounts.has(guest) || this.#added.has(guest);
	}

	/** The common case at the cost of one question to the mount: no `..` and no link on the way. */
	#resolvePlain(start: string, names: readonly string[], follow: boolean, directory: boolean): Found | undefined {
		let guest = start;
		for (const name of names) {
			if (name === '..') return undefined;
			guest = guest === '' ? name : `${guest}/${name}`;
		}
		const place = this.locate(guest);
		try {
			const stat = this.stat(place);
			if (stat === undefined) return { ...place, directory };
			if (stat.kind === 'link' && follow) return undefined;
			return { ...place, stat, directory };
		} catch (error) {
			if (error instanceof WasiError && error.errno === Errno.LOOP) return undefined;
			throw error;
		}
	}

	/** The whole truth: one name after the other. */
	#walk(start: string, names: readonly string[], follow: boolean, directory: boolean): Found {
		const pending = [...names].reverse();
		/** Links whose targets are being walked: the mount to stay in, and how much is pending when the target ends. */
		const links: { readonly mount: Mount; readonly relative: boolean; readonly rest: number }[] = [];
		let followed = 0;
		let place = this.locate(start);
		let stat = this.stat(place);
		for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
			if (stat?.kind !== 'directory') {
				// What another mount lacks is not told to who comes by a link.
				if (links.some((link) => link.mount !== place.mount)) throw new WasiError(Errno.NOTCAPABLE);
				throw new WasiError(stat === undefined ? Errno.NOENT : Errno.NOTDIR);
			}
			if (name === '..') {
				const leaves = links.some((link) => link.relative && link.mount === place.mount && place.path === '');
				if (leaves) throw new WasiError(Errno.NOTCAPABLE);
				place = this.locate(parentOf(place.guest));
			} else {
				place = this.locate(place.guest === '' ? name : `${place.guest}/${name}`);
			}
			stat = this.stat(place);
			if (stat?.kind === 'link' && (pending.length > 0 || follow)) {
				if (++followed > MAX_LINKS) throw new WasiError(Errno.LOOP);
				const target = place.mount.readLink(place.path);
				if (target === '') throw new WasiError(Errno.NOENT);
				const relative = !target.startsWith('/');
				links.push({ mount: place.mount, relative, rest: pending.length });
				pending.push(...splitPath(target).reverse());
				place = this.locate(relative ? parentOf(place.guest) : '');
				stat = this.stat(place);
			}
			for (let link = links.at(-1); link !== undefined && pending.length <= link.rest; link = links.at(-1)) {
				if (place.mount !== link.mount) throw new WasiError(Errno.NOTCAPABLE);
				links.pop();
			}
		}
		return stat === undefined ? { ...place, directory } : { ...place, stat, directory };
	}

	/** Lets a mount's place be seen from the directories above it, which are made when the tree has none. */
	#makeWay(guest: string): void {
		for (let child = guest; child !== ''; child = parentOf(child)) {
			const parent = parentOf(child);
			const names = this.#added.get(parent) ?? new Set<string>();
			this.#added.set(parent, names.add(child.slice(parent === '' ? 0 : parent.length + 1)));
		}
		const above = splitPath(guest).slice(0, -1);
		for (const [index] of above.entries()) {
			const path = above.slice(0, index + 1).join('/');
			if (this.#mounts.has(path) || this.#isDirectory(path)) continue;
			this.#mounts.set(path, memoryMount({}, { writable: false }));
		}
	}

	#isDirectory(guest: string): boolean {
		try {
			const place = this.locate(guest);
			return place.mount.stat(place.path)?.kind === 'directory';
		} catch (error) {
			if (error instanceof WasiError) return false;
			throw error;
		}
	}
}
