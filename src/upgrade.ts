import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type BuildLock, lockedPythonOf, openLock } from './build-lock.js';
import { openStore } from './cache/store.js';
import { chooseCpython } from './cpython/choose.js';
import { CPYTHON_PINS, type CpythonPin } from './cpython/pins.js';
import type { Diagnostic } from './diagnostics/diagnostic.js';
import { throwIfInterrupted } from './diagnostics/interrupted.js';
import { compareEntries, type LockChange } from './lock/changes.js';
import { dateOf, type LockEntry, type LockedPython, lockedRelease } from './lock/lock.js';
import { saveLock } from './lock/write.js';
import { withPythonVersion } from './manifest/edit.js';
import type { Manifest } from './manifest/manifest.js';
import { loadManifest } from './project.js';
import type { SettledOptions } from './settle.js';
import { openWorkshop } from './workshop.js';

/** What an upgrade changed, or would. */
export interface Upgrade {
	readonly manifest: string;
	readonly lock: string;
	/** Empty when everything was the newest already. */
	readonly changes: readonly LockChange[];
	/** Names of the files that were written, as the user would name them. */
	readonly wrote: readonly string[];
}

/**
 * Locks anew: the newest pinned release of the manifest's minor version, and the toolchain of this machine.
 * @throws CpybuildError for a manifest or a lock that is wrong, or when there is no toolchain.
 */
export async function upgradeLock(
	options: SettledOptions,
	{ dryRun = false, pins = CPYTHON_PINS }: { readonly dryRun?: boolean; readonly pins?: readonly CpythonPin[] } = {},
): Promise<Upgrade> {
	const manifest = await loadManifest(options.manifestName);
	const lock = await openLock(options, manifest);
	const python = newestPython(manifest, lock, pins);
	const now = await lockAnew(options, manifest, lock, python);
	throwIfInterrupted(options.signal);
	const changes = changesOf(manifest, lock, now);
	const wrote: string[] = [];
	if (!dryRun && changes.length > 0) {
		if (python.version !== manifest.python.version) {
			rewrite(options.manifest, manifest, python.version);
			wrote.push(options.manifestName);
		}
		const before = readText(options.lockFile);
		if ((await saveLock(lock.file, lock.place, now)) !== before) wrote.push(options.lockName);
	}
	return { manifest: options.manifestName, lock: options.lockName, changes, wrote };
}

/** A manifest that names its own source keeps it; one that names a newer release than is pinned, too. */
function newestPython(manifest: Manifest, lock: BuildLock, pins: readonly CpythonPin[]): LockedPython {
	const { python } = manifest;
	const newest = python.source ? undefined : newestPin(python.minor, pins);
	if (newest && patchOf(newest.version) >= patchOf(python.version)) {
		const { version, url, sha256, epoch } = newest;
		return { version, origin: 'pin', url, sha256, date: dateOf(epoch) };
	}
	return lockedPythonOf(chooseCpython(python, lockedRelease(python, lock.recorded.python)));
}

function newestPin(minor: string, pins: readonly CpythonPin[]): CpythonPin | undefined {
	return pins
		.filter(({ version }) => version.startsWith(`${minor}.`))
		.sort((a, b) => patchOf(b.version) - patchOf(a.version))[0];
}

function patchOf(version: string): number {
	return Number(version.split('.')[2]);
}

/** Looks at toolchain and image anew. */
async function lockAnew(
	options: SettledOptions,
	manifest: Manifest,
	lock: BuildLock,
	python: LockedPython,
): Promise<LockEntry> {
	const { cacheDir, cacheLimit: limit, signal } = options;
	const warn = (diagnostic: Diagnostic) => options.onEvent({ type: 'warning', diagnostic });
	const store = await openStore(cacheDir, { warn, limit, signal });
	try {
		const { machine, toolchain, image } = await openWorkshop(options, { manifest, lock, store, warn, renew: true });
		await Promise.all([toolchain.close(), machine.close()]);
		return { python, toolchain, image: image() };
	} finally {
		await store.close();
	}
}

/** The manifest's own change comes first; the lock's need not say the same again. */
function changesOf(manifest: Manifest, { place, recorded }: BuildLock, now: LockEntry): readonly LockChange[] {
	const changes = compareEntries(place, recorded, now);
	const old = manifest.python.version;
	if (old === now.python.version) return changes;
	const edit = { what: `python in ${basename(place.manifest)}`, old, new: now.python.version };
	return [edit, ...changes.filter(({ what, old: before }) => what !== 'python' || before !== old)];
}

/** Exchanges the manifest for the edited one, which has its permissions; a link stays a link. */
function rewrite(path: string, manifest: Manifest, version: string): void {
	const real = realpathSync(path);
	const arriving = `${real}.${process.pid}.tmp`;
	try {
		writeFileSync(arriving, withPythonVersion(manifest, version), { mode: statSync(real).mode });
		renameSync(arriving, real);
	} finally {
		rmSync(arriving, { force: true });
	}
}

function readText(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}
