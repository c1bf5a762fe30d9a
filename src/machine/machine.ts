/** Where a command works, and on what; all paths are absolute, and the same wherever it runs. */
export interface Workplace {
	/** The working folder. */
	readonly cwd: string;
	/** Files and folders that it reads and that nobody changes meanwhile. A machine elsewhere has no others of ours. */
	readonly reads?: readonly string[];
	/** Folders that it changes: what they hold is there for it, and what it leaves in them is here when it has ended. */
	readonly writes?: readonly string[];
}

/** A command line: the program and its arguments, never a shell string. */
export interface Command extends Workplace {
	readonly argv: readonly [string, ...string[]];
	/** The whole environment; nothing is inherited, so that a build does not depend on whose shell started it. */
	readonly env: Readonly<Record<string, string>>;
	/** Text for the command's standard input; without it the input is empty. */
	readonly input?: string;
	/** Whether only its output counts: what it changes need not be here before the next command has ended. */
	readonly isDry?: boolean;
}

/** How a command ended. */
export interface CommandResult {
	readonly exitCode: number;
	readonly stdout: string;
	/** Standard output and error, nearly in the order in which they were written: they are two pipes. */
	readonly output: string;
}

/** What a caller wants to follow or to stop. */
export interface RunOptions {
	/** Receives each line of output while the command runs. */
	readonly onLine?: ((line: string) => void) | undefined;
	/** Ends the command and all its children. */
	readonly signal?: AbortSignal | undefined;
}

/** Where commands run. A step knows this interface only. */
export interface Machine {
	/** How many commands it can run side by side. */
	readonly processors: number;
	/** The search path that commands get. */
	readonly path: string;
	/** The program Node.js on it, which runs what CPython's build compiles for itself. */
	readonly node: string;
	/**
	 * Runs a command to its end, whatever its exit code.
	 * @throws CpybuildError `toolchain/not-found` when there is no such program, `build/interrupted` when the signal ended it.
	 */
	run(command: Command, options?: RunOptions): Promise<CommandResult>;
}

/** The machine of a whole build; to be closed. */
export interface BuildMachine extends Machine {
	/** Settles when the first command runs: from then on there is time for other work. */
	readonly busy: Promise<void>;
	/** Ends what it keeps running. */
	close(): Promise<void>;
}
