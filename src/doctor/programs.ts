import type { LauncherChoice } from '../manifest/manifest.js';
import type { Finding } from './finding.js';
import { findProgram, type Installer, installCommand } from './packages.js';
import type { Work } from './work.js';

/** What configure and make of CPython call, besides make and the toolchain. */
const SHELL_PROGRAMS = [
	...['sh', 'awk', 'basename', 'cat', 'chmod', 'date', 'diff', 'dirname', 'echo', 'expr', 'grep', 'ln', 'ls'],
	...['mkdir', 'mv', 'rm', 'rmdir', 'sed', 'sort', 'tr', 'uname'],
] as const;

/** Which programs are on the search path. */
export interface ProgramFacts {
	readonly make: string | undefined;
	/** Names of those that are missing. */
	readonly missing: readonly string[];
	readonly launcher: LauncherFacts;
}

/** What the manifest or the command line wants before the compiler. */
export interface LauncherFacts {
	readonly choice: LauncherChoice;
	readonly program: string | undefined;
}

/** What decides whether programs matter. */
export interface ProgramContext {
	readonly work: Work;
	readonly installer: Installer;
	/** Whether clang runs inside of cpybuild, where no launcher can start it. */
	readonly isInProcess: boolean;
}

/** Looks for the programs that builds call. */
export function findPrograms(path: string, launcher: LauncherChoice): ProgramFacts {
	return {
		make: findProgram('make', path),
		missing: SHELL_PROGRAMS.filter((name) => !findProgram(name, path)),
		launcher: { choice: launcher, program: launcher === 'none' ? undefined : findProgram(launcher, path) },
	};
}

/** Whether a build finds the programs that it calls; only compiling CPython calls any. */
export function judgePrograms(facts: ProgramFacts, context: ProgramContext): readonly Finding[] {
	const { work, installer, isInProcess } = context;
	const state = work.compilesCpython ? 'error' : 'warning';
	const spared = work.compilesCpython ? '' : '; this build works without, since its CPython is in the cache';
	return [
		judgeShell(facts, { state, spared }, installer),
		judgeMake(facts, { state, spared }, installer),
		...(isInProcess ? unusedLauncher(facts.launcher) : judgeLauncher(facts.launcher, { state, spared }, installer)),
	];
}

/** How bad it is when something is missing, and a remark for builds that do not need it. */
interface Weight {
	readonly state: 'error' | 'warning';
	readonly spared: string;
}

function judgeShell({ missing }: ProgramFacts, { state, spared }: Weight, installer: Installer): Finding {
	const id = 'programs.shell';
	if (missing.length === 0) return { id, state: 'ok', found: 'sh and what configure calls' };
	const list = missing.map((name) => `"${name}"`).join(', ');
	return {
		id,
		state,
		found: `${list} ${missing.length === 1 ? 'is' : 'are'} not on the PATH`,
		means: `CPython's configure calls ${missing.length === 1 ? 'it' : 'them'}${spared}`,
		...repair(installCommand('shell', installer)),
	};
}

function judgeMake({ make }: ProgramFacts, { state, spared }: Weight, installer: Installer): Finding {
	const id = 'programs.make';
	if (make !== undefined) return { id, state: 'ok', found: 'make' };
	return {
		id,
		state,
		found: '"make" is not on the PATH',
		means: `CPython is compiled with it${spared}`,
		...repair(installCommand('make', installer)),
	};
}

function judgeLauncher(
	{ choice, program }: LauncherFacts,
	{ state, spared }: Weight,
	installer: Installer,
): readonly Finding[] {
	const id = 'programs.launcher';
	if (choice === 'none') return [];
	if (program !== undefined) return [{ id, state: 'ok', found: choice }];
	return [
		{
			id,
			state,
			found: `"${choice}" is not on the PATH`,
			means: `the build is to start the compiler with it; --launcher none does without${spared}`,
			...repair(installCommand(choice, installer)),
		},
	];
}

function unusedLauncher({ choice }: LauncherFacts): readonly Finding[] {
	if (choice === 'none') return [];
	return [
		{
			id: 'programs.launcher',
			state: 'warning',
			found: `"${choice}" would not be used`,
			means: 'clang runs as WebAssembly inside of cpybuild, where nothing can start it',
		},
	];
}

function repair(command: string | undefined): { readonly repair?: string } {
	return command === undefined ? {} : { repair: command };
}
