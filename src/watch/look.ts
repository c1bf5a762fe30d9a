import { type FSWatcher, readdirSync, readlinkSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type Ways, waysTo } from './ways.js';

/** Files that are being followed. */
export interface Look {
	close(): void;
}

/** How files are followed. */
export interface LookOptions {
	/** Milliseconds between two looks at the files, where the system does not tell of changes. */
	readonly every: number;
	/** Whether not to ask the system at all. */
	readonly poll: boolean;
}

/**
 * Calls `onChange` at every change of a file, which may also come to be, vanish, or be replaced. Of a folder, what comes
 * to be and vanishes in it matters, and in those below it as deep as WIT has them (`deps/clocks`). Folders that are made
 * or replaced while they are looked at are lost: after a change, look anew.
 */
export function lookAt(files: readonly string[], onChange: () => void, { every, poll }: LookOptions): Look {
	const folders = files.flatMap((file) => foldersAt(file, DEPTH));
	const told = poll ? undefined : askSystem(waysTo(files, linkOf), new Set(folders), onChange);
	const polled = told?.complete ? undefined : pollFiles([...files, ...folders], onChange, every);
	return {
		close: () => {
			told?.close();
			polled?.close();
		},
	};
}

/** Errors of folders that cannot be looked at; where they come to be, a folder above tells of it. */
const NO_FOLDER = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP'];

/** How many folders deep a folder matters. */
const DEPTH = 2;

/** A path if it is a folder, and the folders in it. */
function foldersAt(path: string, depth: number): readonly string[] {
	try {
		const below = readdirSync(path, { withFileTypes: true });
		if (depth === 0) return [path];
		const folders = below.filter((entry) => entry.isDirectory()).map(({ name }) => join(path, name));
		return [path, ...folders.flatMap((folder) => foldersAt(folder, depth - 1))];
	} catch {
		// A file, or nothing yet.
		return [];
	}
}

/** Has the system tell of changes; not complete where it tells of fewer folders than are asked for. */
function askSystem(
	ways: Ways,
	folders: ReadonlySet<string>,
	onChange: () => void,
): Look & { readonly complete: boolean } {
	const watchers: FSWatcher[] = [];
	let complete = true;
	for (const folder of new Set([...ways.keys(), ...folders])) {
		const names = ways.get(folder);
		try {
			const watcher = watch(folder, (event, name) => {
				if (name === null || names?.files.has(name)) onChange();
				else if (event === 'rename' && (folders.has(folder) || names?.steps.has(name))) onChange();
			});
			// The folder is gone.
			watcher.on('error', onChange);
			watchers.push(watcher);
		} catch (error) {
			if (!NO_FOLDER.includes(codeOf(error))) complete = false;
		}
	}
	return {
		complete,
		close: () => {
			for (const watcher of watchers) watcher.close();
		},
	};
}

/** Looks at the files from time to time. */
function pollFiles(files: readonly string[], onChange: () => void, every: number): Look {
	let before = stampsOf(files);
	const timer = setInterval(() => {
		const now = stampsOf(files);
		if (now === before) return;
		before = now;
		onChange();
	}, every);
	return { close: () => clearInterval(timer) };
}

function stampsOf(files: readonly string[]): string {
	const stamps = files.map((file) => {
		const stat = statSync(file, { throwIfNoEntry: false });
		return stat ? [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs] : [];
	});
	return JSON.stringify(stamps);
}

function linkOf(path: string): string | undefined {
	try {
		return readlinkSync(path);
	} catch {
		return undefined;
	}
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}
