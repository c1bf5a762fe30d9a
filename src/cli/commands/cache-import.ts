import { cacheOptions } from '../cache-arguments.js';
import { formatCount } from '../format.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild cache import`: takes entries from an archive into the cache. */
export async function runCacheImport(args: ArgumentsOf<'cache import'>, terminal: Terminal): Promise<number> {
	const { importCache } = await import('../../index.js');
	const { operand: file, flags } = args;
	const imported = await importCache(file, cacheOptions(flags, terminal));
	if (flags.json) writeJsonLine(terminal, { type: 'cache-imported', file, ...imported });
	else {
		const { added, present, path } = imported;
		const taken = formatCount(added.length, 'entry', 'entries');
		terminal.stdout.write(`took ${taken} into ${path}; already there: ${present.length}\n`);
	}
	return 0;
}
