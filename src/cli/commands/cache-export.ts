import { buildOptions } from '../build-options.js';
import { formatBytes, formatCount } from '../format.js';
import type { ArgumentsOf } from '../options.js';
import { writeJsonLine } from '../progress/json.js';
import type { Terminal } from '../terminal.js';

/** `cpybuild cache export`: writes what a build needs into an archive. */
export async function runCacheExport(args: ArgumentsOf<'cache export'>, terminal: Terminal): Promise<number> {
	const { exportCache } = await import('../../index.js');
	const { operand: file, second: operand, flags } = args;
	const { entries } = await exportCache(file, { ...buildOptions({ operand, flags }), signal: terminal.signal });
	if (flags.json) writeJsonLine(terminal, { type: 'cache-exported', file, entries });
	else {
		const size = formatBytes(entries.reduce((sum, { bytes }) => sum + bytes, 0));
		terminal.stdout.write(`wrote ${formatCount(entries.length, 'entry', 'entries')}, ${size}, to ${file}\n`);
	}
	return 0;
}
