import { posix } from 'node:path';
import type { Manifest, Module, NativeModule } from '../manifest/manifest.js';
import { cIdentifier, uniqueName } from './c/names.js';

/** Where the C files of the modules stand in CPython's `Modules` folder, all directly in it. */
export interface SourcePlaces {
	/** Of a host module's stub. */
	readonly stubs: ReadonlyMap<string, string>;
	/** Of a native module's sources: module name → source path → file name. */
	readonly natives: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * C files that CPython has in `Modules` besides those of its builtin modules, whose names a manifest cannot use. Object
 * files lie beside them, so that the name without its ending counts.
 */
const cpythonFiles = ['config', 'getbuildinfo', 'getpath', 'main', 'rotatingtree', 'tkappinit'];

/** Our own, which a manifest's modules cannot be called either. */
const supportNames = [
	...['', '_call', '_class', '_enum', '_exports', '_list', '_resource'].map((ending) => `_cpybuild${ending}`),
	'_embed',
	'_report',
];

/**
 * Gives every C file a name of its own. CPython's makesetup makes object files only where folders exist, so that all
 * sources go into one folder, and those of native modules get the module's name in front unless they begin with it.
 */
export function placeSources(manifest: Manifest): SourcePlaces {
	const used = new Set([...cpythonFiles, ...supportNames]);
	const place = (wanted: string, ending: string) => `${uniqueName(wanted, used)}${ending}`;
	const stubs = new Map(
		manifest.modules
			.filter((module) => module.kind === 'host')
			.map((module) => [module.name, place(cIdentifier(module.name), '.c')]),
	);
	const natives = new Map(
		manifest.modules.filter(isNative).map((module) => [
			module.name,
			new Map(
				module.sources.map((source) => {
					const { name, ext } = posix.parse(forwardSlashes(source));
					const prefixed = name === module.name || name.startsWith(`${module.name}_`) ? name : `${module.name}_${name}`;
					return [source, place(cIdentifier(prefixed), ext)];
				}),
			),
		]),
	);
	return { stubs, natives };
}

/** Whether a module is of the user's own C. */
export function isNative(module: Module): module is NativeModule {
	return module.kind === 'native';
}

/** A path with forward slashes on every system. */
export function forwardSlashes(path: string): string {
	return path.replaceAll('\\', '/');
}
