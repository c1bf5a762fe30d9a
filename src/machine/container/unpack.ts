import {
	chmodSync,
	closeSync,
	mkdirSync,
	openSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
	writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';
import { fail } from '../../diagnostics/diagnostic.js';
import { leadsOut } from './links.js';
import { type Item, itemAt } from './tree.js';

/** More than any build makes; a container that sends more would fill this machine's disk. */
const MOST_BYTES = 16 * 1024 ** 3;
const MOST_ENTRIES = 1_000_000;

/** An archive that ends too early: the engine ends it when a file shrinks while it is packed. */
export class CutOff extends Error {}

/**
 * Makes a folder what it is in a container, as far as the tar stream has it: writes what differs, and removes nothing.
 *
 * The stream comes from where other people's code runs, so nothing in it is trusted: only files, folders and links get
 * here, none outside of the folder, and no link that leads out of it, but for those that are here just so already. No
 * file is written through a link, and a file that is a hard link here stays as it is elsewhere.
 * @returns All that is in the folder there, the folder included: absolute path → what is here now.
 * @throws CutOff when the stream ends too early; CpybuildError `build/bad-output` when it holds what no build makes.
 */
export async function unpack(tar: Readable, folder: string): Promise<ReadonlyMap<string, Item>> {
	try {
		return await unpackAll(tar, folder);
	} catch (error) {
		// The library has no other sign of it than its words.
		const isCutOff = error instanceof Error && /truncated/i.test(error.message);
		throw isCutOff ? new CutOff('the archive has no end', { cause: error }) : error;
	}
}

async function unpackAll(tar: Readable, folder: string): Promise<ReadonlyMap<string, Item>> {
	const place = openPlace(folder);
	const links = new Map<string, string>();
	let bytes = 0;
	let entries = 0;
	// Node's and the library's declarations of the same streams differ.
	const web = Readable.toWeb(tar) as unknown as ReadableStream<Uint8Array>;
	const parsed = web.pipeThrough(createTarDecoder({ strict: true }));
	for await (const entry of parsed as unknown as AsyncIterable<ParsedTarEntry>) {
		const { name, type = 'file', size, linkname = '' } = entry.header;
		const path = place.pathOf(name);
		bytes += size;
		if (++entries > MOST_ENTRIES || bytes > MOST_BYTES) place.refuse('more files than fit on a machine');
		if (type === 'symlink') links.set(path.slice(folder.length + 1), linkname);
		else if (type === 'directory') place.putFolder(path, modeOf(entry));
		else if (type === 'link') place.putCopy(place.pathOf(linkname), path, modeOf(entry));
		else if (type === 'file') await place.putFile(path, entry);
	}
	for (const [name, target] of links) {
		const isOut = name === '' || leadsOut(name, links);
		if (!place.putLink(join(folder, name), target, !isOut)) place.refuse(`the link "${name}" that leads out of it`);
	}
	return place.items;
}

/** Permissions as there, but for those that this process needs, and those that no file of a build has. */
function modeOf({ header: { mode, type } }: ParsedTarEntry): number {
	return type === 'directory' ? ((mode ?? 0o755) & 0o777) | 0o700 : ((mode ?? 0o644) & 0o777) | 0o600;
}

/** A folder into which what comes from a container is put. */
function openPlace(folder: string) {
	const items = new Map<string, Item>();
	const note = (path: string) => {
		const item = itemAt(path);
		if (item) items.set(path, item);
	};
	const refuse = (what: string): never =>
		fail({
			code: 'build/bad-output',
			message: `a command in the container left ${what} in "${folder}"`,
			hint: 'no command of a build makes such a thing: see what it compiles',
		});

	/** Where something belongs whose name in the archive begins with the folder's own. */
	const pathOf = (name: string): string => {
		const [top, ...rest] = name.replace(/\/$/, '').split('/');
		const isBad = (part: string) => part === '' || part === '.' || part === '..' || part.includes('\0');
		if (top !== basename(folder) || rest.some(isBad)) refuse(`"${name}", which is no path in it,`);
		return join(folder, ...rest);
	};

	/** What is at a path whose parents are real folders: none is a link to somewhere else. */
	const look = (path: string): Item | undefined => {
		if (path !== folder && items.get(dirname(path))?.type !== 'folder') putFolder(dirname(path), 0o755);
		return itemAt(path);
	};
	const clear = (path: string) => rmSync(path, { recursive: true, force: true });
	const putFolder = (path: string, mode: number): void => {
		const here = look(path);
		if (here?.type !== 'folder') {
			clear(path);
			mkdirSync(path);
		}
		setMode(path, mode);
		note(path);
	};
	const putFile = async (path: string, entry: ParsedTarEntry): Promise<void> => {
		await writeChanged(path, look(path), entry, () => clear(path));
		setMode(path, modeOf(entry));
		note(path);
	};
	/** A second name of a file in the archive becomes a file of its own. */
	const putCopy = (from: string, path: string, mode: number): void => {
		if (items.get(from)?.type !== 'file') refuse(`a second name of "${from}", which is not in it,`);
		const content = readFileSync(from);
		const here = look(path);
		if (here?.type !== 'file' || here.size !== content.length || !readFileSync(path).equals(content)) {
			clear(path);
			writeFileSync(path, content, { flag: 'wx', mode });
		}
		setMode(path, mode);
		note(path);
	};
	/** One that may not be made is still good if it is here just so: it came from here. */
	const putLink = (path: string, target: string, mayBeMade: boolean): boolean => {
		const here = look(path);
		if (here?.type !== 'link' || here.target !== target) {
			if (!mayBeMade) return false;
			clear(path);
			symlinkSync(target, path);
		}
		note(path);
		return true;
	};
	return { items, refuse, pathOf, putFolder, putFile, putCopy, putLink };
}

function setMode(path: string, mode: number): void {
	if (itemAt(path)?.mode !== mode) chmodSync(path, mode);
}

/** Writes a file, unless it is the same already: most are after most commands. */
async function writeChanged(path: string, here: Item | undefined, entry: ParsedTarEntry, clear: () => void) {
	const { size } = entry.header;
	let same = here?.type === 'file' && here.size === size ? readFileSync(path) : undefined;
	let file: number | undefined;
	const write = (content: Uint8Array) => {
		if (file === undefined) {
			clear();
			file = openSync(path, 'wx', modeOf(entry));
		}
		for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
	};
	try {
		let at = 0;
		for await (const chunk of entry.body as unknown as AsyncIterable<Uint8Array>) {
			if (same && Buffer.compare(chunk, same.subarray(at, at + chunk.length)) !== 0) {
				write(same.subarray(0, at));
				same = undefined;
			}
			if (!same) write(chunk);
			at += chunk.length;
		}
		if (at !== size) throw new CutOff(`the archive ends within "${path}"`);
		if (!same && size === 0) write(new Uint8Array());
	} finally {
		if (file !== undefined) closeSync(file);
	}
}
