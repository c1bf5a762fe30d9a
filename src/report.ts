import type { Diagnostic } from './diagnostics/diagnostic.js';

/** What a build tells while it runs. Progress displays and logs are made of these alone. */
export type BuildEvent =
	/** What is done before the steps or beside them: fetching a toolchain, pulling an image. */
	| { readonly type: 'note'; readonly line: string }
	/** All steps that the build consists of, in the order of the plan; only notes and warnings come before. */
	| { readonly type: 'planned'; readonly steps: readonly { readonly id: string; readonly title: string }[] }
	| { readonly type: 'step-started'; readonly id: string; readonly title: string }
	/** A line of a command's output, or a remark of the step ("trying python.org"). */
	| { readonly type: 'output'; readonly id: string; readonly line: string }
	/** How far a step is: `done` of `total` units (files, bytes …). */
	| { readonly type: 'progress'; readonly id: string; readonly done: number; readonly total: number }
	| {
			readonly type: 'step-finished';
			readonly id: string;
			readonly title: string;
			readonly status: StepStatus;
			readonly ms: number;
	  }
	| { readonly type: 'warning'; readonly diagnostic: Diagnostic };

/** `ran`: did its work; `cached`: its output was in the store; `downloaded`: it was in the remote cache; `failed`: ended in an error; `cancelled`: never finished. */
export type StepStatus = 'ran' | 'cached' | 'downloaded' | 'failed' | 'cancelled';

/** Receives the events of a build. */
export type Listener = (event: BuildEvent) => void;

/** A file that a build made. */
export interface Artifact {
	/** Path below the output folder, forward slashes. */
	readonly path: string;
	readonly bytes: number;
	readonly sha256: string;
}

/** What happened in a build, for people, CI and users of the library. */
export interface Report {
	/** `up-to-date`: nothing had changed since the last build, nothing ran. */
	readonly status: 'built' | 'up-to-date';
	/** Absolute path of the output folder. */
	readonly out: string;
	/** CPython's version. */
	readonly python: string;
	/** Which toolchain and compiler made it, for people: `embedded sysroot, clang 19.1.7`. */
	readonly toolchain: string;
	readonly steps: readonly { readonly id: string; readonly status: StepStatus; readonly ms: number }[];
	/** The files of the output folder, without the standard library's; sorted by path. */
	readonly artifacts: readonly Artifact[];
	/** Host functions that python.wasm imports. */
	readonly imports: readonly { readonly module: string; readonly name: string; readonly signature: string }[];
	readonly warnings: readonly Diagnostic[];
	readonly ms: number;
}

/** What `build` takes. */
export interface BuildOptions {
	/** Path of the manifest. Default `project.yaml`. */
	readonly manifest?: string;
	/** Output folder. Default `dist` beside the manifest. */
	readonly out?: string;
	/** Folder of the store and of downloads. Default `$CPYBUILD_CACHE_DIR`, else `$XDG_CACHE_HOME/cpybuild`, else `~/.cache/cpybuild`. */
	readonly cacheDir?: string;
	/** Root of a remote cache with Bazel's HTTP protocol. Default `$CPYBUILD_REMOTE_CACHE`, else none; '' is none. */
	readonly remoteCache?: string;
	/** Whether new entries are sent to the remote cache. Default `$CPYBUILD_REMOTE_CACHE_MODE`, else `read`. */
	readonly remoteCacheMode?: 'read' | 'read-write';
	/** How many compilers run at once. Default: the number of processors, here or where the container is. */
	readonly jobs?: number;
	/**
	 * Where compilers run. Default `container` when there is an `image`, else `$CPYBUILD_MACHINE`, else the manifest's
	 * `build.machine`.
	 */
	readonly machine?: 'native' | 'container';
	/** The image of the container, used as it is. Default `$CPYBUILD_IMAGE`, else the manifest's `build.container`. */
	readonly image?: string;
	/** Overrides the manifest's `build.toolchain`. */
	readonly toolchain?: 'auto' | 'embedded' | 'wasi-sdk' | `wasi-sdk@${number}` | 'debian';
	/** With the embedded toolchain: `wasm` never uses a clang of the system. Default `auto`. */
	readonly compiler?: 'auto' | 'native' | 'wasm';
	/** Overrides the manifest's `build.launcher`: what starts the compiler when CPython itself is compiled. */
	readonly launcher?: 'none' | 'ccache' | 'sccache' | 'distcc' | 'icecc';
	/** Fails when `cpybuild.lock` is missing or would change. */
	readonly frozen?: boolean;
	/** Never uses the network: neither for CPython's source nor for the remote cache. */
	readonly offline?: boolean;
	/** Whether configure may start from known answers. Default true; false runs every check. */
	readonly seed?: boolean;
	/** Ends the build: children are stopped, nothing half-written stays. */
	readonly signal?: AbortSignal;
	readonly onEvent?: Listener;
}
