import type { Json } from '../cache/key.js';
import type { CommandResult, RunOptions } from '../machine/machine.js';

/** A program of the toolchain. */
export type Tool = 'clang' | 'wasm-ld' | 'llvm-ar' | 'llvm-ranlib';

/** A compiler for WASI with its C library, ready to be used. */
export interface Toolchain {
	/** For people: `embedded sysroot, clang 19.1.7`. */
	readonly name: string;
	/** Everything of the toolchain that can change an output; part of every key. */
	readonly identity: Json;
	/** The command lines by which configure and make call each tool. */
	readonly argv: Readonly<Record<Tool, readonly [string, ...string[]]>>;
	/** Folder of `crt1-command.o` and `libc.a`. */
	readonly libraries: string;
	/** Path of `libclang_rt.builtins.a`. */
	readonly builtins: string;
	/** Runs one tool to its end, whatever its exit code. */
	run(tool: Tool, args: readonly string[], cwd: string, options?: RunOptions): Promise<CommandResult>;
	/**
	 * Prepares for many calls from configure and make; returns what their environment needs.
	 * Without it the toolchain is tuned for a few short calls.
	 */
	openForMake(): Promise<Readonly<Record<string, string>>>;
	/** Ends what the toolchain keeps running. */
	close(): Promise<void>;
}
