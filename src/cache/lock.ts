import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';
import { connectToHolder, holderEnds, listenAsHolder } from './lock-socket.js';

/** What may happen while one waits for a lock. */
export interface LockOptions {
	/** Told once, when the lock is held: by whom, for example `process 4242 (base)`. */
	readonly onWait?: ((holder: string) => void) | undefined;
	/** Ends the waiting with `build/interrupted`. */
	readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `use` while no other call of this machine, in this process or another, runs one under the same folder and name.
 *
 * A holder listens on a Unix domain socket, and who waits is connected to it: the kernel wakes it when the holder
 * ends, be it by kill -9. Nothing is polled, and no lock outlives its holder.
 *
 * Where sockets or symbolic links cannot be made, and between hosts that share a folder, there is no lock. That costs
 * work done twice and nothing else: entries of the store arrive by rename, and equal keys mean equal contents.
 *
 * @param about What the holder does, for those who wait.
 */
export async function withLock<T>(
	folder: string,
	name: string,
	about: string,
	use: () => Promise<T>,
	options: LockOptions = {},
): Promise<T> {
	const release = await acquire(folder, name, about, options);
	try {
		return await use();
	} finally {
		release?.();
	}
}

/** Runs `use` as `withLock` does, or gives `undefined` at once when the lock is held. */
export async function withFreeLock<T>(
	folder: string,
	name: string,
	about: string,
	use: () => Promise<T>,
): Promise<T | undefined> {
	const release = await acquire(folder, name, about, 'unless held');
	if (!release) return undefined;
	try {
		return await use();
	} finally {
		release();
	}
}

/** Failures that mean: no locks in this place. */
const CANNOT_LOCK: ReadonlySet<string | undefined> = new Set([
	'EACCES',
	'EAGAIN',
	'EEXIST',
	'EINVAL',
	'EMFILE',
	'ENAMETOOLONG',
	'ENFILE',
	'ENOSPC',
	'ENOSYS',
	'ENOTSUP',
	'EOPNOTSUPP',
	'EPERM',
	'EROFS',
]);

type Release = () => void;

/** How to wait, or not to. */
type Waiting = LockOptions | 'unless held';

async function acquire(folder: string, name: string, about: string, waiting: Waiting): Promise<Release | undefined> {
	try {
		const place = lockPlace(folder);
		if (!place) return () => {};
		const id = createHash('sha256').update(name).digest('hex').slice(0, 16);
		return await acquireIn(place, id, `process ${process.pid} (${about})`, waiting);
	} catch (error) {
		if (CANNOT_LOCK.has((error as NodeJS.ErrnoException).code)) return () => {};
		throw error;
	}
}

/**
 * A lock is a chain of symbolic links to sockets, and the process that listens on the chain's last socket holds it:
 *
 *     <id>.lock         ─► <id>-58c1          free: <id>.lock does not exist
 *     <id>-58c1.next    ─► <id>-e07a          held: someone listens on the last socket
 *     <id>-e07a.next    does not exist        to be taken over: all holders of the chain were killed
 *
 * One takes the lock by making the first link that is missing; `symlink` is atomic and never replaces anything. A dead
 * holder is not removed but followed, since removing is what cannot be done safely: between "this one is dead" and
 * "remove it" another process may have put its own lock into the place.
 *
 * Why two never hold it at once. (1) Names of sockets are random and used once, so a dead socket stays dead, and a link
 * that is gone never comes back with the same target. (2) A link after a socket is made only by a process that saw
 * that socket dead, so at most the last one of a chain lives. (3) A chain is taken down only by the living holder at
 * its end, and <id>.lock goes first. A process that walked the chain meanwhile may then find a `.next` missing that was
 * there before, and take its place in vain; so after making a link it looks at <id>.lock again. If that still leads
 * to the socket where the walk began, then by (3) nothing of the chain had been taken down when the link was made, and
 * by (2) no other living process is on it. If not, it was the link of a chain that nobody can enter any more, by (1),
 * and the process begins again.
 *
 * Who waits listens on nothing, so none waits for another one that waits.
 */
async function acquireIn(place: string, id: string, holder: string, waiting: Waiting): Promise<Release | undefined> {
	const { onWait, signal } = waiting === 'unless held' ? {} : waiting;
	const head = join(place, `${id}.lock`);
	let isTold = false;
	const tell = (other: string) => {
		if (!isTold) onWait?.(other);
		isTold = true;
	};
	for (;;) {
		throwIfInterrupted(signal);
		const { living, dead, free } = await walk(place, head);
		if (living && waiting === 'unless held') {
			living.destroy();
			return undefined;
		}
		if (living) {
			await holderEnds(living, tell, signal);
			continue;
		}
		const name = `${id}-${randomBytes(8).toString('hex')}`;
		const socket = await listenAsHolder(join(place, name), holder);
		try {
			const isMade = makeLink(name, free);
			if (isMade && (dead.length === 0 || targetOf(head) === dead[0])) {
				return () => {
					// Only between hosts, which do not see each other's sockets, can it be someone else's by now.
					if (targetOf(head) === (dead[0] ?? name)) remove(head);
					socket.close();
					for (const each of dead) for (const file of [each, `${each}.next`]) remove(join(place, file));
				};
			}
			if (isMade) remove(free);
		} catch (error) {
			socket.close();
			throw error;
		}
		socket.close();
	}
}

/** Follows a chain to a living holder, or else to the link that is missing at its end. */
async function walk(place: string, head: string) {
	const dead: string[] = [];
	for (let free = head; ; ) {
		const target = targetOf(free);
		if (target === undefined) return { dead, free };
		const living = await connectToHolder(join(place, target));
		if (living) return { dead, free, living };
		dead.push(target);
		free = join(place, `${target}.next`);
	}
}

function targetOf(link: string): string | undefined {
	try {
		return readlinkSync(link);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

/** Makes a link that must not exist yet, and says whether this call made it. */
function makeLink(target: string, link: string): boolean {
	try {
		symlinkSync(target, link);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

/** What cannot be removed is a dead holder, which the next one follows. */
function remove(file: string): void {
	try {
		rmSync(file, { force: true });
	} catch {}
}

/**
 * Removes what killed processes left of locks that nobody holds: sockets that never got into a chain, or whose chain
 * was taken down while they were killed.
 */
export function sweepLocks(folder: string): void {
	const place = lockPlace(folder);
	if (!place) return;
	const names = new Set(readdirSync(place));
	for (const name of names) {
		const id = /^[0-9a-f]{16}(?=-)/.exec(name)?.[0];
		if (id === undefined || names.has(`${id}.lock`)) continue;
		const file = join(place, name);
		// One that is young may be about to become the head.
		const changed = lstatSync(file, { throwIfNoEntry: false })?.ctimeMs ?? Number.POSITIVE_INFINITY;
		if (Date.now() - changed > DAY_MS) remove(file);
	}
}

const DAY_MS = 24 * 3600 * 1000;

/** A socket's path has at most 104 bytes on macOS and 108 on Linux, the last one is 0. */
const LONGEST_SOCKET_PATH = 103;
const SOCKET_NAME_LENGTH = '/0123456789abcdef-0123456789abcdef'.length;

/**
 * The folder where the sockets of locks in `folder` are: the folder itself, or, where the paths would be too long for
 * sockets, one of this user in the system's folder for temporary files. `undefined` when no folder will do.
 */
function lockPlace(folder: string): string | undefined {
	mkdirSync(folder, { recursive: true });
	const real = realpathSync(folder);
	if (fitsSockets(real)) return real;
	const user = process.getuid?.() ?? 0;
	const hash = createHash('sha256').update(real).digest('hex').slice(0, 8);
	const place = join(realpathSync(tmpdir()), `cpybuild-${user}-${hash}`);
	if (!fitsSockets(place)) return undefined;
	mkdirSync(place, { recursive: true, mode: 0o700 });
	const found = lstatSync(place);
	// Anyone may make a folder of this name there first.
	const isOwn = found.isDirectory() && found.uid === user && (found.mode & 0o077) === 0;
	return isOwn ? place : undefined;
}

function fitsSockets(folder: string): boolean {
	return Buffer.byteLength(folder) + SOCKET_NAME_LENGTH <= LONGEST_SOCKET_PATH;
}
