import type { Tool } from '../toolchain.js';

/** One call of a tool, as it travels to a worker. */
export interface ToolCall {
	readonly id: number;
	readonly tool: Tool;
	readonly args: readonly string[];
	readonly cwd: string;
	/** Content of the standard input, for `-`. */
	readonly input: string;
}

/** A worker's answer to a call. */
export interface ToolAnswer {
	readonly id: number;
	readonly exitCode: number;
	readonly stdout: string;
	/** Standard output and error as they came. */
	readonly output: string;
}

/** Name of the environment variable that tells the client where the pool listens. */
export const SOCKET_VARIABLE = 'CPYBUILD_WASM_CLANG';
