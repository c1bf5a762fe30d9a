import { buildOptions } from '../build-options.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild cache key`: prints under which name CI can keep the cache. */
export async function runCacheKey(args: ArgumentsOf<'cache key'>, terminal: Terminal): Promise<number> {
	const { cacheKey } = await import('../../index.js');
	const key = await cacheKey({ ...buildOptions(args), signal: terminal.signal });
	if (args.flags.json) writeJsonLine(terminal, { type: 'cache-key', ...key });
	else terminal.stdout.write(`${key.key}\n`);
	return 0;
}
