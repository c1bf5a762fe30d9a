import type { Manifest } from './manifest/manifest.js';
import type { SettledOptions } from './settle.js';
import type { Resolving } from './toolchain/resolving.js';

/** What looking for a toolchain takes from the options and the manifest. */
export function resolvingOptions(
	options: SettledOptions,
	manifest: Manifest,
): Pick<Resolving, 'compiler' | 'environment' | 'minor' | 'fetching'> {
	const { build, python } = manifest;
	const isManifests = (options.toolchain ?? build.toolchain) === build.toolchain;
	return {
		compiler: options.compiler,
		environment: { WASI_SDK_PATH: options.wasiSdk },
		minor: python.minor,
		fetching: {
			own: isManifests ? build.ownWasiSdk : undefined,
			mirror: options.wasiSdkMirror,
			offline: options.offline,
			log: (line) => options.onEvent({ type: 'note', line }),
			signal: options.signal,
		},
	};
}
