import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Cpython } from '../../cpython/choose.js';
import { hostRunnerCommand } from '../../hostrunner/command.js';
import type { Tool } from '../../toolchain/toolchain.js';
import type { StepContext } from '../step.js';

/**
 * The folder in which CPython is built:
 *
 *     bin/      commands for configure and make, on the search path: they know where the toolchain is,
 *               so that no path of this machine gets into a Makefile
 *     source    → CPython's tree
 *     build/    where configure and make run
 */
export interface Workspace {
	readonly build: string;
	readonly environment: Readonly<Record<string, string>>;
	/** Runs a WASI program of the build with the given guest environment, as a word of a make variable. */
	hostRunner(program: string, guest: Readonly<Record<string, string>>): string;
}

/** Names of the commands in `bin`. */
export const COMMANDS = {
	clang: 'cpybuild-cc',
	'llvm-ar': 'cpybuild-ar',
	'llvm-ranlib': 'cpybuild-ranlib',
	'wasm-ld': 'cpybuild-ld',
} as const satisfies Record<Tool, string>;

/** Stands in for the build Python that configure insists on; it only answers which version it is. */
export const BUILD_PYTHON = 'cpybuild-python';

const RUNNER = 'cpybuild-run';

/** Prepares the workspace in an empty folder. */
export async function openWorkspace(
	folder: string,
	source: string,
	cpython: Cpython,
	context: StepContext,
): Promise<Workspace> {
	const bin = join(folder, 'bin');
	const build = join(folder, 'build');
	await mkdir(bin);
	await mkdir(build);
	await symlink(source, join(folder, 'source'));
	const toolchain = await context.toolchain();
	for (const [tool, name] of Object.entries(COMMANDS) as [Tool, string][]) {
		// Messages of assert() and debug information name CPython's files as the workspace sees them.
		const own = tool === 'clang' ? [`-ffile-prefix-map=${folder}/=`] : [];
		await command(join(bin, name), [...toolchain.argv[tool], ...own]);
	}
	await command(join(bin, BUILD_PYTHON), ['echo', cpython.recipe.minor], 'no arguments');
	await command(join(bin, RUNNER), hostRunnerCommand());
	// Guest paths for both spellings that makefiles and getpath use: relative to the build folder, and absolute.
	const mounts = { '.': build, '/': build, '../source': source, '/source': source };
	const environment = {
		PATH: [bin, context.machine.path].join(delimiter),
		LC_ALL: 'C',
		TZ: 'UTC',
		SOURCE_DATE_EPOCH: String(cpython.epoch),
		CPYBUILD_MOUNTS: Object.entries(mounts)
			.map(([guest, host]) => `${guest}=${host}`)
			.join(';'),
		...(await toolchain.openForMake()),
	};
	const hostRunner = (program: string, guest: Readonly<Record<string, string>>) =>
		`CPYBUILD_ENV='${JSON.stringify(guest)}' ${RUNNER} ${program}`;
	return { build, environment, hostRunner };
}

/** Writes a shell script that calls a program with fixed first arguments. */
async function command(
	path: string,
	argv: readonly string[],
	rest: 'more arguments' | 'no arguments' = 'more arguments',
) {
	const words = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
	await writeFile(path, `#!/bin/sh\nexec ${words}${rest === 'more arguments' ? ' "$@"' : ''}\n`);
	await chmod(path, 0o755);
}
