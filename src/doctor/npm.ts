import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packageFolder } from '../own-files.js';
import { EMBEDDED_PACKAGE, findEmbeddedPackage } from '../toolchain/embedded.js';

/** The npm package that carries a sysroot and a compiler. */
export interface EmbeddedFacts {
	readonly package: string;
	/** Undefined where it is not installed. */
	readonly version: string | undefined;
	/** The version that this cpybuild is tested with. */
	readonly wanted: string;
	/** The folder in whose `node_modules` cpybuild looks for it; undefined where cpybuild is installed for all. */
	readonly folder: string | undefined;
	/** Whether that is the project's. */
	readonly isProject: boolean;
}

/**
 * Looks for the package of the embedded toolchain.
 * @param manifest Absolute path of the manifest, which lies in the project.
 */
export function findEmbedded(manifest: string): EmbeddedFacts {
	const own = packageFolder();
	const { optionalDependencies }: { optionalDependencies: Readonly<Record<string, string>> } = JSON.parse(
		readFileSync(join(own, 'package.json'), 'utf8'),
	);
	const isInstalled = basename(dirname(own)) === 'node_modules';
	const folder = isInstalled ? dirname(dirname(own)) : own;
	const hasPackage = existsSync(join(folder, 'package.json'));
	return {
		package: EMBEDDED_PACKAGE,
		version: findEmbeddedPackage()?.version,
		wanted: optionalDependencies[EMBEDDED_PACKAGE] ?? 'latest',
		folder: hasPackage ? folder : undefined,
		isProject: hasPackage && manifest.startsWith(`${folder}/`),
	};
}

/** The command that installs the package where cpybuild finds it; no package.json and no lock file is changed by it. */
export function npmInstall({ package: name, wanted, folder }: EmbeddedFacts): readonly [string, ...string[]] {
	const where = folder === undefined ? ['--global'] : ['--no-save', '--prefix', folder];
	return ['npm', 'install', ...where, `${name}@${wanted}`];
}

/** The variables that npm needs of an environment. */
export function variablesOfNpm(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const wanted = /^(HOME|USER|TMPDIR|npm_config_\w+|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS)$/i;
	const entries = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
	return Object.fromEntries(entries.filter(([name]) => wanted.test(name)));
}
