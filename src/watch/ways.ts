import { basename, dirname, resolve } from 'node:path';

/** The names in a folder at which a change matters. */
export interface Names {
	/** Of followed files: any change matters. */
	readonly files: Set<string>;
	/** Of folders and links on the way to one: only another thing of that name matters. */
	readonly steps: Set<string>;
}

/** Folder → the names in it that lead to followed files. */
export type Ways = ReadonlyMap<string, Names>;

/**
 * The folders to look at for following files. Looking at the files themselves would miss that they are replaced, as
 * most editors save, and that they appear: so every folder on the way to a file is looked at, whether it exists or
 * not, and where a link is on the way, those on the way to what it names.
 * @param files Absolute paths, of files that need not exist.
 * @param linkOf What a symbolic link names; undefined for anything else.
 */
export function waysTo(files: Iterable<string>, linkOf: (path: string) => string | undefined): Ways {
	const ways = new Map<string, Names>();
	const visit = (path: string, kind: keyof Names): void => {
		const folder = dirname(path);
		if (folder === path) return;
		const names = ways.get(folder) ?? { files: new Set(), steps: new Set() };
		ways.set(folder, names);
		const seen = names.files.has(basename(path)) || names[kind].has(basename(path));
		names[kind].add(basename(path));
		if (seen) return;
		visit(folder, 'steps');
		const target = linkOf(path);
		if (target !== undefined) visit(resolve(folder, target), kind);
	};
	for (const file of files) visit(file, 'files');
	return ways;
}
