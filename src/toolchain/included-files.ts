import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The files that a compilation can read. */
export interface IncludedFiles {
	/** Sources and headers, absolute paths, sorted. */
	readonly present: readonly string[];
	/** Where an `#include` was looked for in vain: a file that appears there changes the result. */
	readonly absent: readonly string[];
}

/** A file that a C text names. */
export interface Include {
	readonly name: string;
	/** `"name"` looks beside the including file first. */
	readonly quoted: boolean;
}

/** An `#include` line of C; its groups are the opening mark and the name. */
export const INCLUDE = /^[ \t]*#[ \t]*include(?:_next)?[ \t]*(["<])([^">\n]+)[">]/gm;

/** What else reads a file, or asks whether there is one. */
const OTHERS = [
	/^[ \t]*#[ \t]*(?:import|embed)[ \t]*(["<])([^">\n]+)[">]/gm,
	/\b__has_(?:include(?:_next)?|embed)[ \t]*\([ \t]*(["<])([^">\n]+)[">]/g,
	// In assembler code, which is a text of C: `asm(".incbin \"table.bin\"");`
	/\.incbin[ \t]+\\?(")([^"\\\n]+)\\?"/g,
];

/**
 * Follows the `#include` lines of C files (and `#embed`, `__has_include`, `.incbin`), whatever the conditions around them, through the folders of the
 * including files and the given ones. Headers of the toolchain and of CPython are found elsewhere and not followed.
 * @param includesOf The includes of a file, or nothing where there is no file.
 */
export function includedFiles(
	sources: readonly string[],
	includeFolders: readonly string[],
	includesOf: (path: string) => readonly Include[] | undefined = readIncludes,
): IncludedFiles {
	const present = new Set<string>();
	const absent = new Set<string>();
	const pending = [...sources];
	for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
		if (present.has(path) || absent.has(path)) continue;
		const includes = includesOf(path);
		(includes ? present : absent).add(path);
		for (const { name, quoted } of includes ?? []) {
			const folders = quoted ? [dirname(path), ...includeFolders] : includeFolders;
			for (const folder of folders) pending.push(resolve(folder, name));
		}
	}
	return { present: [...present].sort(), absent: [...absent].sort() };
}

/** The files that a C text names. */
export function findIncludes(text: string): readonly Include[] {
	return [INCLUDE, ...OTHERS]
		.flatMap((form) => [...text.matchAll(form)])
		.map(([, mark, name = '']) => ({ name, quoted: mark === '"' }));
}

function readIncludes(path: string): readonly Include[] | undefined {
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
	return findIncludes(readFileSync(path, 'utf8'));
}
