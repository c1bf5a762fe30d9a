import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** The compiled command line, which the e2e set's setup makes. */
export const CLI = `${ROOT}/lib/src/cli/main.cjs`;

/** How a command ended. */
export interface Ended {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs `cpybuild` as a process of its own. */
export function cpybuild(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
	return runNode([CLI, ...args], options);
}

/** What a process is given. */
export interface ProcessOptions {
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string | undefined>>;
	readonly input?: string;
	readonly nodeOptions?: readonly string[];
	/** Another Node than the one that runs the tests. */
	readonly node?: string;
}

/** Runs a program of Node's. */
export async function runNode(args: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
	const { cwd, env, input, nodeOptions = [], node = process.execPath } = options;
	const result = await execa(node, ['--no-warnings', ...nodeOptions, ...args], {
		...(cwd && { cwd }),
		env: { NO_COLOR: '1', CI: undefined, GITHUB_ACTIONS: undefined, FORCE_COLOR: undefined, ...env },
		input: input ?? '',
		reject: false,
		maxBuffer: 100_000_000,
	});
	return { code: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr };
}
