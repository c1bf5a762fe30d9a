import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What is at a path of this machine. */
export type Item = {
	readonly mode: number;
	/** Another one after each change that a container has to learn of. */
	readonly stamp: string;
	/** In milliseconds since 1970, with fractions. */
	readonly changed: number;
} & (
	| { readonly type: 'folder' }
	| { readonly type: 'file'; readonly size: number }
	| { readonly type: 'link'; readonly target: string }
);

/** What is at a path; `undefined` for nothing, and for what cannot be sent: sockets, pipes and devices. */
export function itemAt(path: string): Item | undefined {
	const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
	return stat && itemOf(path, stat);
}

/** All that is at a path and, if that is a folder, below it: absolute path → item, folders before what they hold. */
export function readTree(path: string): ReadonlyMap<string, Item> {
	const items = new Map<string, Item>();
	const visit = (here: string) => {
		const item = itemAt(here);
		if (!item) return;
		items.set(here, item);
		if (item.type === 'folder') for (const name of readdirSync(here).sort()) visit(join(here, name));
	};
	visit(path);
	return items;
}

function itemOf(path: string, stat: BigIntStats): Item | undefined {
	const mode = Number(stat.mode & 0o777n);
	const changed = Number(stat.mtimeNs) / 1e6;
	if (stat.isDirectory()) return { type: 'folder', mode, changed, stamp: `folder ${mode}` };
	const stamp = `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino} ${mode}`;
	if (stat.isFile()) return { type: 'file', mode, changed, stamp, size: Number(stat.size) };
	if (stat.isSymbolicLink()) return { type: 'link', mode, changed, stamp, target: readlinkSync(path) };
	return undefined;
}
