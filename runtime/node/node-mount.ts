import {
	constants,
	linkSync,
	lstatSync,
	lutimesSync,
	mkdirSync,
	openSync,
	readdirSync,
	readlinkSync,
	renameSync,
	rmdirSync,
	symlinkSync,
	unlinkSync,
} from 'node:fs';
import { Errno, WasiError } from '../errno.js';
import type { DirectoryEntry, Mount, OpenMode } from '../mount.js';
import { parentOf } from '../path.js';
import { type Anchors, makeAnchors } from './anchors.js';
import { onHost } from './host-error.js';
import { hostTimes, kindOf, toStat } from './host-stat.js';
import { nodeFile } from './node-file.js';

/** What a guest may do in a folder of the host. */
export interface NodeMountOptions {
	/** Default: false. */
	readonly writable?: boolean;
	/** Whether the guest may make symbolic links; only ones that stay in the folder. Default: false. */
	readonly symlinks?: boolean;
}

/** A folder of the host, and nothing outside of it. The folder must be there. */
export function nodeMount(folder: string, options: NodeMountOptions = {}): Mount {
	return anchoredMount(makeAnchors(folder), options);
}

/** A mount whose files are reached by given anchors. */
export function anchoredMount(anchors: Anchors, { writable = false, symlinks = false }: NodeMountOptions): Mount {
	return {
		writable,
		symlinks,

		stat(path) {
			try {
				const stats = onHost(() => lstatSync(anchors.entry(path), { bigint: true, throwIfNoEntry: false }));
				return stats === undefined ? undefined : toStat(stats);
			} catch (error) {
				if (error instanceof WasiError && error.errno === Errno.NOENT) return undefined;
				throw error;
			}
		},

		list(path) {
			return onHost(() => {
				const folder = anchors.directory(path);
				return readdirSync(folder).flatMap((name): DirectoryEntry[] => {
					const stats = lstatSync(`${folder}/${name}`, { bigint: true, throwIfNoEntry: false });
					return stats === undefined ? [] : [{ name, kind: kindOf(stats), inode: stats.ino }];
				});
			});
		},

		readLink: (path) => onHost(() => readlinkSync(anchors.entry(path))),

		open(path, mode) {
			const fd = onHost(() => openSync(anchors.entry(path), hostFlags(mode), 0o666));
			return nodeFile(fd, mode.append);
		},

		makeDirectory: (path) => onHost(() => mkdirSync(anchors.entry(path))),
		removeDirectory: (path) => onHost(() => rmdirSync(anchors.entry(path))),
		unlink: (path) => onHost(() => unlinkSync(anchors.entry(path))),
		rename: (from, to) => onHost(() => renameSync(anchors.entry(from), anchors.entry(to))),
		link: (from, to) => onHost(() => linkSync(anchors.entry(from), anchors.entry(to))),

		symlink(target, path) {
			// A link that leads out would be no danger to this mount, but to the next program of the host that meets it.
			if (!staysInside(target, path)) throw new WasiError(Errno.NOTCAPABLE);
			onHost(() => symlinkSync(target, anchors.entry(path)));
		},

		setTimes(path, times) {
			onHost(() => {
				const entry = anchors.entry(path);
				lutimesSync(entry, ...hostTimes(times, () => lstatSync(entry, { bigint: true })));
			});
		},

		close: () => anchors.close(),
	};
}

/** Windows has no flag against links in the last place; there the look before has to do. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

function hostFlags(mode: OpenMode): number {
	let flags = NO_FOLLOW | constants.O_RDONLY;
	if (mode.write) flags |= mode.read ? constants.O_RDWR : constants.O_WRONLY;
	if (mode.append && mode.write) flags |= constants.O_APPEND;
	if (mode.create) flags |= constants.O_CREAT;
	if (mode.exclusive) flags |= constants.O_EXCL;
	if (mode.truncate) flags |= constants.O_TRUNC;
	return flags;
}

/** Whether a link's target, read from the link's folder, never climbs above the mount's root. */
function staysInside(target: string, path: string): boolean {
	if (target.startsWith('/') || target.includes('\\')) return false;
	let depth = parentOf(path) === '' ? 0 : parentOf(path).split('/').length;
	for (const name of target.split('/')) {
		if (name === '..') depth--;
		else if (name !== '' && name !== '.') depth++;
		if (depth < 0) return false;
	}
	return true;
}
