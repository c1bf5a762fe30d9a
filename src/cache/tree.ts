import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { sha256OfFile } from './key.js';
import { showsChanges, stampOf } from './stamp.js';
import type { Listed, ListedFile, TreeList } from './tree-list.js';

/** What a look at a tree gives: that it is what its list says, or the first thing that is not. */
export type Verdict =
	/** `list` is another one than before when files have got stamps. */
	{ readonly intact: true; readonly list: TreeList } | { readonly intact: false; readonly what: string };

/**
 * Lists a tree. Hashes are taken one file after the other, without the thread pool: that takes half of its time, since
 * the files are small or have just been written.
 * @throws Error for what is neither file nor folder nor symbolic link.
 */
export function listTree(folder: string, shared: boolean): TreeList {
	const files: [string, Listed][] = [];
	walk(folder, '', (path, stat) => {
		const listed = describe(`${folder}/${path}`, stat);
		if (!listed) throw new Error(`"${path}" is neither a file nor a folder nor a symbolic link`);
		files.push([path, listed]);
	});
	return { shared, files: new Map(files.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Compares a tree with its list. A file is read only where its stamp is missing or another one. */
export function verifyTree(folder: string, list: TreeList): Verdict {
	const stamped = new Map<string, ListedFile>();
	let what: string | undefined;
	let count = 0;
	walk(folder, '', (path, stat) => {
		count++;
		what ??= compare(`${folder}/${path}`, path, stat, list.files.get(path), (file) => stamped.set(path, file));
	});
	if (what === undefined && count < list.files.size) {
		const missing = [...list.files.keys()].find((path) => !lstatSync(`${folder}/${path}`, { throwIfNoEntry: false }));
		what = `"${missing}" is missing`;
	}
	if (what !== undefined) return { intact: false, what };
	if (stamped.size === 0) return { intact: true, list };
	const files = new Map([...list.files].map(([path, file]) => [path, stamped.get(path) ?? file]));
	return { intact: true, list: { ...list, files } };
}

/** Says how a file differs from what is listed; tells `restamp` of one that is the same and has got another stamp. */
function compare(
	file: string,
	path: string,
	stat: Stats,
	listed: Listed | undefined,
	restamp: (file: ListedFile) => void,
): string | undefined {
	if (!listed) return `"${path}" does not belong there`;
	if (listed.type === 'folder') return stat.isDirectory() ? undefined : `"${path}" is no folder any more`;
	if (listed.type === 'link') {
		return stat.isSymbolicLink() && readlinkSync(file) === listed.target ? undefined : `the link "${path}" has changed`;
	}
	if (!stat.isFile()) return `"${path}" is no file any more`;
	if (isExecutable(stat) !== listed.executable) return `the permissions of "${path}" have changed`;
	if (listed.stamp !== undefined && listed.stamp === stampOf(stat)) return undefined;
	if (stat.size !== listed.size) return `"${path}" has ${stat.size} bytes instead of ${listed.size}`;
	// Before the content is read: a change after this look shows in the next stamp.
	const stamp = showsChanges(stat) ? stampOf(stat) : undefined;
	try {
		if (sha256OfFile(file) !== listed.sha256) return `the content of "${path}" has changed`;
	} catch (error) {
		return `"${path}" cannot be read (${(error as NodeJS.ErrnoException).code})`;
	}
	if (stamp !== listed.stamp) restamp({ ...listed, stamp });
	return undefined;
}

function describe(file: string, stat: Stats): Listed | undefined {
	if (stat.isDirectory()) return { type: 'folder' };
	if (stat.isSymbolicLink()) return { type: 'link', target: readlinkSync(file) };
	if (!stat.isFile()) return undefined;
	const stamp = showsChanges(stat) ? stampOf(stat) : undefined;
	const found = { size: stat.size, executable: isExecutable(stat), stamp };
	return { type: 'file', sha256: sha256OfFile(file), ...found };
}

/** Visits files, links and empty folders below a folder, in no order. */
function walk(
	folder: string,
	prefix: string,
	visit: (path: string, stat: Stats) => void,
	names: readonly string[] = readdirSync(`${folder}/${prefix}`),
): void {
	for (const name of names) {
		const path = prefix + name;
		const stat = lstatSync(`${folder}/${path}`);
		const inside = stat.isDirectory() ? readdirSync(`${folder}/${path}`) : [];
		if (inside.length > 0) walk(folder, `${path}/`, visit, inside);
		else visit(path, stat);
	}
}

function isExecutable(stat: Stats): boolean {
	return (stat.mode & 0o100) !== 0;
}
