import type { Descriptors } from '../descriptors.js';
import type { ErrnoValue } from '../errno.js';
import type { GuestMemory } from '../guest-memory.js';
import type { Namespace } from '../namespace.js';
import type { Clocks } from '../time.js';

/** All that the WASI calls of one guest work on. */
export interface System {
	readonly memory: GuestMemory;
	readonly descriptors: Descriptors;
	readonly namespace: Namespace;
	readonly clocks: Clocks;
	readonly args: readonly string[];
	/** `NAME=value` each. */
	readonly env: readonly string[];
	/** Lets the thread rest. */
	readonly sleep: (milliseconds: number) => void;
}

/**
 * WASI calls by name. They get i32 parameters as numbers that may be negative, and i64 ones as bigints; they return an
 * error number or throw a `WasiError`.
 */
export type Calls = Readonly<Record<string, (...args: never[]) => ErrnoValue>>;
