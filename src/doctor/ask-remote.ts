import { keyOf } from '../cache/key.js';
import { openRemote, type RemoteCache } from '../cache/remote.js';
import { REMOTE_LIMITS } from '../cache/remote-limits.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { SettledOptions } from '../settle.js';
import type { RemoteFacts } from './cache.js';

/** A remote cache that was asked for something that it does not have. */
export interface AskedRemote {
	readonly cache: RemoteCache;
	readonly facts: RemoteFacts;
}

/** Asks once, and not for long. */
const IMPATIENT = { ...REMOTE_LIMITS, connectMs: 3000, answerMs: 5000, idleMs: 5000, attempts: 1 };

/** Asks the remote cache of a build, if it has one. */
export async function askRemote(options: SettledOptions, signal: AbortSignal): Promise<AskedRemote | undefined> {
	const { remote, offline } = options;
	if (!remote || offline) return undefined;
	const warnings: Diagnostic[] = [];
	const cache = openRemote(remote, (warning) => warnings.push(warning), IMPATIENT);
	await cache.find(keyOf('doctor', null, {}), signal);
	return { cache, facts: { url: remote.url, warnings } };
}
