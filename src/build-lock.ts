import { basename } from 'node:path';
import type { Cpython } from './cpython/choose.js';
import { compareEntries, type LockChange } from './lock/changes.js';
import { requireFrozen } from './lock/frozen.js';
import {
	EMPTY_LOCK,
	entryOf,
	type LockEntry,
	type LockedPython,
	type LockPlace,
	recordPython,
	selectionOf,
} from './lock/lock.js';
import { readLock } from './lock/read.js';
import { type LockFile, saveLock } from './lock/write.js';
import { chosenImage } from './machine-settings.js';
import type { Manifest } from './manifest/manifest.js';
import type { SettledOptions } from './settle.js';
import { sourceIdentity } from './steps/source.js';
import { exactChoice } from './toolchain/wasi-sdk-verdict.js';

/** The lock file as a build finds it. */
export interface BuildLock {
	readonly file: LockFile;
	readonly place: LockPlace;
	readonly exists: boolean;
	/** What it has for this build. */
	readonly recorded: Partial<LockEntry>;
}

/**
 * Reads what the lock file beside a manifest has for a build.
 * @throws CpybuildError `lock/unreadable`, `lock/newer-format`.
 */
export async function openLock(options: SettledOptions, manifest: Manifest): Promise<BuildLock> {
	const { lockFile: path, lockName: name, state, signal } = options;
	const choice = exactChoice(options.toolchain ?? manifest.build.toolchain, manifest.python.minor);
	const image = chosenImage(options, manifest)?.name;
	const place = {
		manifest: basename(options.manifest),
		platform: image === undefined ? `${process.platform}-${process.arch}` : options.containerPlatform,
		selection: selectionOf(choice, options.compiler, image),
		image,
	};
	const lock = await readLock(path, name);
	return { file: { path, name, state, signal }, place, exists: !!lock, recorded: entryOf(lock ?? EMPTY_LOCK, place) };
}

/** What a lock records of the CPython that a build uses. */
export function lockedPythonOf(cpython: Cpython): LockedPython {
	return recordPython(cpython, () => {
		const identity = sourceIdentity(cpython.source);
		return 'tree' in identity ? identity.tree : identity.tarball;
	});
}

/**
 * For `--frozen`: refuses a build whose lock is missing or would change, before anything is looked for.
 * @throws CpybuildError `lock/frozen`.
 */
export function requireLocked({ file, place, exists, recorded }: BuildLock, python: LockedPython): void {
	const { toolchain } = recorded;
	const missing: LockChange[] = [];
	const miss = (what: string) => missing.push({ what, old: undefined, new: 'not looked for' });
	if (place.image !== undefined && !recorded.image) miss(`image ${place.image}`);
	if (!toolchain) miss(`toolchain "${place.selection}" for ${place.platform}`);
	const changes = compareEntries(place, recorded, { python, ...(toolchain && { toolchain }) });
	requireFrozen(file.name, exists, [...changes, ...missing]);
}

/**
 * Records what a finished build used, unless the lock is frozen.
 * @returns The text of the lock file as this build knows it; nothing of a frozen one.
 */
export async function saveBuildLock(
	options: SettledOptions,
	{ lock, locked }: { readonly lock: BuildLock; locked(): LockEntry },
): Promise<string | undefined> {
	return options.frozen ? undefined : saveLock(lock.file, lock.place, locked());
}
