import { statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { sha256OfFile } from '../cache/key.js';
import { fail } from '../diagnostics/diagnostic.js';
import type { Manifest, NativeModule } from '../manifest/manifest.js';
import { type IncludedFiles, includedFiles } from '../toolchain/included-files.js';

/** Files, by how the manifest's folder sees them → sha256 of the content. */
export type FileHashes = Readonly<Record<string, string>>;

/**
 * Every file that compiling a module may read, and where one was looked for in vain: what the C files name, in their
 * own folders and the include folders, and what the compiler's arguments name by a whole path.
 */
export function moduleFiles(module: NativeModule): IncludedFiles {
	const named = pathsOf(module.cflags);
	const { present, absent } = includedFiles([...module.sources, ...named.files], [...module.include, ...named.folders]);
	return { present, absent };
}

/**
 * How the manifest's folder sees a file: by the way to it, or by its whole path where the manifest says so. Such names
 * are in keys and object files, and are the same wherever the project lies.
 */
export function nameOf(path: string, { folder, wholePaths }: Pick<Manifest, 'folder' | 'wholePaths'>): string {
	const isBelow = (whole: string) => path === whole || path.startsWith(`${whole}/`);
	return wholePaths.some(isBelow) ? path : relative(folder, path);
}

/** Folders whose names may get into an object file: the compiler is told to call them as the manifest's folder does. */
export function moduleFolders(module: NativeModule, folder: string): readonly string[] {
	return [...new Set([folder, ...module.include, ...module.sources.map((path) => dirname(path))])];
}

/** The files' hashes as they are now. */
export function hashFiles(module: NativeModule, manifest: Pick<Manifest, 'folder' | 'wholePaths'>): FileHashes {
	const { present } = moduleFiles(module);
	return Object.fromEntries(present.map((path) => [nameOf(path, manifest), sha256OfFile(path)]));
}

/** What was compiled or linked must be what the key was made of, else the store would give it to others as that. */
export function requireUnchanged(before: FileHashes, after: FileHashes): void {
	const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].find(
		(path) => before[path] !== after[path],
	);
	if (changed === undefined) return;
	fail({
		code: 'build/step-failed',
		message: `"${changed}" changed while it was read`,
		hint: 'run the command again',
	});
}

/** Files and folders that compiler arguments name: `-I/opt/x`, `-isystem`, `/opt/x`, `-fprofile-use=/opt/x`. */
function pathsOf(cflags: readonly string[]): {
	readonly files: readonly string[];
	readonly folders: readonly string[];
} {
	const files: string[] = [];
	const folders: string[] = [];
	for (const flag of cflags) {
		const start = flag.indexOf('/');
		// The value of a macro is a text, even where it looks like a path.
		if (start < 0 || /^-[DU]/.test(flag)) continue;
		const path = flag.slice(start);
		const found = statSync(path, { throwIfNoEntry: false });
		if (found?.isFile()) files.push(path);
		if (found?.isDirectory()) folders.push(path);
	}
	return { files, folders };
}
