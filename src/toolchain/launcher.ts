import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canonical, sha256 } from '../cache/key.js';
import { type Diagnostic, diagnostic, fail } from '../diagnostics/diagnostic.js';
import type { LauncherChoice } from '../manifest/manifest.js';
import type { Toolchain } from './toolchain.js';

/** A program that starts the compiler: it knows the result already, or another machine that makes it. */
export type LauncherName = Exclude<LauncherChoice, 'none'>;

/** Environment variables, as a process has them. */
type Variables = Readonly<Record<string, string | undefined>>;

/** Which launcher a build asks for, and the user's settings of it. */
export interface LauncherRequest {
	readonly choice: LauncherChoice;
	/** The environment of cpybuild; a launcher gets its own variables of it and no others. */
	readonly environment: Variables;
}

/** A launcher that is there. */
export interface Launcher {
	/** Absolute path. */
	readonly program: string;
	/** What its environment needs beside the compiler's. */
	readonly variables: Readonly<Record<string, string>>;
	/** Whether it takes the value of `-ffile-prefix-map` for a part of what is compiled. */
	readonly hashesPrefixMaps: boolean;
}

/** What is known of a launcher. */
interface LauncherTraits {
	/** Names of the variables that are passed on. */
	readonly passed: RegExp;
	/** Settings that must not be the user's, since the object files depend on them; undefined ones are left out. */
	readonly settled: (compiler: string) => Variables;
	readonly hashesPrefixMaps: boolean;
	/** Whether clang is not the one of this machine, so that what it makes has a key of its own. */
	readonly compilesWithOthers: boolean;
	readonly install: string;
}

/*
 * `compiler` is the hash of the toolchain's identity. ccache and sccache look at the clang program only, which with
 * most distributions is a small file that loads the compiler from libraries.
 */
const LAUNCHERS: Readonly<Record<LauncherName, LauncherTraits>> = {
	ccache: {
		passed: /^(CCACHE_\w+|HOME|XDG_(CACHE|CONFIG)_HOME)$/,
		settled: (compiler) => ({
			CCACHE_COMPILERCHECK: `string:${compiler}`,
			CCACHE_COMPILER: '',
			CCACHE_PREFIX: '',
			CCACHE_BASEDIR: '',
			CCACHE_SLOPPINESS: '',
		}),
		hashesPrefixMaps: false,
		compilesWithOthers: false,
		install: 'apt-get install ccache, brew install ccache',
	},
	sccache: {
		passed: /^(SCCACHE_\w+|HOME|XDG_(CACHE|CONFIG)_HOME)$/,
		settled: (compiler) => ({ SCCACHE_C_CUSTOM_CACHE_BUSTER: compiler }),
		hashesPrefixMaps: true,
		compilesWithOthers: false,
		install: 'apt-get install sccache, brew install sccache, cargo install sccache',
	},
	distcc: {
		passed: /^(DISTCC_\w+|HOME)$/,
		settled: () => ({}),
		hashesPrefixMaps: false,
		compilesWithOthers: true,
		install: 'apt-get install distcc, brew install distcc',
	},
	icecc: {
		passed: /^(ICECC_\w+|HOME)$/,
		settled: () => ({ ICECC_VERSION: undefined, ICECC_CC: undefined }),
		hashesPrefixMaps: false,
		compilesWithOthers: false,
		install: 'apt-get install icecc',
	},
};

/** What a launcher adds to the key of what is compiled with it: nothing, unless another clang may compile. */
export function launcherInput(choice: LauncherChoice): LauncherName | null {
	return choice !== 'none' && LAUNCHERS[choice].compilesWithOthers ? choice : null;
}

/**
 * Finds the launcher that a build asks for.
 * @returns nothing where none is asked for, or where there is no program to launch.
 * @throws CpybuildError `toolchain/launcher-not-found`.
 */
export function findLauncher(
	{ choice, environment }: LauncherRequest,
	toolchain: Pick<Toolchain, 'identity' | 'inProcess'>,
	path: string,
	warn: (warning: Diagnostic) => void,
): Launcher | undefined {
	if (choice === 'none') return undefined;
	if (toolchain.inProcess) {
		warn(nothingToLaunch(choice));
		return undefined;
	}
	const { passed, settled, hashesPrefixMaps, install } = LAUNCHERS[choice];
	const program = path
		.split(delimiter)
		.map((folder) => join(folder, choice))
		.find(isProgram);
	if (program === undefined) {
		fail({
			code: 'toolchain/launcher-not-found',
			message: `there is no program "${choice}" on the PATH`,
			hint: `install it (${install}), or build without it: --launcher none`,
		});
	}
	const users = Object.entries(environment).filter(([name]) => passed.test(name));
	const own = Object.entries(settled(sha256(canonical(toolchain.identity))));
	const given = Object.entries(Object.fromEntries([...users, ...own]));
	const variables = given.filter((entry): entry is [string, string] => entry[1] !== undefined);
	return { program, variables: Object.fromEntries(variables), hashesPrefixMaps };
}

function isProgram(path: string): boolean {
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

function nothingToLaunch(choice: LauncherName): Diagnostic {
	return diagnostic({
		code: 'toolchain/launcher-unused',
		severity: 'warning',
		message: `clang runs as WebAssembly inside of cpybuild, where "${choice}" cannot start it; it is not used`,
		hint: 'install clang and lld 19 or newer, or build with --launcher none',
	});
}
