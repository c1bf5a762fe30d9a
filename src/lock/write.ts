import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { withLock } from '../cache/lock.js';
import { EMPTY_LOCK, type Lock, type LockEntry, type LockPlace, withEntry } from './lock.js';
import { readLock } from './read.js';

/** A lock file, and where its writers take turns. */
export interface LockFile {
	/** Absolute path. */
	readonly path: string;
	/** The file as messages call it. */
	readonly name: string;
	/** A folder of the project's own. */
	readonly state: string;
	readonly signal?: AbortSignal | undefined;
}

/**
 * Puts what a build used into the lock file. What others wrote meanwhile stays, and a file that says it already is
 * left alone. Manifests that are gone are left out.
 * @returns The text of the file.
 */
export function saveLock(file: LockFile, place: LockPlace, entry: LockEntry): Promise<string> {
	return withLock(
		file.state,
		file.path,
		`writes ${file.name}`,
		async () => {
			const lock = await readLock(file.path, file.name);
			const next = withoutGone(withEntry(lock ?? EMPTY_LOCK, place, entry), dirname(file.path));
			const text = renderLock(next);
			if (lock && renderLock(lock) === text) return readFileSync(file.path, 'utf8');
			writeWhole(file, text);
			return text;
		},
		{ signal: file.signal },
	);
}

/** A lock as text: names sorted, one value per line, so that merges see single changes. */
export function renderLock(lock: Lock): string {
	return `${JSON.stringify(sorted(lock), undefined, '\t')}\n`;
}

function withoutGone(lock: Lock, folder: string): Lock {
	const present = Object.entries(lock.manifests).filter(([name]) => existsSync(join(folder, name)));
	return { ...lock, manifests: Object.fromEntries(present) };
}

function sorted(value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
	return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Readers see the old file or the new one; what a kill leaves behind is not beside the manifest. */
function writeWhole({ path, state }: LockFile, text: string): void {
	mkdirSync(state, { recursive: true });
	const arriving = join(state, `${basename(path)}.${process.pid}`);
	try {
		writeFileSync(arriving, text);
		renameSync(arriving, path);
	} finally {
		rmSync(arriving, { force: true });
	}
}
