import type { CacheOptions } from '../index.js';
import type { Terminal } from './terminal.js';

/** What commands for the cache pass on: which one it is, and how to wait for other processes. */
export function cacheOptions(
	flags: { readonly 'cache-dir': string | undefined; readonly json: boolean },
	terminal: Terminal,
): CacheOptions {
	return {
		...(flags['cache-dir'] !== undefined && { cacheDir: flags['cache-dir'] }),
		onWait: (holder) => {
			if (!flags.json) terminal.stderr.write(`waiting for ${holder}\n`);
		},
		signal: terminal.signal,
	};
}
