import type { BuildOptions } from '../report.js';
import type { ArgumentsOf } from './options.js';

/** The options of a build that `build` and `plan` share. */
export function buildOptions({ operand, flags }: ArgumentsOf<'build' | 'watch' | 'plan' | 'explain'>): BuildOptions {
	return {
		manifest: operand,
		...(flags.out !== undefined && { out: flags.out }),
		...(flags['cache-dir'] !== undefined && { cacheDir: flags['cache-dir'] }),
		...(flags['remote-cache'] !== undefined && { remoteCache: flags['remote-cache'] }),
		...(flags['remote-cache-mode'] !== undefined && { remoteCacheMode: flags['remote-cache-mode'] }),
		...(flags.toolchain !== undefined && { toolchain: flags.toolchain }),
		...(flags.compiler !== undefined && { compiler: flags.compiler }),
		...(flags.launcher !== undefined && { launcher: flags.launcher }),
		frozen: flags.frozen,
		offline: flags.offline,
		seed: !flags['no-seed'],
	};
}
