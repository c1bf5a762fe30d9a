import type { MessagePort } from 'node:worker_threads';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** A folder of this machine that the guest sees. */
export interface GrantedFolder {
	/** The folder on this machine. */
	readonly host: string;
	/** Absolute path at which the guest sees it. */
	readonly guest: string;
	/** Default: false. */
	readonly writable?: boolean;
	/** Whether the guest may make symbolic links in it, which cannot lead out. Default: false. */
	readonly symlinks?: boolean;
}

/** What the worker gets to do. */
export interface Job {
	/** All of argv. */
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	/** Absolute paths; the first is the guest's root. */
	readonly dirs: readonly GrantedFolder[];
	/** Absolute path of `bindings.js`, when the dist has one. */
	readonly bindings?: string;
	/** Absolute path of the host module. */
	readonly hostModule?: string;
	readonly input: InputChannel;
	/** Descriptors of this process. */
	readonly stdout: number;
	readonly stderr: number;
}

/** How the worker asks for standard input: it sends a message, then waits for the signal to change. */
export interface InputChannel {
	readonly port: MessagePort;
	/** One number, counted up with every answer. */
	readonly signal: Int32Array;
	readonly terminal: boolean;
}

/** An answer on the input channel: some bytes, or null at the end. */
export type InputChunk = Uint8Array | null;

/** How the worker's job ended. */
export type Outcome =
	| { readonly kind: 'exited'; readonly code: number }
	/** Not started: the user's host and the module do not fit. */
	| { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
	/** Stopped by the engine: a trap, or no stack left. */
	| { readonly kind: 'crashed'; readonly message: string }
	/** The thread's JavaScript memory was used up. */
	| { readonly kind: 'exhausted' }
	/** Stopped by an exception of the host program. */
	| { readonly kind: 'threw'; readonly message: string };
