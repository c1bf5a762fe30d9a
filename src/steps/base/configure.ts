import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Key } from '../../cache/key.js';
import type { Store } from '../../cache/store.js';
import type { Cpython } from '../../cpython/choose.js';
import type { BuildSettings } from '../../manifest/manifest.js';
import { packageFolder } from '../../own-files.js';
import { requireSuccess } from '../command-failure.js';
import type { StepContext } from '../step.js';
import { BUILD_PYTHON, COMMANDS, type Workspace } from './workspace.js';

/** What configure is told. */
export interface Configuring {
	readonly cpython: Cpython;
	readonly settings: BuildSettings;
	/** A file of known answers to start from. */
	readonly known: string | undefined;
	/** Under which key the answers of a run without known ones are kept. */
	readonly kept: Key;
}

/**
 * Any system will do as long as it is not the target's: nothing is built for it. A fixed name keeps CPython's
 * record of its configuration the same on all machines.
 */
const BUILD_TRIPLE = 'x86_64-pc-linux-gnu';

/** Arguments of configure for a manifest's settings. */
export function configureArguments(cpython: Cpython, settings: BuildSettings): readonly string[] {
	return [
		'--prefix=/',
		`--host=${cpython.recipe.triple}`,
		`--build=${BUILD_TRIPLE}`,
		`--with-build-python=${BUILD_PYTHON}`,
		'--config-cache',
		'--disable-test-modules',
		'--with-ensurepip=no',
		// Off by default for WASI; it makes Python code some 7 % faster.
		'--with-pymalloc',
		...(settings.pydebug ? ['--with-pydebug'] : []),
	];
}

/**
 * Configures CPython in the workspace. Nearly all of configure's time goes into some 700 runs of the compiler,
 * whose answers depend on compiler and C library alone; so they are kept, and the next run starts from them.
 */
export async function configure(workspace: Workspace, configuring: Configuring, context: StepContext): Promise<void> {
	const { cpython, settings, known, kept } = configuring;
	const cache = join(workspace.build, 'config.cache');
	if (known) {
		context.log(`configure starts from ${known}`);
		await copyFile(known, cache);
	}
	const argv = ['sh', '../source/configure', ...configureArguments(cpython, settings)] as const;
	const result = await context.exec({
		...workspace.place,
		argv,
		env: {
			...workspace.environment,
			CC: COMMANDS.clang,
			CPP: `${COMMANDS.clang} -E`,
			CXX: 'false',
			AR: COMMANDS['llvm-ar'],
			RANLIB: COMMANDS['llvm-ranlib'],
			CFLAGS: cpython.recipe.cflags.join(' '),
			CONFIG_SITE: `../source/${cpython.recipe.configSite}`,
			HOSTRUNNER: 'cpybuild-run',
			// Else their places on this machine would get into sysconfig's data.
			INSTALL: 'install -c',
			MKDIR_P: 'mkdir -p',
			// Else the machine's own ncurses and uuid would leak into the build.
			PKG_CONFIG: 'false',
			PKG_CONFIG_PATH: '',
			PKG_CONFIG_LIBDIR: '',
			// OpenSSL's check looks for pkg-config again, by the target's name and by its own.
			ac_cv_prog_PKG_CONFIG: 'false',
			// As CPython's config.site has it, whatever a machine calls by the target's name.
			READELF: 'true',
		},
	});
	requireSuccess({
		purpose: `configure CPython ${cpython.version}`,
		argv,
		result,
		logPath: context.logPath,
		hint: known ? 'run it again with --no-seed; if that works, report it' : 'config.log is at the end of the full log',
	});
	if (!known) {
		const answers = portableAnswers(await readFile(cache, 'utf8'));
		const fill = (folder: string) => writeFile(join(folder, 'config.cache'), answers);
		await context.store.ensure('seed', kept, { fill, shared: false });
	}
}

/** The answers that cpybuild ships for a pinned version and the embedded C library. */
export function shippedAnswers(cpython: Cpython, libc: string): string | undefined {
	const path = join(packageFolder(), 'seeds', `${cpython.version}-${libc.slice(0, 16)}.cache`);
	return existsSync(path) ? path : undefined;
}

/** The answers of an earlier run on this machine, with the same compiler and arguments. */
export function keptAnswers(kept: Key, store: Store): string | undefined {
	const path = join(store.path('seed', kept), 'config.cache');
	return existsSync(path) ? path : undefined;
}

/** Leaves out answers that are paths and settings of one machine; another toolchain's path would end in "cached CC is different". */
export function portableAnswers(cache: string): string {
	return cache
		.split('\n')
		.filter((line) => !/^ac_cv_(env_|path_|prog_(AR|CC|CPP|CXX|PKG_CONFIG|PYTHON_FOR_REGEN|ac_ct_\w+)\b)/.test(line))
		.filter((line) => !/^(#|$)/.test(line))
		.concat('')
		.join('\n');
}
