import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CPYTHON_PINS } from './cpython/pins.js';
import { generateBindings } from './generate/bindings/index.js';
import { type Files, files } from './generate/files.js';
import { generate } from './generate/index.js';
import type { Manifest, Module } from './manifest/manifest.js';
import { readManifest } from './manifest/read.js';

/** Reads and validates a manifest; hints of its problems know which CPython releases are pinned. */
export async function loadManifest(path: string): Promise<Manifest> {
	return readManifest(path, { pinnedVersions: CPYTHON_PINS.map((pin) => pin.version) });
}

/** Everything that is generated from a manifest, bindings and the patch with the user's own C files included. */
export async function generateProject(manifest: Manifest): Promise<Files> {
	const sources = await readNativeSources(manifest.modules);
	return files([...generate(manifest, sources), ...generateBindings(manifest)]);
}

/** The texts of C files and of the headers in include folders, by absolute path. */
async function readNativeSources(modules: readonly Module[]): Promise<ReadonlyMap<string, string>> {
	const paths = await Promise.all(modules.map(nativePaths));
	const texts = paths.flat().map(async (path) => [path, await readFile(path, 'utf8')] as const);
	return new Map(await Promise.all(texts));
}

async function nativePaths(module: Module): Promise<readonly string[]> {
	if (module.kind !== 'native') return [];
	const headers = await Promise.all(module.include.map(listHeaders));
	return [...module.sources, ...headers.flat()];
}

async function listHeaders(folder: string): Promise<string[]> {
	const paths = await readdir(folder, { recursive: true });
	return paths
		.filter((path) => /\.(h|hh|hpp|inc)$/.test(path))
		.sort()
		.map((path) => join(folder, path));
}
