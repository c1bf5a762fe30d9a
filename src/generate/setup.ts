import { posix } from 'node:path';
import type { Manifest, NativeModule } from '../manifest/manifest.js';
import { forwardSlashes, isNative, type SourcePlaces } from './sources.js';
import { EXPORTS, hasExports, supportSources } from './support.js';

/** The lines for CPython's `Modules/Setup.bootstrap.in` that build the modules in. None of them is in a package. */
export function setupLines(manifest: Manifest, places: SourcePlaces): readonly string[] {
	const support = supportSources(manifest);
	return [
		...(support.length === 0 ? [] : [`_cpybuild ${support.join(' ')}`]),
		...(hasExports(manifest) ? [`${EXPORTS} ${EXPORTS}.c`] : []),
		...manifest.modules.flatMap((module) =>
			isNative(module)
				? nativeLines(module, [...(places.natives.get(module.name)?.values() ?? [])])
				: [`${module.name} ${places.stubs.get(module.name)}`],
		),
	];
}

/** The folder below `Modules` for what a native module needs besides its C files. */
export function nativeFolder(module: NativeModule): string {
	return `${module.name}-native`;
}

/**
 * makesetup takes every line that has a `=` for a make variable, so that options go into variables, and it cuts lines
 * at `#`.
 */
function nativeLines(module: NativeModule, sources: readonly string[]): readonly string[] {
	const folder = `$(srcdir)/Modules/${nativeFolder(module)}`;
	const variable = `MODULE_${module.name.toUpperCase()}`;
	const cflags = [
		...(module.include.length > 0 ? [`-I${folder}`] : []),
		...Object.entries(module.define).map(([name, value]) =>
			makeWord(value === '' ? `-D${name}` : `-D${name}=${value}`),
		),
		...module.cflags.map(makeWord),
	];
	const libs = module.libs.map((lib) => `${folder}/${posix.basename(forwardSlashes(lib))}`);
	return [
		...(cflags.length > 0 ? [`${variable}_CFLAGS=${cflags.join(' ')}`] : []),
		...(libs.length > 0 ? [`${variable}_LDFLAGS=${libs.join(' ')}`] : []),
		[
			module.name,
			...sources,
			...(cflags.length > 0 ? [`$(${variable}_CFLAGS)`] : []),
			...(libs.length > 0 ? [`$(${variable}_LDFLAGS)`] : []),
		].join(' '),
	];
}

/** A word for the shell, by way of make. */
function makeWord(word: string): string {
	const quoted = /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
	return quoted.replaceAll('$', '$$$$');
}
