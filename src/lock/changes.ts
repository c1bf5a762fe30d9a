import type { ImageRecord } from '../machine/container/image-record.js';
import { compareIdentities } from '../toolchain/identity.js';
import type { LockEntry, LockPlace } from './lock.js';

/** A value of a lock that is another one now; undefined where there is none. */
export interface LockChange {
	/** What it is, for people: `python`, `toolchain auto for linux-x64`, `program clang`. */
	readonly what: string;
	readonly old: string | undefined;
	readonly new: string | undefined;
}

/** How the part of a lock that a build uses would change. Without `now.toolchain` nobody has looked for it yet. */
export function compareEntries(
	place: LockPlace,
	old: Partial<LockEntry>,
	now: Partial<LockEntry>,
): readonly LockChange[] {
	const changes: LockChange[] = [];
	const add = (what: string, before: string | undefined, after: string | undefined) => {
		if (before !== after) changes.push({ what, old: before, new: after });
	};
	if (now.python) {
		add('python', old.python?.version, now.python.version);
		add('source of CPython', originOf(old), originOf(now));
		add('sha256 of the source', old.python?.sha256, now.python.sha256);
		// Locks of earlier versions have none.
		if (old.python?.date !== undefined) add('date of the build', old.python.date, now.python.date);
	}
	if (now.image) add(`image ${place.image}`, nameOf(old.image), nameOf(now.image));
	const toolchain = `toolchain "${place.selection}" for ${place.platform}`;
	if (!old.toolchain || !now.toolchain) add(toolchain, old.toolchain?.name, now.toolchain?.name);
	else {
		const parts = compareIdentities(old.toolchain.identity, now.toolchain.identity);
		if (parts.length > 0) changes.push({ what: toolchain, old: old.toolchain.name, new: now.toolchain.name });
		for (const { part, old: before, new: after } of parts) add(part, before, after);
	}
	return changes;
}

function originOf({ python }: Partial<LockEntry>): string | undefined {
	return python && (python.url ?? 'a path of the manifest');
}

function nameOf(image: ImageRecord | undefined): string | undefined {
	if (!image) return undefined;
	return 'digest' in image ? image.digest : `${image.id} (of one engine)`;
}

/** `python: 3.13.4 → 3.13.5`. */
export function describeLockChange({ what, old, new: now }: LockChange): string {
	return `${what}: ${old ?? 'none'} → ${now ?? 'none'}`;
}
