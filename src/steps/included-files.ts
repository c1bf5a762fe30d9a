import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The files that a compilation can read. */
export interface IncludedFiles {
	/** Sources and headers, absolute paths, sorted. */
	readonly present: readonly string[];
	/** Where an `#include` was looked for in vain: a file that appears there changes the result. */
	readonly absent: readonly string[];
}

const INCLUDE = /^[ \t]*#[ \t]*include(?:_next)?[ \t]*(["<])([^">\n]+)[">]/gm;

/**
 * Follows the `#include` lines of C files, whatever the conditions around them, through the folders of the
 * including files and the given ones. Headers of the toolchain and of CPython are found elsewhere and not followed.
 */
export function includedFiles(sources: readonly string[], includeFolders: readonly string[]): IncludedFiles {
	const present = new Set<string>();
	const absent = new Set<string>();
	const pending = [...sources];
	for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
		if (present.has(path) || absent.has(path)) continue;
		if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
			absent.add(path);
			continue;
		}
		present.add(path);
		for (const [, mark, name = ''] of readFileSync(path, 'utf8').matchAll(INCLUDE)) {
			const folders = mark === '"' ? [dirname(path), ...includeFolders] : includeFolders;
			for (const folder of folders) pending.push(resolve(folder, name));
		}
	}
	return { present: [...present].sort(), absent: [...absent].sort() };
}
