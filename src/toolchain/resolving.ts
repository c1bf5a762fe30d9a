import type { Memo } from '../cache/memo.js';
import type { Store } from '../cache/store.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Machine } from '../machine/machine.js';
import type { OwnWasiSdk } from '../manifest/manifest.js';

/** What looking for a toolchain needs. */
export interface Resolving {
	readonly machine: Machine;
	readonly store: Store;
	readonly memo: Memo;
	/** Whether the embedded toolchain may, must or must not use a clang of this machine. */
	readonly compiler: 'auto' | 'native' | 'wasm';
	/** Of the environment, only `WASI_SDK_PATH` matters. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly warn: (warning: Diagnostic) => void;
	/** The minor version of CPython that is to be built: it decides which WASI-SDK fits. */
	readonly minor: string;
	readonly fetching: SdkFetching;
}

/** How a WASI-SDK may be fetched. */
export interface SdkFetching {
	/** The hash that the manifest gives for the version that it names. */
	readonly own?: OwnWasiSdk | undefined;
	/** Serves the files of github.com in its place: its URL without a final slash. */
	readonly mirror?: string | undefined;
	/** Whether the network may not be used. */
	readonly offline: boolean;
	/** Receives what is being done. */
	readonly log: (line: string) => void;
	readonly signal?: AbortSignal | undefined;
	/** How long the server may stay silent, if not as long as usual. */
	readonly silenceMs?: number;
}
