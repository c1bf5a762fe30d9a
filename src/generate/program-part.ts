import type { Manifest } from '../manifest/manifest.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { entryPoints } from './support.js';
import { readTemplate } from './template.js';

/** What every interpreter has, whatever its manifest: how it talks with its host, and the entry points of that. */
const always: readonly string[] = ['cpybuild.h', '_cpybuild.c', ...entryPoints];

/**
 * The C files that are linked into every interpreter beside its modules, and the headers that they include. What a
 * manifest needs besides is among its generated files.
 */
export function programPart(manifest: Manifest, generated: Files): Files {
	const header = `/* ${headerText(manifest)} */`;
	const ofModules = new Set(manifest.modules.flatMap(({ name }) => [`c/${name}.c`, `c/${name}_imports.h`]));
	return files([
		...always.map((name) => [`c/${name}`, `${header}\n\n${readTemplate(`c/${name}`)}`] as const),
		...[...generated].filter(([path]) => /^c\/.*\.[ch]$/.test(path) && !ofModules.has(path)),
	]);
}
