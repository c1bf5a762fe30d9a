import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Store } from '../../cache/store.js';
import type { Cpython } from '../../cpython/choose.js';
import { hostRunnerCommand, hostRunnerFiles } from '../../hostrunner/command.js';
import type { Workplace } from '../../machine/machine.js';
import { findLauncher, type Launcher, type LauncherRequest } from '../../toolchain/launcher.js';
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
	/** Where its commands work, and on what. */
	readonly place: Workplace;
	readonly environment: Readonly<Record<string, string>>;
	/** The same where much is compiled: with the build's compiler launcher, if it has one. */
	readonly compiling: Readonly<Record<string, string>>;
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

/** Names the program that starts the compiler. */
const LAUNCHER_VARIABLE = 'CPYBUILD_LAUNCHER';

/** In a shell script: the launcher as one word, or nothing. */
const LAUNCHED = `\${${LAUNCHER_VARIABLE}:+"$${LAUNCHER_VARIABLE}"} `;

/** In a shell script: clang would name a linker of this machine, which configure then asks whether it is GNU's. */
const NAME_LINKER = `[ "$1" != -print-prog-name=ld ] || exec echo ${COMMANDS['wasm-ld']}\n`;

/** Paths that configure, make and the shell take as they are. */
const PLAIN = /^[\w./+@-]+$/;

/**
 * Runs `use` with an empty folder for a workspace, which is removed afterwards. A cache folder may have any name,
 * but configure refuses some, and makefiles cannot quote others; then it lies among the system's temporary files.
 */
export function inPlainFolder<T>(store: Store, use: (folder: string) => Promise<T>): Promise<T> {
	return store.scratch(async (scratch) => {
		// The compiler calls folders by their real paths, and is told to leave out this one.
		const real = await realpath(scratch);
		if (PLAIN.test(real)) return use(real);
		const temporary = await realpath(tmpdir());
		const folder = await mkdtemp(join(PLAIN.test(temporary) ? temporary : '/tmp', 'cpybuild-base-'));
		try {
			return await use(folder);
		} finally {
			await rm(folder, { recursive: true, force: true, maxRetries: 3 });
		}
	});
}

/** Prepares the workspace in an empty folder. */
export async function openWorkspace(
	folder: string,
	source: string,
	cpython: Cpython,
	context: StepContext,
	request?: LauncherRequest,
): Promise<Workspace> {
	const bin = join(folder, 'bin');
	const build = join(folder, 'build');
	await mkdir(bin);
	await mkdir(build);
	await symlink(source, join(folder, 'source'));
	const toolchain = await context.toolchain();
	const forMake = await toolchain.openForMake();
	const launcher = request && findLauncher(request, toolchain, context.machine.path, context.warn);
	for (const [tool, name] of Object.entries(COMMANDS) as [Tool, string][]) {
		if (tool !== 'clang') await command(join(bin, name), toolchain.argv[tool]);
	}
	const own = placeless(folder, launcher);
	const clang = [...inOneWord(toolchain.argv.clang), own];
	await command(join(bin, COMMANDS.clang), clang, { launcher: LAUNCHED, first: NAME_LINKER });
	await command(join(bin, BUILD_PYTHON), ['echo', cpython.recipe.minor], { takesArguments: false });
	await command(join(bin, RUNNER), hostRunnerCommand(context.machine.node));
	// Guest paths for both spellings that makefiles and getpath use: relative to the build folder, and absolute.
	const mounts = { '.': build, '/': build, '../source': source, '/source': source };
	const environment = {
		PATH: [bin, context.machine.path].join(delimiter),
		LC_ALL: 'C',
		TZ: 'UTC',
		SOURCE_DATE_EPOCH: String(cpython.epoch),
		CPYBUILD_MOUNTS: JSON.stringify(mounts),
		...forMake,
	};
	const hostRunner = (program: string, guest: Readonly<Record<string, string>>) =>
		`CPYBUILD_ENV='${JSON.stringify(guest)}' ${RUNNER} ${program}`;
	const compiling = launcher
		? { ...environment, ...launcher.variables, [LAUNCHER_VARIABLE]: launcher.program }
		: environment;
	const place = { cwd: build, reads: [source, ...hostRunnerFiles()], writes: [folder] };
	return { build, place, environment, compiling, hostRunner };
}

/**
 * Makes messages of assert() and debug information name CPython's files as the workspace sees them, wherever it is.
 * Both flags give the same bytes; for some launchers a place within a flag is a part of what is compiled.
 */
function placeless(folder: string, launcher: Launcher | undefined): string {
	return launcher?.hashesPrefixMaps ? '-ffile-compilation-dir=/build' : `-ffile-prefix-map=${folder}/=`;
}

/** sccache does not know that clang's `-resource-dir` takes a value, and would see a second file to compile in it. */
function inOneWord(argv: readonly string[]): readonly string[] {
	const option = '-resource-dir';
	return argv.flatMap((word, index) => {
		if (argv[index - 1] === option) return [];
		return word === option ? [`${option}=${argv[index + 1]}`] : [word];
	});
}

/** Takes the workspace's place on this machine out of the Makefile, which CPython copies into sysconfig's data. */
export async function forgetPlace({ build }: Workspace): Promise<void> {
	const path = join(build, 'Makefile');
	const makefile = await readFile(path, 'utf8');
	const placeless = makefile
		.replace(/^(abs_srcdir=\s*).*$/m, '$1/source')
		.replace(/^(abs_builddir=\s*).*$/m, '$1/build');
	await writeFile(path, placeless);
}

/** What a shell script does besides calling a program. */
interface ScriptOptions {
	/** Whether it passes its own arguments on. */
	readonly takesArguments?: boolean;
	/** Stands before the program. */
	readonly launcher?: string;
	/** Lines before the call. */
	readonly first?: string;
}

/** Writes a shell script that calls a program with fixed first arguments. */
async function command(
	path: string,
	argv: readonly string[],
	{ takesArguments = true, launcher = '', first = '' }: ScriptOptions = {},
) {
	const words = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
	await writeFile(path, `#!/bin/sh\n${first}exec ${launcher}${words}${takesArguments ? ' "$@"' : ''}\n`);
	await chmod(path, 0o755);
}
