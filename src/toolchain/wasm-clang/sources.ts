import { readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { HOST_ROOT } from './arguments.js';

/** A C file or header as the wasm clang gets it. */
interface Source {
	readonly bytes: Uint8Array;
	readonly includes: readonly Include[];
	/** Size and modification time for which this was read. */
	readonly stamp: string;
}

interface Include {
	readonly name: string;
	/** `"name"` looks beside the including file first. */
	readonly quoted: boolean;
}

const INCLUDE = /^[ \t]*#[ \t]*include(?:_next)?[ \t]*(["<])([^">\n]+)[">]/gm;

/**
 * Collects what a compilation may read, since the wasm clang sees only the files that it is given: the sources
 * and, whatever the conditions around them, all files that their `#include` lines can mean.
 */
export class SourceReader {
	readonly #known = new Map<string, Source>();

	/** Absolute path → content, for the files on the command line and everything they include. */
	collect(files: readonly string[], includeFolders: readonly string[]): Map<string, Uint8Array> {
		const found = new Map<string, Uint8Array>();
		const pending = [...files];
		for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
			if (found.has(path)) continue;
			const source = this.#read(path);
			if (!source) continue;
			found.set(path, source.bytes);
			for (const { name, quoted } of source.includes) {
				for (const folder of quoted ? [posix.dirname(path), ...includeFolders] : includeFolders) {
					pending.push(posix.resolve(folder, name));
				}
			}
		}
		return found;
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
	const includes: Include[] = [];
	for (const [, mark, name] of text.matchAll(INCLUDE)) if (name) includes.push({ name, quoted: mark === '"' });
	return { bytes: rootParentIncludes(path, text, bytes), includes, stamp };
}

/**
 * WORKAROUND(@yowasp/clang 22): its file system ignores `..`, so `"../x.h"` would mean another file; such lines
 * get the whole path instead. Remove when the package resolves `..`.
 */
function rootParentIncludes(path: string, text: string, bytes: Uint8Array): Uint8Array {
	if (!/#[ \t]*include[ \t]*"[^"\n]*\.\.\//.test(text)) return bytes;
	const rooted = text.replace(INCLUDE, (line: string, mark: string, name: string) =>
		mark === '"' && name.includes('../')
			? line.replace(name, HOST_ROOT + posix.resolve(posix.dirname(path), name))
			: line,
	);
	return Buffer.from(rooted, 'latin1');
}
