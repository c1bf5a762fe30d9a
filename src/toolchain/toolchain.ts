import type { CommandResult, RunOptions, Workplace } from '../machine/machine.js';
import type { ToolchainIdentity } from './identity.js';

/** A program of the toolchain. */
export type Tool = 'clang' | 'wasm-ld' | 'llvm-ar' | 'llvm-ranlib';

/** What a toolchain is, wherever it may be found: what `cpybuild.lock` records, and what keys are made of. */
export interface ToolchainRecord {
	/** For people: `embedded sysroot, clang 19.1.7`. */
	readonly name: string;
	readonly identity: ToolchainIdentity;
}

/** A toolchain that need not have been looked for yet: a build that has nothing to compile never does. */
export interface LazyToolchain extends ToolchainRecord {
	/**
	 * Finds it on the machine, once.
	 * @throws CpybuildError `toolchain/not-found`, or `toolchain/not-locked` when what is there is another one.
	 */
	open(): Promise<Toolchain>;
	/** Ends what the toolchain keeps running, if it was opened. */
	close(): Promise<void>;
}

/** A compiler for WASI with its C library, ready to be used. */
export interface Toolchain extends ToolchainRecord {
	/** The command lines by which configure and make call each tool. */
	readonly argv: Readonly<Record<Tool, readonly [string, ...string[]]>>;
	/** Folder of `libc.a`. */
	readonly libraries: string;
	/** Path of the start file for programs, `crt1-command.o` or in old C libraries `crt1.o`. */
	readonly start: string;
	/** Path of `libclang_rt.builtins.a`. */
	readonly builtins: string;
	/** Whether clang runs inside of cpybuild, where no other program can start it. */
	readonly inProcess?: boolean;
	/** Runs one tool to its end, whatever its exit code. */
	run(tool: Tool, args: readonly string[], place: Workplace, options?: RunOptions): Promise<CommandResult>;
	/**
	 * Prepares for many calls from configure and make, which are told `argv` after it; returns what their environment needs.
	 * Without it the toolchain is tuned for a few short calls.
	 */
	openForMake(): Promise<Readonly<Record<string, string>>>;
	/** Ends what the toolchain keeps running. */
	close(): Promise<void>;
}

/** A toolchain that has been found already, where one is expected that need not be. */
export function found(toolchain: Toolchain): LazyToolchain {
	const { name, identity, close } = toolchain;
	return { name, identity, open: async () => toolchain, close };
}

/** A toolchain that is known by its record, and looked for when it is opened. */
export function lazily({ name, identity }: ToolchainRecord, find: () => Promise<Toolchain>): LazyToolchain {
	let opened: Promise<Toolchain> | undefined;
	const open = () => {
		opened ??= find();
		return opened;
	};
	// One that was not found runs nothing that had to be ended.
	const close = async () => (await opened?.catch(() => undefined))?.close();
	return { name, identity, open, close };
}
