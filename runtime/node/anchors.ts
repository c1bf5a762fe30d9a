import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Errno, WasiError } from '../errno.js';
import { nameOf, parentOf } from '../path.js';

/**
 * How a mount names its files to the host so that no link is followed on the way: a link before the last name of a
 * path is a `LOOP`. What is done with the result must not follow a link in the last place either.
 */
export interface Anchors {
	/** A host path of a directory, links excluded in every place. */
	directory(path: string): string;
	/** A host path of what has this name. */
	entry(path: string): string;
	/** Closes what is held open. */
	close(): void;
}

/** The best anchors that this platform has for a folder. */
export function makeAnchors(root: string): Anchors {
	const real = realpathSync.native(root);
	return canPin(real) ? pinnedAnchors(real) : checkedAnchors(real);
}

/** As many directories stay open for their next use. */
const MAX_PINNED = 32;
/** Linux: opens a directory only as a place. Node has no name for it. */
const O_PATH = 0o10_000_000;

/** A directory that is held open. */
interface Pin {
	readonly fd: number;
	readonly device: bigint;
	readonly inode: bigint;
}

/**
 * Linux. A directory is opened, the kernel is asked where the handle is, and names are looked up from the handle
 * (`/proc/self/fd/N/name`): the guarantee of openat, whatever other processes rename or link meanwhile. Handles are
 * kept, and used again while their path leads to the same directory.
 */
export function pinnedAnchors(root: string): Anchors {
	const prefix = root === '/' ? '' : root;
	const pins = new Map<string, Pin>();

	const drop = (path: string, { fd }: Pin): void => {
		pins.delete(path);
		closeSync(fd);
	};

	const pin = (path: string, place: string): Pin => {
		const fd = openSync(place, O_PATH | constants.O_DIRECTORY);
		try {
			if (readlinkSync(handlePath(fd)) !== place) throw new WasiError(Errno.LOOP);
			const { dev, ino } = fstatSync(fd, { bigint: true });
			const made = { fd, device: dev, inode: ino };
			const [oldest] = pins;
			if (pins.size >= MAX_PINNED && oldest !== undefined) drop(...oldest);
			pins.set(path, made);
			return made;
		} catch (error) {
			closeSync(fd);
			throw error;
		}
	};

	const directory = (path: string): string => {
		const place = path === '' ? root : `${prefix}/${path}`;
		const kept = pins.get(path);
		if (kept !== undefined) {
			const stat = lstatSync(place, { bigint: true, throwIfNoEntry: false });
			if (stat?.ino === kept.inode && stat.dev === kept.device) return handlePath(kept.fd);
			drop(path, kept);
		}
		checkNames(path);
		return handlePath(pin(path, place).fd);
	};

	return {
		directory,
		entry(path) {
			if (path === '') return `${directory('')}/.`;
			const name = nameOf(path);
			checkNames(name);
			return `${directory(parentOf(path))}/${name}`;
		},
		close() {
			for (const [path, kept] of pins) drop(path, kept);
		},
	};
}

function handlePath(fd: number): string {
	return `/proc/self/fd/${fd}`;
}

/**
 * Any platform. Every directory on the way is looked at, then the whole path is used: another process that puts a link
 * in between at that moment is not noticed.
 */
export function checkedAnchors(root: string): Anchors {
	const directory = (path: string): string => {
		checkNames(path);
		let place = root;
		for (const name of path === '' ? [] : path.split('/')) {
			place = join(place, name);
			const stat = lstatSync(place);
			if (stat.isSymbolicLink()) throw new WasiError(Errno.LOOP);
			if (!stat.isDirectory()) throw new WasiError(Errno.NOTDIR);
		}
		return place;
	};
	return {
		directory,
		entry(path) {
			if (path === '') return root;
			checkNames(path);
			return join(directory(parentOf(path)), nameOf(path));
		},
		close() {},
	};
}

/** Whether the kernel tells where a handle is. */
function canPin(root: string): boolean {
	if (process.platform !== 'linux') return false;
	const anchors = pinnedAnchors(root);
	try {
		anchors.directory('');
		return true;
	} catch {
		return false;
	} finally {
		anchors.close();
	}
}

/** Windows reads these as separators, drives, streams and wildcards; no file there can have them in its name. */
const NOT_IN_WINDOWS_NAMES = /[\\:*?"<>|]/;

/** The second lock on the door: the namespace gives no such names. */
function checkNames(path: string): void {
	const odd = path !== '' && path.split('/').some((name) => name === '' || name === '.' || name === '..');
	if (odd || path.includes('\0')) throw new WasiError(Errno.INVAL);
	if (process.platform === 'win32' && NOT_IN_WINDOWS_NAMES.test(path)) throw new WasiError(Errno.NOENT);
}
