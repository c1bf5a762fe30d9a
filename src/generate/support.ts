import { importedFunctions } from '../manifest/imports.js';
import type { HostModule, Manifest } from '../manifest/manifest.js';
import type { Signature } from '../wit/type.js';
import { isPlainType } from './c/type.js';
import { takesValues } from './c/values/export.js';
import { packageNames } from './packages.js';
import { isNative } from './sources.js';

/** What all generated modules use. */
const ofAll: readonly string[] = ['cpybuild.h', '_cpybuild.c'];

/** The entry points of hosts. */
export const entryPoints: readonly string[] = ['embed.h', '_embed.c', '_report.c'];

/** The module of the functions that Python code implements. */
export const EXPORTS = '_cpybuild_exports';

/** The packages that modules are in. */
export const PACKAGES = '_cpybuild_packages';

/** What those use whose types are made of others. */
const ofValues: readonly string[] = [
	'cpybuild_types.h',
	'_cpybuild_call.c',
	'_cpybuild_class.c',
	'_cpybuild_enum.c',
	'_cpybuild_list.c',
	'_cpybuild_resource.c',
];

/** The C files and headers, as they are in `templates/c`, that a manifest's modules are compiled with. */
export function supportFiles(manifest: Manifest): readonly string[] {
	const imports = manifest.modules.some((module) => importedFunctions(module).length > 0);
	const signatures = manifest.exports.flatMap(({ functions }) => functions.map(({ signature }) => signature));
	const values =
		manifest.modules.some((module) => !isNative(module) && needsValues(module)) || signatures.some(takesValues);
	const exports = hasExports(manifest);
	const packages = packageNames(manifest).length > 0;
	return [
		...(imports || values || exports || packages ? ofAll : []),
		...(packages ? ['_cpybuild_package.c'] : []),
		...(values ? ofValues : []),
		...(exports ? entryPoints : []),
	];
}

/** Whether the host calls functions that Python code implements. */
export function hasExports(manifest: Manifest): boolean {
	return manifest.exports.some(({ functions }) => functions.length > 0);
}

/** The C files among them. */
export function supportSources(manifest: Manifest): readonly string[] {
	return supportFiles(manifest).filter((name) => name.endsWith('.c'));
}

function needsValues(module: HostModule): boolean {
	if (module.types.some(({ kind }) => kind !== 'alias')) return true;
	return module.functions.some(({ signature }) => hasParts(signature));
}

function hasParts({ params, result }: Signature): boolean {
	return [...params.map(({ type }) => type), result].some((type) => type !== undefined && !isPlainType(type));
}
