import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import type { Memo } from '../cache/memo.js';
import type { Machine } from '../machine/machine.js';
import { hashFile, hashTrees } from './fingerprint.js';
import { loadedLibraries } from './loaded-libraries.js';
import type { LoadedLibrary } from './loaded-library.js';

/** Looking at what is where. */
export interface Places {
	/** Those of the paths where something is. */
	existing(paths: readonly string[]): Promise<ReadonlySet<string>>;
	/** Names in a folder; none in one that is not there. */
	names(folder: string): Promise<readonly string[]>;
	/** A path without links, of something that is there. */
	real(path: string): Promise<string>;
	/** A small text file. */
	text(path: string): Promise<string>;
}

/** What looking for a toolchain asks about the files of the machine that will run it. */
export interface MachineFiles extends Places {
	/** The sha256 of files behind links: path as given → hash. */
	hashes(paths: readonly string[]): Promise<ReadonlyMap<string, string>>;
	/** The hash of all files below folders, as `treesHash` makes it. */
	hashTrees(folders: readonly string[]): Promise<string>;
	/** What a program without links in its path loads when it starts. */
	libraries(program: string): Promise<readonly LoadedLibrary[]>;
	/** What `find` gives; kept as long as the files at the paths stay, if it `isLasting`. */
	remember(
		question: string,
		paths: readonly string[],
		find: () => Promise<string>,
		isLasting?: (answer: string) => boolean,
	): Promise<string>;
}

/** Places on the machine that this process runs on. */
export const ownPlaces: Places = {
	existing: async (paths) => new Set(paths.filter((path) => existsSync(path))),
	names: async (folder) => (existsSync(folder) ? readdirSync(folder) : []),
	real: async (path) => realpathSync.native(path),
	text: async (path) => readFileSync(path, 'utf8'),
};

/** The files of the machine that this process runs on, which remembers what it found out about large ones. */
export function ownFiles(machine: Machine, memo: Memo): MachineFiles {
	return {
		...ownPlaces,
		hashes: async (paths) => {
			// Some are links to one file.
			const real = new Map(paths.map((path) => [path, realpathSync.native(path)]));
			const once = new Map([...new Set(real.values())].map((path) => [path, hashFile(path, memo)]));
			return new Map(
				await Promise.all(paths.map(async (path) => [path, (await once.get(real.get(path) ?? '')) ?? ''] as const)),
			);
		},
		hashTrees: (folders) => hashTrees(folders, memo),
		libraries: (program) => loadedLibraries(program, machine, memo),
		remember: (...question) => memo.remember(...question),
	};
}
