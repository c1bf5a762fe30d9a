import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A part of cpybuild that runs in a process or thread of its own. */
export type OwnProgram =
	| 'component/worker'
	| 'host/worker'
	| 'hostrunner/hostrunner'
	| 'toolchain/wasm-clang/client'
	| 'toolchain/wasm-clang/worker';

/**
 * cpybuild's own folder, which holds `lib`, `templates`, `seeds` and `cpython-patches`. It is looked for upwards: code
 * runs from `src` in tests, and from wherever the bundler puts it in `lib`.
 */
export function packageFolder(): string {
	ownFolder ??= folderWith('package.json', dirname(fileURLToPath(import.meta.url)));
	return ownFolder;
}

/** Looked for once: a build asks for it a dozen times. */
let ownFolder: string | undefined;

function folderWith(name: string, folder: string): string {
	return existsSync(join(folder, name)) ? folder : folderWith(name, dirname(folder));
}

/** cpybuild's own version. */
export function ownVersion(): string {
	const { version }: { version: string } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8'));
	return version;
}

/** The compiled file of one of cpybuild's own programs, for tests of the sources too. */
export function programFile(name: OwnProgram): string {
	return join(packageFolder(), 'lib/src', `${name}.js`);
}

/**
 * Looks for an installed npm package as Node does, from a folder upwards.
 * @returns Its folder, or undefined where there is none, as with package managers that have no such folders.
 */
export function packageAbove(folder: string, name: string): string | undefined {
	const place = join(folder, 'node_modules', name);
	if (existsSync(join(place, 'package.json'))) return place;
	return dirname(folder) === folder ? undefined : packageAbove(dirname(folder), name);
}
