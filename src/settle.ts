import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type RemoteSettings, readRemoteSettings } from './cache/remote-settings.js';
import { readCacheLimit } from './cache-limit.js';
import { LOCK_NAME } from './lock/lock.js';
import { type MachineSettings, readMachineSettings } from './machine-settings.js';
import type { BuildOptions, Listener } from './report.js';

/** Build options with all defaults filled in; paths are absolute. */
export interface SettledOptions extends MachineSettings {
	readonly manifest: string;
	/** The manifest as the user named it, for messages. */
	readonly manifestName: string;
	readonly out: string;
	/** Folder for logs and the record of the last build. */
	readonly state: string;
	/** The lock file beside the manifest. */
	readonly lockFile: string;
	/** The lock file as messages call it. */
	readonly lockName: string;
	/** Whether a build that would change the lock fails instead. */
	readonly frozen: boolean;
	/** Whether the network may not be used: neither for sources nor for the remote cache. */
	readonly offline: boolean;
	readonly cacheDir: string;
	/** How many bytes the cache may hold. */
	readonly cacheLimit: number;
	/** Whether everything is to be packed for other machines; else only what took long to make, or is used again. */
	readonly packsAll: boolean;
	readonly remote: RemoteSettings | undefined;
	/** How many compilers run at once; else as many as the machine has processors. */
	readonly jobs: number | undefined;
	readonly toolchain: BuildOptions['toolchain'];
	readonly compiler: 'auto' | 'native' | 'wasm';
	readonly launcher: BuildOptions['launcher'];
	readonly seed: boolean;
	readonly signal: AbortSignal | undefined;
	readonly onEvent: Listener;
	readonly path: string;
	readonly wasiSdk: string | undefined;
	readonly mirror: string | undefined;
	readonly wasiSdkMirror: string | undefined;
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
		...readMachineSettings(options, environment),
		manifest,
		manifestName,
		out: resolve(options.out ?? join(folder, 'dist')),
		state: join(folder, '.cpybuild'),
		lockFile: join(folder, LOCK_NAME),
		lockName: join(dirname(manifestName), LOCK_NAME).replaceAll('\\', '/'),
		frozen: options.frozen ?? false,
		offline: options.offline ?? false,
		cacheDir: resolve(
			options.cacheDir ??
				environment.CPYBUILD_CACHE_DIR ??
				join(environment.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cpybuild'),
		),
		cacheLimit: readCacheLimit(environment),
		// The cache of CI is saved when the job ends: nothing is used again on this machine.
		packsAll: !['', 'false'].includes(environment.CI ?? ''),
		remote: readRemoteSettings(options, environment),
		jobs: options.jobs,
		toolchain: options.toolchain,
		compiler: options.compiler ?? 'auto',
		launcher: options.launcher,
		seed: options.seed ?? true,
		signal: options.signal,
		onEvent: options.onEvent ?? (() => {}),
		path: environment.PATH ?? '/usr/local/bin:/usr/bin:/bin',
		wasiSdk: environment.WASI_SDK_PATH,
		mirror: environment.CPYBUILD_CPYTHON_MIRROR,
		wasiSdkMirror: environment.CPYBUILD_WASI_SDK_MIRROR,
		environment,
	};
}
