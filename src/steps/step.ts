import type { Json, Key } from '../cache/key.js';
import type { Store } from '../cache/store.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Command, CommandResult, Machine, RunOptions } from '../machine/machine.js';
import type { Toolchain } from '../toolchain/toolchain.js';

/** A piece of a build: a function from inputs and other steps' outputs to a folder of files. */
export interface Step {
	/** Unique in a plan; for parts of the same kind `compile:demo`. */
	readonly id: string;
	readonly title: string;
	/** Steps whose outputs it reads. */
	readonly needs: readonly Step[];
	/** Everything else that can change the output; contents of files by hash. */
	readonly inputs: Json;
	/** From `inputs` and the keys of `needs`; names the output in the store. */
	readonly key: Key;
	/** Whether the output stays on this machine: other machines get it cheaper than from a remote cache. */
	readonly isLocal?: boolean;
	/** Fills the folder `out`, which becomes the step's output when this returns. */
	run(context: StepContext): Promise<void>;
	/** Gives the warnings of the run that made the stored output, since they hold as long as it is used. */
	recall?(out: string): readonly Diagnostic[];
}

/** What a running step may use. */
export interface StepContext {
	/** The empty folder to fill. */
	readonly out: string;
	/** The finished output of a step that this one needs. */
	output(step: Step): string;
	readonly store: Store;
	readonly machine: Machine;
	/** Finds the toolchain on the machine, at the first call; the same as the keys were made of. */
	toolchain(): Promise<Toolchain>;
	/** How many commands may run side by side. */
	readonly jobs: number;
	readonly signal: AbortSignal | undefined;
	/** The step's log file, for messages. */
	readonly logPath: string;
	log(line: string): void;
	progress(done: number, total: number): void;
	warn(warning: Diagnostic): void;
	/** Runs a command on the machine, its output in the log; the toolchain's own tools go through `toolchain.run`. */
	exec(command: Command): Promise<CommandResult>;
	/** `onLine` and `signal` for a tool of the toolchain. */
	readonly runOptions: RunOptions;
}
