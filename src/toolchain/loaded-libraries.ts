import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Memo } from '../cache/memo.js';
import type { Machine } from '../machine/machine.js';
import type { LoadedLibrary } from './loaded-library.js';
import { macLibraries } from './mac-libraries.js';

/** Changes whenever the machine's libraries are other ones. */
const LOADER_CACHE = '/etc/ld.so.cache';

/**
 * The shared libraries that a program loads when it starts, those of its libraries included; none for a static
 * program or a script. The machine's own loader is asked, which knows where it looks.
 */
export async function loadedLibraries(
	program: string,
	machine: Machine,
	memo: Memo,
	platform: NodeJS.Platform = process.platform,
): Promise<readonly LoadedLibrary[]> {
	let asked: Promise<string> | undefined;
	const ask = () => {
		asked ??= askLoader(program, machine, platform).then((libraries) => JSON.stringify(libraries));
		return asked;
	};
	const last: readonly LoadedLibrary[] = JSON.parse(await memo.remember('libraries once', [program], ask));
	// What they load may change with each of them, and with what lies beside them.
	const paths = last.flatMap(({ path }) => (path && existsSync(path) ? [path, dirname(path)] : []));
	const witnesses = [program, ...new Set([LOADER_CACHE, ...paths])].filter((path) => existsSync(path));
	return JSON.parse(await memo.remember('libraries', witnesses, ask));
}

async function askLoader(
	program: string,
	machine: Machine,
	platform: NodeJS.Platform,
): Promise<readonly LoadedLibrary[]> {
	if (platform === 'darwin') return macLibraries(program, machine);
	const loader = loaderOf(program);
	if (loader === undefined) return [];
	const { stdout } = await machine.run({ argv: [loader, '--list', program], cwd: '/', env: {} });
	return parseLoaderList(stdout);
}

/** Reads what glibc's and musl's loaders say with `--list`; the kernel's part (`linux-vdso`) has no file. */
export function parseLoaderList(output: string): readonly LoadedLibrary[] {
	const libraries = output.split('\n').flatMap((line): LoadedLibrary[] => {
		const found = /^\s*(?:(?<soname>\S+) => )?(?<path>\/.*?) \(0x[0-9a-f]+\)$/.exec(line)?.groups;
		if (!found?.path) return [];
		return [{ soname: basename(found.soname ?? found.path), path: found.path }];
	});
	return libraries.sort((a, b) => (a.soname < b.soname ? -1 : 1));
}

/** The type of the program header that names the loader. */
const PT_INTERP = 3;

/** Where the fields of an ELF file are that lead to its loader's name, for 64-bit and 32-bit files. */
const LAYOUTS = {
	2: { table: 32, entrySize: 54, entries: 56, offset: 8, size: 32, wide: true },
	1: { table: 28, entrySize: 42, entries: 44, offset: 4, size: 16, wide: false },
} as const;

/** The dynamic loader that a program of Linux names; none in static programs and in scripts. */
export function loaderOf(program: string): string | undefined {
	const head = firstBytes(program, 64 * 1024);
	const layout = head.length > 64 && head.readUInt32BE(0) === 0x7f454c46 ? LAYOUTS[head[4] as 1 | 2] : undefined;
	if (!layout) return undefined;
	const little = head[5] === 1;
	const view = new DataView(head.buffer, head.byteOffset, head.length);
	const half = (at: number) => view.getUint16(at, little);
	const word = (at: number) => (layout.wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
	for (let index = 0; index < half(layout.entries); index++) {
		const entry = word(layout.table) + index * half(layout.entrySize);
		if (entry + layout.size + 8 > head.length) return undefined;
		if (view.getUint32(entry, little) !== PT_INTERP) continue;
		const start = word(entry + layout.offset);
		return head.toString('utf8', start, start + word(entry + layout.size)).replace(/\0.*$/s, '');
	}
	return undefined;
}

function firstBytes(path: string, count: number): Buffer {
	const file = openSync(path, 'r');
	try {
		const bytes = Buffer.alloc(count);
		return bytes.subarray(0, readSync(file, bytes, 0, count, 0));
	} finally {
		closeSync(file);
	}
}
