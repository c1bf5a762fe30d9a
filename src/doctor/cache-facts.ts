import { existsSync, mkdtempSync, renameSync, rmdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { listContents } from '../cache/contents.js';
import { type Layout, layoutOf } from '../cache/layout.js';
import { listenAsHolder } from '../cache/lock-socket.js';
import { withScratch } from '../cache/scratch.js';
import { leftovers } from '../cache/sweep.js';
import { lookForDamage } from '../cache/verify.js';
import type { SettledOptions } from '../settle.js';
import type { CacheFacts, FileSystem } from './cache.js';
import { nearestFolder } from './disk.js';

/** Files that have no stamp are read, and a cache may hold many. */
const LOOKING_MS = 3000;

/** Looks at a cache folder; what is tried in it is removed again. */
export async function examineCache(options: SettledOptions, flag: string, signal: AbortSignal): Promise<CacheFacts> {
	const { cacheDir: path, cacheLimit: limit } = options;
	const about = { path, flag, limit };
	const nothing = { entries: 0, looked: 0, bytes: 0, damaged: [], leftovers: [] };
	if (!existsSync(path)) {
		const why = whyUnwritable(nearestFolder(path));
		return { ...about, ...nothing, ...(why === undefined ? { state: 'missing' } : { state: 'no-folder', why }) };
	}
	if (!statSync(path).isDirectory()) return { ...about, ...nothing, state: 'no-folder', why: 'ENOTDIR' };
	const layout = layoutOf(path);
	const { entries, bytes } = listContents(layout);
	const contents = {
		entries: entries.length,
		bytes,
		// What was used last is what the next build uses.
		...(await lookForDamage(layout, entries.toReversed(), { ms: LOOKING_MS, signal })),
		leftovers: leftovers(layout),
	};
	const why = whyUnwritable(path);
	if (why !== undefined) return { ...about, ...contents, state: 'unwritable', why };
	return { ...about, ...contents, state: 'usable', fileSystem: await tryFileSystem(layout) };
}

/** The system's word for why nothing can be made in a folder; undefined when something can. */
function whyUnwritable(folder: string): string | undefined {
	try {
		// Rights alone do not tell: a file system may be read-only, or hold what the system invents.
		rmdirSync(mkdtempSync(join(folder, '.cpybuild-')));
		return undefined;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
	}
}

/** What the system calls file systems on which locks of several hosts do not meet, or which are emulated. */
const SHARED: ReadonlyMap<number, string> = new Map([
	[0x6969, 'NFS'],
	[0xff534d42, 'CIFS'],
	[0xfe534d42, 'SMB'],
	[0x517b, 'SMB'],
	[0x01021997, '9P'],
	[0x65735546, 'FUSE'],
	[0x786f4256, 'VirtualBox'],
	[0x5346414f, 'AFS'],
	[0x00c36400, 'Ceph'],
]);

async function tryFileSystem({ root, tmp }: Layout): Promise<FileSystem> {
	const { type } = await statfs(root);
	// Some systems give the number with a sign.
	const shared = process.platform === 'linux' ? SHARED.get(type >>> 0) : undefined;
	return withScratch(tmp, async (folder) => ({ shared, renames: canReplace(folder), locks: await canLock(folder) }));
}

function canReplace(folder: string): boolean {
	try {
		for (const name of ['old', 'new']) writeFileSync(join(folder, name), name);
		renameSync(join(folder, 'new'), join(folder, 'old'));
		return true;
	} catch {
		return false;
	}
}

async function canLock(folder: string): Promise<boolean> {
	try {
		symlinkSync('nowhere', join(folder, 'link'));
		// Sockets have short names only; a cache that is too deep has its locks elsewhere.
		const socket = join(folder, 's');
		if (socket.length < 100) (await listenAsHolder(socket, 'doctor')).close();
		return true;
	} catch {
		return false;
	}
}
