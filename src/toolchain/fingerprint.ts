import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, sha256OfLargeFile } from '../cache/key.js';
import type { Memo } from '../cache/memo.js';

/** The sha256 of a file behind links, remembered as long as the file stays the same. */
export function hashFile(path: string, memo: Memo): Promise<string> {
	const real = realpathSync.native(path);
	return memo.remember('sha256', [real], () => sha256OfLargeFile(real));
}

/**
 * The hash of all files below folders: paths relative to their folder, and contents. Links are followed, so that a
 * farm of links is the same as the files. A folder that is not there is an empty one.
 */
export async function hashTrees(folders: readonly string[], memo: Memo): Promise<string> {
	const trees = folders.map((folder) => listFiles(folder));
	const paths = trees.flatMap((names, index) => names.map((name) => join(folders[index] ?? '', name)));
	// The names of the folders themselves may be those of a machine.
	const inTree = trees.map((names) => names.length).join(' ');
	return memo.remember(`tree ${inTree}`, paths, async () => {
		const hashed = trees.map((names, index) =>
			Promise.all(
				names.map(async (name) => [name, await sha256OfLargeFile(join(folders[index] ?? '', name))] as const),
			),
		);
		return treesHash((await Promise.all(hashed)).map((files) => new Map(files)));
	});
}

/** The hash of folders, of each the files below it: path in the folder → sha256. */
export function treesHash(trees: readonly ReadonlyMap<string, string>[]): string {
	const lines = trees.flatMap((files, index) => {
		return [...files.keys()].sort().map((path) => `${index} ${path}\0${files.get(path)}\n`);
	});
	return sha256(lines.join(''));
}

/**
 * Paths of all files below a folder, sorted; links to folders are folders, unless they lead around in a circle. Every
 * build with something to compile asks for those of clang's headers, so only links are looked at one by one.
 */
function listFiles(folder: string): readonly string[] {
	const files: string[] = [];
	const visit = (below: string, above: readonly string[]): void => {
		const here = join(folder, below);
		const real = realpathSync.native(here);
		if (above.includes(real)) return;
		for (const entry of readdirSync(here, { withFileTypes: true })) {
			const path = below === '' ? entry.name : `${below}/${entry.name}`;
			const found = entry.isSymbolicLink() ? statSync(join(folder, path), { throwIfNoEntry: false }) : entry;
			if (found?.isDirectory()) visit(path, [...above, real]);
			else if (found?.isFile()) files.push(path);
		}
	};
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) visit('', []);
	return files.sort();
}
