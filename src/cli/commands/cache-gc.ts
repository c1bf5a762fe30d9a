import { readSize } from '../../cache-limit.js';
import type { CacheFolder, Evicted } from '../../index.js';
import { cacheOptions } from '../cache-arguments.js';
import { formatBytes } from '../format.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild cache gc`: removes what was not used for the longest time. */
export async function runCacheGc({ flags }: ArgumentsOf<'cache gc'>, terminal: Terminal): Promise<number> {
	const { shrinkCache } = await import('../../index.js');
	const size = flags['max-size'];
	const evicted = await shrinkCache({
		...cacheOptions(flags, terminal),
		...(size !== undefined && { maxBytes: readSize('option "--max-size"', size) }),
	});
	if (flags.json) writeJsonLine(terminal, { type: 'cache-shrunk', ...evicted });
	else terminal.stdout.write(renderEvicted(evicted));
	return 0;
}

function renderEvicted({ path, limit, removed, before, after }: CacheFolder & Evicted): string {
	const lines = removed.map(({ kind, key, bytes }) => `removed "${kind}" ${key.slice(0, 12)}, ${formatBytes(bytes)}`);
	const now = `${path} holds ${formatBytes(after)} of at most ${formatBytes(limit)}`;
	const freed = removed.length === 0 ? 'nothing was removed' : `${formatBytes(before - after)} less than before`;
	const rest = after > limit ? ['what running builds use stays'] : [];
	return [...lines, `${now}, ${freed}`, ...rest, ''].join('\n');
}
