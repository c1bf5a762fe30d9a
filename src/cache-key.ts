import { canonical, sha256 } from './cache/key.js';
import { prepare } from './prepare.js';
import type { SettledOptions } from './settle.js';

/** Names the state of a cache after a build, for CI systems that keep folders by name. */
export interface CacheKey {
	/** `cpybuild-<platform>-<base>-<all that is published>`. */
	readonly key: string;
	/** How all keys with the same base begin: any such cache saves the longest step. */
	readonly restore: string;
	/** The keys of all steps, by id. */
	readonly steps: Readonly<Record<string, string>>;
}

/** Computes the keys of a build and runs no step of it. */
export async function computeCacheKey(options: SettledOptions): Promise<CacheKey> {
	const { plan, close } = await prepare(options);
	await close();
	const { steps, base, link, stdlib, verify } = plan;
	const restore = `cpybuild-${process.platform}-${process.arch}-${base.key.slice(0, 16)}-`;
	const published = sha256(canonical([link.key, stdlib.key, verify.key])).slice(0, 16);
	return { key: restore + published, restore, steps: Object.fromEntries(steps.map(({ id, key }) => [id, key])) };
}
