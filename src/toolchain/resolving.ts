import type { Memo } from '../cache/memo.js';
import type { Store } from '../cache/store.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Machine } from '../machine/machine.js';

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
}
