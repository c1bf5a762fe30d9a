import { type CacheContents, listContents } from './cache/contents.js';
import { explained } from './cache/damage.js';
import { type Evicted, evict } from './cache/evict.js';
import { layoutOf } from './cache/layout.js';
import { type Verified, verifyContents } from './cache/verify.js';
import { settleOptions } from './settle.js';

/** Which cache. */
export interface CacheOptions {
	/** Default as for builds. */
	readonly cacheDir?: string;
	/** Told when another process has to end something first. */
	readonly onWait?: (holder: string) => void;
	readonly signal?: AbortSignal;
}

/** A cache and how much it may hold. */
export interface CacheFolder {
	/** Absolute path. */
	readonly path: string;
	/** In bytes; builds remove what was not used for the longest time. */
	readonly limit: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Which folder the cache is; it need not exist. */
export function findCache({ cacheDir }: CacheOptions, environment: Environment): CacheFolder {
	const settled = settleOptions(cacheDir === undefined ? {} : { cacheDir }, environment);
	return { path: settled.cacheDir, limit: settled.cacheLimit };
}

/** What lies in a cache. */
export function listFolder(options: CacheOptions, environment: Environment): CacheFolder & CacheContents {
	const cache = findCache(options, environment);
	return { ...cache, ...listContents(layoutOf(cache.path)) };
}

/** Reads a whole cache, and removes what is damaged unless it is to be kept. */
export async function verifyFolder(
	options: CacheOptions & { readonly keep?: boolean },
	environment: Environment,
): Promise<{ readonly path: string } & Verified> {
	const { path } = findCache(options, environment);
	const verify = () => verifyContents(layoutOf(path), { ...options, keep: options.keep ?? false });
	return { path, ...(await explained(path, 'what is verified', verify)) };
}

/** Removes from a cache what was not used for the longest time. */
export async function shrinkFolder(
	options: CacheOptions & { readonly maxBytes?: number },
	environment: Environment,
): Promise<CacheFolder & Evicted> {
	const cache = findCache(options, environment);
	const limit = options.maxBytes ?? cache.limit;
	const shrink = () => evict(layoutOf(cache.path), limit, options);
	return { path: cache.path, limit, ...(await explained(cache.path, 'its own notes', shrink)) };
}
