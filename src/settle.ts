import { availableParallelism, homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { BuildOptions, Listener } from './report.js';

/** Build options with all defaults filled in; paths are absolute. */
export interface SettledOptions {
	readonly manifest: string;
	/** The manifest as the user named it, for messages. */
	readonly manifestName: string;
	readonly out: string;
	/** Folder for logs and the record of the last build. */
	readonly state: string;
	readonly cacheDir: string;
	readonly jobs: number;
	readonly toolchain: BuildOptions['toolchain'];
	readonly compiler: 'auto' | 'native' | 'wasm';
	readonly launcher: BuildOptions['launcher'];
	readonly seed: boolean;
	readonly signal: AbortSignal | undefined;
	readonly onEvent: Listener;
	readonly path: string;
	readonly wasiSdk: string | undefined;
	readonly mirror: string | undefined;
	/** All variables of cpybuild's own environment. Nothing gets them as a whole: a compiler launcher gets its own ones. */
	readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Fills in defaults from the environment. */
export function settleOptions(
	options: BuildOptions,
	environment: Readonly<Record<string, string | undefined>>,
): SettledOptions {
	const manifestName = options.manifest ?? 'project.yaml';
	const manifest = resolve(manifestName);
	const folder = dirname(manifest);
	return {
		manifest,
		manifestName,
		out: resolve(options.out ?? join(folder, 'dist')),
		state: join(folder, '.cpybuild'),
		cacheDir: resolve(
			options.cacheDir ??
				environment.CPYBUILD_CACHE_DIR ??
				join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cpybuild'),
		),
		jobs: options.jobs ?? availableParallelism(),
		toolchain: options.toolchain,
		compiler: options.compiler ?? 'auto',
		launcher: options.launcher,
		seed: options.seed ?? true,
		signal: options.signal,
		onEvent: options.onEvent ?? (() => {}),
		path: environment.PATH ?? '/usr/local/bin:/usr/bin:/bin',
		wasiSdk: environment.WASI_SDK_PATH,
		mirror: environment.CPYBUILD_CPYTHON_MIRROR,
		environment,
	};
}
