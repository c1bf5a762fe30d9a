import { CpybuildError, type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';
import type { EntryName } from './layout.js';

/** Says that a stored entry is not what it should be, and that the build goes on without it. */
export function damaged({ kind, key }: EntryName, what: string): Diagnostic {
	return diagnostic({
		code: 'cache/damaged',
		severity: 'warning',
		message: `the cache entry of "${kind}" ${key.slice(0, 12)} is damaged: ${what}`,
		hint: 'it is made again; if this comes back, look for what writes to the cache folder, or for a failing disk',
	});
}

/** Says that an entry was packed in a way that this version does not know. */
export function newer({ kind, key }: EntryName): Diagnostic {
	return diagnostic({
		code: 'cache/newer-format',
		severity: 'warning',
		message: `the cache entry of "${kind}" ${key.slice(0, 12)} was made by a newer cpybuild`,
		hint: 'it is made again; use one version of cpybuild on one cache',
	});
}

const MAKE_ROOM = 'run "cpybuild cache gc", or choose another folder with --cache-dir';

/** Says that an entry could not be packed: it is used now, and other machines make it again. */
export function notKept({ kind, key }: EntryName, root: string, error: unknown): Diagnostic {
	if (isDiskFull(error)) {
		return diagnostic({
			code: 'cache/no-space',
			severity: 'warning',
			message: `the disk of the cache folder "${root}" is full: the output of "${kind}" is not packed for other machines`,
			hint: MAKE_ROOM,
		});
	}
	return diagnostic({
		code: 'cache/not-kept',
		severity: 'warning',
		message: `the entry of "${kind}" ${key.slice(0, 12)} cannot be packed: ${error instanceof Error ? error.message : error}`,
		hint: 'this build is not affected; other machines do not find the entry in the cache',
	});
}

/**
 * Says in words when the disk of the cache is full or its folder read-only; other failures stay what they are.
 * @param what What is to be stored.
 */
export async function explained<T>(root: string, what: string, use: () => Promise<T>): Promise<T> {
	try {
		return await use();
	} catch (error) {
		if (isDiskFull(error)) throw new CpybuildError(noSpace(root, what), { cause: error });
		const { code, path } = error as NodeJS.ErrnoException;
		const isRefused = code === 'EROFS' || code === 'EACCES' || code === 'EPERM';
		if (isRefused && path?.startsWith(root)) throw new CpybuildError(unwritable(root), { cause: error });
		throw error;
	}
}

function noSpace(root: string, what: string): Diagnostic {
	return diagnostic({
		code: 'cache/no-space',
		message: `the disk of the cache folder "${root}" is full: there is no room for ${what}`,
		hint: MAKE_ROOM,
	});
}

function unwritable(root: string): Diagnostic {
	return diagnostic({
		code: 'cache/unwritable',
		message: `the cache folder "${root}" cannot be written to`,
		hint: 'what is missing in it has to be made: correct its permissions, or choose another folder with --cache-dir',
	});
}

/** Whether a failure comes from a full disk, or from a quota that is used up. */
export function isDiskFull(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const { code } = error as NodeJS.ErrnoException;
	return code === 'ENOSPC' || code === 'EDQUOT' || isDiskFull(error.cause);
}
