import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What configure calls, as far as doctor knows. */
export const PROGRAMS = [
	...['sh', 'awk', 'basename', 'cat', 'chmod', 'date', 'diff', 'dirname', 'echo', 'expr', 'grep', 'ln', 'ls'],
	...['mkdir', 'mv', 'rm', 'rmdir', 'sed', 'sort', 'tr', 'uname'],
];

/** Debian's compiler. */
export const CLANG = ['clang-19', 'wasm-ld-19', 'llvm-ar-19', 'llvm-ranlib-19'];

/** Fills a folder with programs of this machine, so that it can be a search path with these alone. */
export async function placePrograms(folder: string, names: readonly string[]): Promise<string> {
	await mkdir(folder, { recursive: true });
	const places = (process.env.PATH ?? '').split(delimiter);
	for (const name of names) {
		const place = places.find((one) => existsSync(join(one, name)));
		if (place) await symlink(join(place, name), join(folder, name));
	}
	return folder;
}
