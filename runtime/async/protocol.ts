import type { CompiledModule } from '../engine.js';
import type { Lowered } from './image.js';
import type { Mailbox } from './mailbox.js';
import type { SentError } from './sent-error.js';

/** Starts a thread: the one message that it gets as such. */
export interface Beginning {
	readonly kind: 'begin';
	readonly mailbox: Mailbox;
	readonly module: CompiledModule;
	readonly options: SentOptions;
}

/** What an interpreter is given, with numbers for objects that stay with the host. */
export interface SentOptions {
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly path?: readonly string[];
	readonly stdin?: SentStream;
	readonly stdout?: SentStream;
	readonly stderr?: SentStream;
	readonly mounts?: readonly SentMount[];
	/** The number of the options themselves, where they have functions. */
	readonly cpuTime?: number;
	readonly sleep?: number;
}

/** A stream of the host's. */
export interface SentStream {
	readonly object: number;
	readonly terminal: boolean;
}

/** A mount of the host's. */
export interface SentMount {
	readonly object: number;
	readonly guest: string;
	readonly writable: boolean;
	readonly symlinks: boolean;
}

/** Messages to the thread, in its mailbox. */
export type ToThread =
	/** Asks for something to be run; several can be asked for at once. */
	| { readonly kind: 'request'; readonly id: number; readonly what: RequestKind; readonly args: readonly unknown[] }
	/** Answers a question. */
	| ({ readonly kind: 'answer'; readonly id: number } & SentAnswer);

/** What can be asked of the thread. */
export type RequestKind = 'open' | 'start' | 'run' | 'runModule' | 'call' | 'export' | 'close';

/** The answer to a question. */
export type SentAnswer =
	/** What a function of the host gave, and the objects of the host's that the guest now holds, with their resources. */
	| { readonly lowered: Lowered; readonly given: readonly (readonly [handle: number, resource: string])[] }
	/** What a method gave. */
	| { readonly value: unknown }
	/** A method failed as mounts do. */
	| { readonly errno: number }
	/** Something is wrong for which the guest must be left. */
	| { readonly failure: SentError };

/** Messages of the thread. */
export type FromThread =
	/** Asks for a function of the host. */
	| {
			readonly kind: 'import';
			readonly id: number;
			readonly module: string;
			readonly name: string;
			readonly args: readonly unknown[];
			readonly handles: readonly SentHandle[];
	  }
	/** Asks for a method of a stream, a mount or a file. */
	| {
			readonly kind: 'method';
			readonly id: number;
			readonly object: number;
			readonly name: string;
			readonly args: readonly unknown[];
	  }
	/** Asks for a handle, for an object among the arguments of a request; what it is for comes next. */
	| { readonly kind: 'reserve'; readonly id: number }
	/** The guest gets such an object, by its place among all of a request, for good or for the time of a call. */
	| {
			readonly kind: 'given';
			readonly request: number;
			readonly object: number;
			readonly handle: number;
			readonly resource: string;
			readonly lent: boolean;
	  }
	/** The guest has such an object no more: the call is over, or came to nothing. */
	| { readonly kind: 'returned'; readonly handle: number }
	/** A request has ended. */
	| { readonly kind: 'done'; readonly id: number; readonly value: unknown; readonly handles: readonly SentHandle[] }
	/** A function that Python implements has failed as it declares. */
	| {
			readonly kind: 'threw';
			readonly id: number;
			readonly name: string;
			readonly message: string;
			readonly payload: unknown;
			readonly handles: readonly SentHandle[];
	  }
	| { readonly kind: 'failed'; readonly id: number; readonly error: SentError }
	/** The mailbox has room again. */
	| { readonly kind: 'emptied' };

/** An object of the host's among arguments, or in a list of one result: where it is, and whether the guest gives it back. */
export interface SentHandle {
	readonly path: readonly (string | number)[];
	readonly handle: number;
	readonly isTaken: boolean;
}
