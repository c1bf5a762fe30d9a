import type { Damage } from '../cache/verify.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { sizeOf } from './disk.js';
import type { Finding } from './finding.js';
import { shellWord } from './shell-word.js';
import type { Work } from './work.js';

/** What a cache folder is like. */
export interface CacheFacts {
	readonly path: string;
	/** What tells commands which cache it is: empty for the usual one. */
	readonly flag: string;
	readonly state: 'usable' | 'missing' | 'unwritable' | 'no-folder';
	/** Why it cannot be written to, in the system's word. */
	readonly why?: string;
	readonly fileSystem?: FileSystem;
	readonly entries: number;
	/** How many of them were looked at, those that were used last. */
	readonly looked: number;
	readonly bytes: number;
	/** In bytes. */
	readonly limit: number;
	readonly damaged: readonly Damage[];
	/** What killed processes left: names of folders. */
	readonly leftovers: readonly string[];
}

/** What the cache needs of a file system. */
export interface FileSystem {
	/** The name of one that several hosts may share, or that is emulated. */
	readonly shared: string | undefined;
	/** Whether renaming puts a file in the place of another. */
	readonly renames: boolean;
	/** Whether sockets and links can be made, which locks are. */
	readonly locks: boolean;
}

/** Whether the cache serves a build. */
export function judgeCache(facts: CacheFacts, work: Work): readonly Finding[] {
	const folder = judgeFolder(facts, work);
	if (facts.state === 'no-folder' || facts.state === 'missing') return [folder];
	return [
		folder,
		...(facts.fileSystem ? [judgeFileSystem(facts.fileSystem)] : []),
		judgeEntries(facts),
		...judgeLeftovers(facts),
		judgeSize(facts),
	];
}

function judgeFolder({ path, state, why }: CacheFacts, work: Work): Finding {
	const id = 'cache.folder';
	if (state === 'usable') return { id, state: 'ok', found: path };
	if (state === 'missing') {
		const found = `${path} does not exist yet: the first build makes it`;
		return { id, state: 'ok', found, fix: 'create-cache' };
	}
	if (state === 'no-folder') {
		return {
			id,
			state: 'error',
			found: `${path} cannot be a folder (${why ?? 'unknown reason'})`,
			means: 'a build keeps finished steps there; name another folder with --cache-dir or CPYBUILD_CACHE_DIR',
		};
	}
	return {
		id,
		state: work.makes ? 'error' : 'warning',
		found: `${path} cannot be written to (${why ?? 'unknown reason'})`,
		means: work.makes
			? 'what is not in it cannot be made; correct its permissions, or name another folder with --cache-dir'
			: 'this build works, since all that it needs is there; another one cannot keep anything',
		...(why === 'EACCES' && { repair: `sudo chown -R "$(id -u)" ${shellWord(path)}` }),
	};
}

function judgeFileSystem({ shared, renames, locks }: FileSystem): Finding {
	const id = 'cache.file-system';
	if (!renames) {
		return {
			id,
			state: 'error',
			found: 'the file system of the cache cannot replace a file by renaming another',
			means: 'entries arrive in the cache by a rename; name a folder on a local disk with --cache-dir',
		};
	}
	if (!locks) {
		return {
			id,
			state: 'warning',
			found: 'the file system of the cache has no sockets or links',
			means: 'there are no locks, so builds at the same time may do the same work twice',
		};
	}
	if (shared !== undefined) {
		return {
			id,
			state: 'note',
			found: `the cache is on a file system of type ${shared}`,
			means: 'hosts that share it do not see each other, and may do work twice; a local disk is faster',
		};
	}
	return { id, state: 'ok', found: 'renames and locks work' };
}

function judgeEntries({ entries, looked, damaged, flag }: CacheFacts): Finding {
	const id = 'cache.entries';
	const number = entries === 1 ? '1 entry' : `${entries} entries`;
	if (damaged.length === 0) {
		const none = looked < entries ? `; of the ${looked} used last none is damaged` : ', none damaged';
		return { id, state: 'ok', found: `${number}${entries === 0 ? '' : none}` };
	}
	const broken = new Set(damaged.map(({ kind, key }) => `${kind}/${key}`)).size;
	return {
		id,
		state: 'warning',
		found: `${broken} of ${number} ${broken === 1 ? 'is' : 'are'} damaged`,
		means: 'builds do not use them and make them again; when this comes back, look for a failing disk',
		repair: `cpybuild cache verify${flag}`,
		details: damaged.map(({ kind, key, what }) => `"${kind}" ${key.slice(0, 12)}: ${what}`),
		fix: 'drop-damaged',
	};
}

function judgeLeftovers({ leftovers, flag }: CacheFacts): readonly Finding[] {
	if (leftovers.length === 0) return [];
	const number = leftovers.length;
	return [
		{
			id: 'cache.leftovers',
			state: 'note',
			found: `processes that were killed left ${number === 1 ? 'a folder' : `${number} folders`} in the cache`,
			means: 'they take room, and the next build removes them',
			repair: `cpybuild doctor --fix${flag}`,
			details: leftovers,
			fix: 'sweep-cache',
		},
	];
}

function judgeSize({ bytes, limit, flag }: CacheFacts): Finding {
	const id = 'cache.size';
	const found = `${sizeOf(bytes)} of at most ${sizeOf(limit)}`;
	if (bytes <= limit) return { id, state: 'ok', found };
	return {
		id,
		state: 'note',
		found,
		means: 'builds remove what was not used for the longest time, a little each time',
		repair: `cpybuild cache gc${flag}`,
		fix: 'shrink-cache',
	};
}

/** What a remote cache answered. */
export interface RemoteFacts {
	/** Without credentials. */
	readonly url: string;
	/** What a build would warn of. */
	readonly warnings: readonly Diagnostic[];
}

/** Whether the remote cache serves a build; none does not need to. */
export function judgeRemote({ url, warnings }: RemoteFacts): readonly Finding[] {
	const id = 'cache.remote';
	if (warnings.length === 0) return [{ id, state: 'ok', found: `${url} answers` }];
	return warnings.map(
		({ message, hint, details }): Finding => ({
			id,
			state: 'warning',
			found: message,
			means: hint ?? 'the build goes on without it',
			...(details && { details }),
		}),
	);
}
