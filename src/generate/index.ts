import type { Manifest } from '../manifest/manifest.js';
import { type Files, files } from './files.js';
import { headerText } from './header.js';
import { generateInterfaces } from './interfaces.js';
import { cpythonPatch } from './patch.js';
import { setupLines } from './setup.js';
import { placeSources } from './sources.js';
import { generateStubs } from './stubs.js';

/**
 * All files that a manifest makes. `nativeSources` are the texts of the native modules' C files and of the headers in
 * their include folders, by absolute path; they go into the diff for CPython.
 */
export function generate(manifest: Manifest, nativeSources: ReadonlyMap<string, string> = new Map()): Files {
	const places = placeSources(manifest);
	const lines = setupLines(manifest, places);
	const generated = generateStubs(manifest);
	return files([
		...generated,
		...generateInterfaces(manifest),
		['Setup.bootstrap', `# ${headerText(manifest)}\n${lines.map((line) => `${line}\n`).join('')}`],
		['cpython.patch', cpythonPatch({ manifest, places, generated, nativeSources, setupLines: lines })],
	]);
}
