import { cacheOptions } from '../cache-arguments.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild cache path`: says where the cache is. */
export async function runCachePath({ flags }: ArgumentsOf<'cache path'>, terminal: Terminal): Promise<number> {
	const { locateCache } = await import('../../index.js');
	const cache = await locateCache(cacheOptions(flags, terminal));
	if (flags.json) writeJsonLine(terminal, { type: 'cache-path', ...cache });
	else terminal.stdout.write(`${cache.path}\n`);
	return 0;
}
