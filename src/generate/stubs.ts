import type { Manifest, Module } from '../manifest/manifest.js';
import { type CImport, cImport } from './c/import.js';
import { importsHeader } from './c/imports-header.js';
import { cIdentifier, uniqueName } from './c/names.js';
import { cStub } from './c/stub.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { hasImports, importsOf } from './setup.js';
import { isNative } from './sources.js';
import { readTemplate } from './template.js';

/** Path and text of a generated file. */
type Entry = readonly [string, string];

/** What is compiled: the stubs of the host modules, the headers of the native ones, and what both use. */
export function generateStubs(manifest: Manifest): Files {
	const header = `/* ${headerText(manifest)} */`;
	const importsByModule = describeImports(manifest);
	const fixed = hasImports(manifest) ? ['cpybuild.h', '_cpybuild.c'] : [];
	return files([
		...fixed.map((name): Entry => [`c/${name}`, `${header}\n\n${readTemplate(`c/${name}`)}`]),
		...manifest.modules.flatMap((module): Entry[] => {
			const imports = importsByModule.get(module) ?? [];
			if (!isNative(module)) {
				return [[`c/${module.name}.c`, cStub(module, imports, header)]];
			}
			return imports.length === 0 ? [] : [[`c/${module.name}_imports.h`, importsHeader(module, imports, header)]];
		}),
	]);
}

/** Symbols of imports are global in the program, so that they must differ between modules too. */
function describeImports(manifest: Manifest): ReadonlyMap<Module, readonly CImport[]> {
	const used = new Set<string>();
	return new Map(
		manifest.modules.map((module) => [
			module,
			importsOf(module).map((one) => {
				const native = isNative(module);
				const wanted = `${cIdentifier(module.name)}_${native ? 'host_' : ''}${cIdentifier(one.name)}`;
				const name = uniqueName(wanted, used, native ? ['', '_raw', '_params'] : ['_import', '_params']);
				return cImport(module.name, one, { symbol: `${name}_${native ? 'raw' : 'import'}`, record: `${name}_params` });
			}),
		]),
	);
}
