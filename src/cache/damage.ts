import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.js';
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

/** Says that the disk of the cache is full. */
export function noSpace(root: string, kind: string): Diagnostic {
	return diagnostic({
		code: 'cache/no-space',
		message: `the disk of the cache folder "${root}" is full: there is no room for the output of "${kind}"`,
		hint: MAKE_ROOM,
	});
}

/** Says that nothing can be stored in the cache's folder. */
export function unwritable(root: string): Diagnostic {
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
