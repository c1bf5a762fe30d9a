import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../src/manifest/manifest.js';

/** The texts of a manifest's C files and of the headers in its include folders. */
export function nativeSources(manifest: Manifest): ReadonlyMap<string, string> {
	const paths = manifest.modules.flatMap((module) =>
		module.kind === 'host' ? [] : [...module.sources, ...module.include.flatMap(filesBelow)],
	);
	return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

function filesBelow(folder: string): readonly string[] {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
}
