import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EntryName, Layout } from './layout.js';
import { verifyTree } from './tree.js';
import { decodeList, encodeList, type TreeList, withoutStamps } from './tree-list.js';

/** What this machine has of an entry's tree. */
export type FoundTree =
	| { readonly state: 'absent' }
	| { readonly state: 'damaged'; readonly what: string }
	| {
			readonly state: 'intact';
			readonly list: TreeList;
			/** The list as it is stored, when `list` has stamps that it does not have. */
			readonly outdated?: Buffer;
	  };

/** The list of an entry's files, if there is one that can be read. */
export function readList(layout: Layout, name: EntryName): TreeList | undefined {
	const stored = readIfThere(layout.list(name));
	return stored && decodeList(name, stored);
}

/**
 * Looks for an entry's tree and compares it with its list.
 * @param stamps Whether a file whose stamp is as listed need not be read.
 */
export function findTree(layout: Layout, name: EntryName, stamps: 'trusted' | 'ignored' = 'trusted'): FoundTree {
	const tree = layout.tree(name);
	const stored = readIfThere(layout.list(name));
	if (!stored || !existsSync(tree)) return { state: 'absent' };
	const list = decodeList(name, stored);
	if (!list) return { state: 'damaged', what: 'the list of its files cannot be read' };
	try {
		const verdict = verifyTree(tree, stamps === 'trusted' ? list : withoutStamps(list));
		if (!verdict.intact) return { state: 'damaged', what: verdict.what };
		return { state: 'intact', list: verdict.list, ...(verdict.list !== list && { outdated: stored }) };
	} catch (error) {
		// Removed while we looked, or unreadable.
		const { code } = error as NodeJS.ErrnoException;
		if (!existsSync(tree)) return { state: 'absent' };
		if (code === undefined) throw error;
		return { state: 'damaged', what: `its files cannot be looked at (${code})` };
	}
}

/**
 * Gives a tree its place. The list comes first: a process that is killed in between leaves a list without a tree, which
 * is no entry; a tree is never without its list.
 */
export function placeTree(layout: Layout, name: EntryName, made: string, list: TreeList, scratch: string): void {
	writeList(layout, name, list, scratch);
	renameSync(made, layout.tree(name));
}

/** Replaces a list by one with more stamps, unless someone else has replaced it meanwhile. */
export function updateList(layout: Layout, name: EntryName, list: TreeList, outdated: Buffer, scratch: string): void {
	if (readIfThere(layout.list(name))?.equals(outdated)) writeList(layout, name, list, scratch);
}

function writeList(layout: Layout, name: EntryName, list: TreeList, scratch: string): void {
	const arriving = join(scratch, 'list.json');
	writeFileSync(arriving, encodeList(name, list));
	mkdirSync(dirname(layout.list(name)), { recursive: true });
	renameSync(arriving, layout.list(name));
}

/** Removes what there is of a tree: it leaves its place at once, and before its list. */
export function dropTree(layout: Layout, name: EntryName, scratch: string): void {
	const [tree, list] = [layout.tree(name), layout.list(name)];
	if (lstatSync(tree, { throwIfNoEntry: false })) renameSync(tree, join(scratch, 'dropped'));
	rmSync(list, { force: true });
}

/**
 * Notes that a file is in use, for whoever removes what has not been used for the longest time.
 * @returns Whether it is still there.
 */
export function touch(path: string): boolean {
	const now = new Date();
	try {
		utimesSync(path, now, now);
		return true;
	} catch (error) {
		// A cache that is read-only keeps what it has.
		return (error as NodeJS.ErrnoException).code !== 'ENOENT';
	}
}

function readIfThere(path: string): Buffer | undefined {
	try {
		return readFileSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}
