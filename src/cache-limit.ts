import { fail } from './diagnostics/diagnostic.js';
import { parseSize, suggestSize } from './manifest/size.js';

/** What the cache may hold unless `CPYBUILD_CACHE_LIMIT` says something else. */
const DEFAULT_LIMIT = 10 * 2 ** 30;

/** How many bytes the cache may hold. */
export function readCacheLimit(environment: Readonly<Record<string, string | undefined>>): number {
	const text = environment.CPYBUILD_CACHE_LIMIT ?? '';
	return text === '' ? DEFAULT_LIMIT : readSize('CPYBUILD_CACHE_LIMIT', text);
}

/**
 * Reads a size as manifests have them.
 * @param subject What has it as its value, for the message.
 */
export function readSize(subject: string, text: string): number {
	const size = parseSize(text);
	if (size !== undefined) return size;
	const meant = /^\d+$/.test(text) ? undefined : suggestSize(text);
	return fail({
		code: 'usage/bad-value',
		message: `${subject} takes a size in KiB, MiB or GiB, got "${text}"`,
		hint: meant === undefined ? 'for example 10GiB' : `did you mean "${meant}"?`,
	});
}
