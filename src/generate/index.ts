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
	const generated = generateStubs(manifest);
	return files([...generated, ...generateInterfaces(manifest), ...inTree(manifest, generated, nativeSources)]);
}

/** For builds in CPython's own tree: the lines of its Setup file, and a diff with everything. */
function inTree(manifest: Manifest, generated: Files, nativeSources: ReadonlyMap<string, string>): Files {
	const header = `# ${headerText(manifest)}\n`;
	const dotted = manifest.modules.map(({ name }) => name).filter((name) => name.includes('.'));
	if (dotted.length > 0) {
		// makesetup takes a word with a dot in it for a source or a library.
		const why = `# CPython's makesetup cannot build modules that are in packages in: ${dotted.join(', ')}.`;
		return files([
			['Setup.bootstrap', `${header}${why}\n# So there is no cpython.patch either; "cpybuild build" builds them.\n`],
		]);
	}
	const places = placeSources(manifest);
	const lines = setupLines(manifest, places);
	return files([
		['Setup.bootstrap', `${header}${lines.map((line) => `${line}\n`).join('')}`],
		['cpython.patch', cpythonPatch({ manifest, places, generated, nativeSources, setupLines: lines })],
	]);
}
