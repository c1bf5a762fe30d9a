import type { BuildOptions } from '../report.js';
import type { ArgumentsOf } from './options.js';

/** What commands that read a manifest and plan a build are started with. */
interface PlanArguments {
	readonly operand: string;
	readonly flags: Omit<ArgumentsOf<'plan'>['flags'], 'out' | 'json'> & { readonly out?: string | undefined };
}

/** The options of a build that all such commands share. */
export function buildOptions({ operand, flags }: PlanArguments): BuildOptions {
	return {
		manifest: operand,
		...(flags.out !== undefined && { out: flags.out }),
		...(flags['cache-dir'] !== undefined && { cacheDir: flags['cache-dir'] }),
		...(flags['remote-cache'] !== undefined && { remoteCache: flags['remote-cache'] }),
		...(flags['remote-cache-mode'] !== undefined && { remoteCacheMode: flags['remote-cache-mode'] }),
		...(flags.machine !== undefined && { machine: flags.machine }),
		...(flags.image !== undefined && { image: flags.image }),
		...(flags.toolchain !== undefined && { toolchain: flags.toolchain }),
		...(flags.compiler !== undefined && { compiler: flags.compiler }),
		...(flags.launcher !== undefined && { launcher: flags.launcher }),
		frozen: flags.frozen,
		offline: flags.offline,
		seed: !flags['no-seed'],
	};
}
