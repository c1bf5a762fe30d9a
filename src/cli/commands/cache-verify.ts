import { cacheOptions } from '../cache-arguments.js';
import { formatCount } from '../format.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild cache verify`: reads all of the cache; the exit code says whether something was damaged. */
export async function runCacheVerify({ flags }: ArgumentsOf<'cache verify'>, terminal: Terminal): Promise<number> {
	const { verifyCache } = await import('../../index.js');
	const { keep } = flags;
	const verified = await verifyCache({ ...cacheOptions(flags, terminal), keep });
	const { path, entries, downloads, damaged } = verified;
	const exitCode = damaged.length > 0 ? 1 : 0;
	if (flags.json) {
		writeJsonLine(terminal, { type: 'cache-verified', ...verified, removed: !keep });
		return exitCode;
	}
	for (const { kind, key, what } of damaged) {
		terminal.stdout.write(`${keep ? 'damaged' : 'removed'}: "${kind}" ${key.slice(0, 12)}: ${what}\n`);
	}
	const all = `${formatCount(entries, 'entry', 'entries')} and ${formatCount(downloads, 'download')}`;
	const result = damaged.length === 0 ? 'nothing is damaged' : `${damaged.length} damaged`;
	terminal.stdout.write(`${path}: ${all} read, ${result}\n`);
	return exitCode;
}
