import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Machine } from '../machine/machine.js';
import type { LoadedLibrary } from './loaded-library.js';

/**
 * The libraries that a program of macOS loads, by `otool`, and those that they load. Libraries of the system are not
 * files there, so their versions stand for them.
 */
export async function macLibraries(program: string, machine: Machine): Promise<readonly LoadedLibrary[]> {
	const found = new Map<string, LoadedLibrary>();
	const visit = async (file: string, inherited: readonly string[]): Promise<void> => {
		const own = { loader: dirname(file), executable: dirname(program) };
		const searched = [...parseRpaths(await otool('-l', file)).map((one) => expand(one, own)), ...inherited];
		for (const { name, version } of parseOtool(await otool('-L', file))) {
			const soname = basename(name);
			if (found.has(soname) || soname === basename(file)) continue;
			const path = name.startsWith('@rpath/')
				? searched.map((folder) => join(folder, name.slice('@rpath/'.length))).find((one) => existsSync(one))
				: expand(name, own);
			const isFile = path !== undefined && existsSync(path);
			found.set(soname, isFile ? { soname, path } : { soname, path: undefined, version });
			if (isFile) await visit(path, searched);
		}
	};
	const otool = async (option: string, file: string) =>
		(await machine.run({ argv: ['otool', option, file], cwd: '/', env: {} })).stdout;
	await visit(program, []);
	return [...found.values()].sort((a, b) => (a.soname < b.soname ? -1 : 1));
}

/** Reads `otool -L`: names and versions, below a line with the file's own name. */
export function parseOtool(output: string): readonly { readonly name: string; readonly version: string }[] {
	return [...output.matchAll(/^\t(?<name>.+) \((?<version>compatibility version [^)]*)\)$/gm)].map(({ groups }) => ({
		name: groups?.name ?? '',
		version: groups?.version ?? '',
	}));
}

/** Reads the folders for `@rpath` from `otool -l`. */
export function parseRpaths(output: string): readonly string[] {
	return [...output.matchAll(/cmd LC_RPATH\n.*\n\s+path (?<path>.+) \(offset \d+\)$/gm)].map(
		({ groups }) => groups?.path ?? '',
	);
}

function expand(path: string, { loader, executable }: { readonly loader: string; readonly executable: string }) {
	return path.replace(/^@loader_path(?=\/|$)/, loader).replace(/^@executable_path(?=\/|$)/, executable);
}
