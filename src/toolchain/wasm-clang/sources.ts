import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { findIncludes, INCLUDE, type Include, includedFiles } from '../included-files.js';
import { HOST_ROOT } from './arguments.js';

/** A file as the wasm clang gets it. */
interface Source {
	readonly bytes: Uint8Array;
	readonly includes: readonly Include[];
	/** Size and modification time for which this was read. */
	readonly stamp: string;
}

/** Reads what calls of the wasm clang may read, since it sees only the files that it is given; keeps them for the next call. */
export class SourceReader {
	readonly #known = new Map<string, Source>();

	/** Absolute path → content, for the files on the command line and everything that they include. */
	collect(files: readonly string[], includeFolders: readonly string[]): Map<string, Uint8Array> {
		const { present } = includedFiles(files, includeFolders, (path) => this.#read(path)?.includes);
		return new Map(present.map((path) => [path, this.#known.get(path)?.bytes ?? new Uint8Array()]));
	}

	#read(path: string): Source | undefined {
		const stat = statSync(path, { throwIfNoEntry: false });
		if (!stat || stat.isDirectory()) return undefined;
		const stamp = `${stat.size} ${stat.mtimeMs}`;
		const known = this.#known.get(path);
		if (known?.stamp === stamp) return known;
		const source = readSource(path, stamp);
		this.#known.set(path, source);
		return source;
	}
}

function readSource(path: string, stamp: string): Source {
	const bytes = readFileSync(path);
	if (!/\.(c|h|inc|def|cpp|cc|hpp|hh)$/.test(path)) return { bytes, includes: [], stamp };
	const text = bytes.toString('latin1');
	return { bytes: rootParentIncludes(path, text) ?? bytes, includes: findIncludes(text), stamp };
}

/**
 * WORKAROUND(@yowasp/clang 22): its file system ignores `..`, so `"../x.h"` would mean another file; such lines
 * get the whole path instead. Remove when the package resolves `..`.
 */
function rootParentIncludes(path: string, text: string): Uint8Array | undefined {
	if (!/#[ \t]*include[ \t]*"[^"\n]*\.\.\//.test(text)) return undefined;
	const rooted = text.replace(INCLUDE, (line: string, mark: string, name: string) =>
		mark === '"' && name.includes('../')
			? line.replace(name, HOST_ROOT + posix.resolve(posix.dirname(path), name))
			: line,
	);
	return Buffer.from(rooted, 'latin1');
}
