import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names without "=" for folders, for options that would take it for their own. */
export interface PlainNames {
	/** The path, or one that leads to the same through a link. */
	to(path: string): string;
	/** A text with the paths as they were. */
	back(text: string): string;
}

/**
 * Runs `use` with names for folders and what is in them. They are their own paths, but for an "=" in one (`dt=2026`),
 * which clang takes for the end of the folder in `-ffile-prefix-map=<folder>=<name>`: then a link stands in.
 */
export async function withPlainNames<T>(
	folders: readonly string[],
	use: (names: PlainNames) => Promise<T>,
): Promise<T> {
	const odd = [...new Set(folders)].filter((folder) => folder.includes('='));
	if (odd.length === 0) return use({ to: (path) => path, back: (text) => text });
	const temporary = await realpath(tmpdir());
	const place = await mkdtemp(join(temporary.includes('=') ? '/tmp' : temporary, 'cpybuild-names-'));
	try {
		const links = odd
			.sort((a, b) => a.length - b.length)
			.map((folder, index) => ({ folder, link: join(place, String(index)) }));
		for (const { folder, link } of links) await symlink(folder, link);
		return await use({
			to: (path) => {
				const around = links.filter(({ folder }) => path === folder || path.startsWith(`${folder}/`));
				// The outermost folder that helps: from there the ways between files are as they were, `..` included.
				const names = around.map(({ folder, link }) => link + path.slice(folder.length));
				return names.find((name) => !name.includes('=')) ?? names.at(-1) ?? path;
			},
			back: (text) => links.reduce((all, { folder, link }) => all.replaceAll(`${link}/`, `${folder}/`), text),
		});
	} finally {
		await rm(place, { recursive: true, force: true });
	}
}
