import { Errno, WasiError } from './errno.js';
import { MemoryBudget } from './memory-budget.js';
import { MemoryFile } from './memory-file.js';
import type { DirectoryEntry, Mount, OpenFile, OpenMode, Stat, Times } from './mount.js';
import { nameOf, parentOf } from './path.js';
import { realtime } from './time.js';

/** Files to begin with: a text or bytes are a file, an object is a directory. */
export interface MemoryTree {
	readonly [name: string]: string | Uint8Array | MemoryTree;
}

/** What a memory mount allows. */
export interface MemoryOptions {
	/** Default: true. */
	readonly writable?: boolean;
	/** Whether the guest may make symbolic links. Default: true. */
	readonly symlinks?: boolean;
	/** The most bytes that all its files may hold together, else `NOSPC`; each name counts a little too. Default: 1 GiB. */
	readonly limit?: number;
}

/** A mount whose files live in the host's memory. */
export interface MemoryMount extends Mount {
	/** The contents of a file as they are now, or undefined when there is no such file. */
	readFile(path: string): Uint8Array | undefined;
}

/** A tree of files in memory, for browsers and for guests that must leave no trace. */
export function memoryMount(tree: MemoryTree = {}, options: MemoryOptions = {}): MemoryMount {
	return new MemoryTreeMount(tree, options);
}

const DEFAULT_LIMIT = 2 ** 30;
/** What a name costs against the limit. */
const NODE_COST = 256;

interface Stamps {
	accessed: bigint;
	modified: bigint;
	changed: bigint;
}

interface Directory extends Stamps {
	readonly kind: 'directory';
	readonly inode: bigint;
	readonly entries: Map<string, Node>;
}

interface Link extends Stamps {
	readonly kind: 'link';
	readonly inode: bigint;
	readonly target: string;
	links: number;
}

type Node = Directory | Link | MemoryFile;

class MemoryTreeMount implements MemoryMount {
	readonly writable: boolean;
	readonly symlinks: boolean;
	readonly #budget: MemoryBudget;
	readonly #root: Directory;

	constructor(tree: MemoryTree, options: MemoryOptions) {
		this.writable = options.writable ?? true;
		this.symlinks = options.symlinks ?? true;
		this.#budget = new MemoryBudget(options.limit ?? DEFAULT_LIMIT);
		this.#root = this.#plant(tree);
	}

	readFile(path: string): Uint8Array | undefined {
		const node = this.#find(path.replace(/^\/+/, ''));
		return node?.kind === 'file' ? node.contents() : undefined;
	}

	stat(path: string): Stat | undefined {
		const node = this.#find(path);
		return node === undefined ? undefined : statOf(node);
	}

	list(path: string): readonly DirectoryEntry[] {
		const { entries } = this.#directory(path);
		return [...entries].map(([name, node]) => ({ name, kind: node.kind, inode: node.inode }));
	}

	readLink(path: string): string {
		const node = this.#existing(path);
		if (node.kind !== 'link') throw new WasiError(Errno.INVAL);
		return node.target;
	}

	open(path: string, mode: OpenMode): OpenFile {
		const node = this.#find(path);
		if (node === undefined) {
			if (!mode.create) throw new WasiError(Errno.NOENT);
			const file = new MemoryFile(this.#budget);
			this.#add(path, file);
			return file.open();
		}
		if (mode.create && mode.exclusive) throw new WasiError(Errno.EXIST);
		if (node.kind === 'link') throw new WasiError(Errno.LOOP);
		if (node.kind === 'directory') throw new WasiError(Errno.ISDIR);
		if (mode.truncate) node.resize(0);
		return node.open();
	}

	makeDirectory(path: string): void {
		this.#add(path, this.#newDirectory());
	}

	removeDirectory(path: string): void {
		const node = this.#directory(path);
		if (path === '') throw new WasiError(Errno.BUSY);
		if (node.entries.size > 0) throw new WasiError(Errno.NOTEMPTY);
		this.#remove(path);
	}

	unlink(path: string): void {
		const node = this.#existing(path);
		if (node.kind === 'directory') throw new WasiError(Errno.ISDIR);
		this.#remove(path);
	}

	rename(from: string, to: string): void {
		const node = this.#existing(from);
		const target = this.#find(to);
		if (node === target) return;
		if (`${to}/`.startsWith(`${from}/`)) throw new WasiError(Errno.INVAL);
		if (target?.kind === 'directory') {
			if (node.kind !== 'directory') throw new WasiError(Errno.ISDIR);
			if (target.entries.size > 0) throw new WasiError(Errno.NOTEMPTY);
		} else if (target !== undefined && node.kind === 'directory') {
			throw new WasiError(Errno.NOTDIR);
		}
		const parent = this.#directory(parentOf(to));
		if (target !== undefined) this.#remove(to);
		this.#directory(parentOf(from)).entries.delete(nameOf(from));
		parent.entries.set(nameOf(to), node);
		touch(this.#directory(parentOf(from)));
		touch(parent);
		node.changed = realtime();
	}

	link(from: string, to: string): void {
		const node = this.#existing(from);
		if (node.kind === 'directory') throw new WasiError(Errno.PERM);
		this.#add(to, node);
		node.changed = realtime();
	}

	symlink(target: string, path: string): void {
		const inode = this.#budget.nextInode();
		this.#add(path, { kind: 'link', inode, target, links: 0, ...freshTimes() });
	}

	setTimes(path: string, times: Times): void {
		const node = this.#existing(path);
		node.accessed = times.accessed ?? node.accessed;
		node.modified = times.modified ?? node.modified;
		node.changed = realtime();
	}

	close(): void {}

	#plant(tree: MemoryTree): Directory {
		const directory = this.#newDirectory();
		for (const [name, content] of Object.entries(tree)) {
			if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
				throw new TypeError(`not a name: "${name}"`);
			directory.entries.set(name, this.#seed(content));
		}
		return directory;
	}

	#seed(content: string | Uint8Array | MemoryTree): Node {
		if (typeof content !== 'string' && !(content instanceof Uint8Array)) return this.#plant(content);
		const file = new MemoryFile(this.#budget);
		file.links = 1;
		file.append(typeof content === 'string' ? new TextEncoder().encode(content) : content);
		return file;
	}

	#newDirectory(): Directory {
		return { kind: 'directory', inode: this.#budget.nextInode(), entries: new Map(), ...freshTimes() };
	}

	#find(path: string): Node | undefined {
		let node: Node | undefined = this.#root;
		for (const name of path === '' ? [] : path.split('/')) {
			if (node === undefined) return undefined;
			if (node.kind === 'link') throw new WasiError(Errno.LOOP);
			if (node.kind === 'file') throw new WasiError(Errno.NOTDIR);
			node = node.entries.get(name);
		}
		return node;
	}

	#existing(path: string): Node {
		const node = this.#find(path);
		if (node === undefined) throw new WasiError(Errno.NOENT);
		return node;
	}

	#directory(path: string): Directory {
		const node = this.#existing(path);
		if (node.kind === 'link') throw new WasiError(Errno.LOOP);
		if (node.kind === 'file') throw new WasiError(Errno.NOTDIR);
		return node;
	}

	#add(path: string, node: Node): void {
		if (this.#find(path) !== undefined) throw new WasiError(Errno.EXIST);
		const parent = this.#directory(parentOf(path));
		this.#budget.take(NODE_COST);
		parent.entries.set(nameOf(path), node);
		if (node.kind !== 'directory') node.links++;
		touch(parent);
	}

	#remove(path: string): void {
		const node = this.#existing(path);
		const parent = this.#directory(parentOf(path));
		parent.entries.delete(nameOf(path));
		this.#budget.take(-NODE_COST);
		if (node.kind !== 'directory') node.links--;
		if (node.kind === 'file') node.release();
		node.changed = realtime();
		touch(parent);
	}
}

function statOf(node: Node): Stat {
	if (node.kind === 'file') return node.stat();
	const { kind, inode, accessed, modified, changed } = node;
	const links = node.kind === 'directory' ? countLinks(node) : BigInt(node.links);
	const size = node.kind === 'directory' ? 0n : BigInt(new TextEncoder().encode(node.target).length);
	return { kind, device: 0n, inode, links, size, accessed, modified, changed };
}

/** A directory is named by its parent, by itself, and by each directory in it. */
function countLinks(directory: Directory): bigint {
	let links = 2n;
	for (const node of directory.entries.values()) if (node.kind === 'directory') links++;
	return links;
}

function touch(directory: Directory): void {
	directory.modified = directory.changed = realtime();
}

function freshTimes(): Stamps {
	const time = realtime();
	return { accessed: time, modified: time, changed: time };
}
