import { readFile } from 'node:fs/promises';
import { CPYTHON_PINS } from './cpython/pins.js';
import type { Files } from './generate/files.js';
import type { Manifest, Module } from './manifest/manifest.js';
import { readManifest } from './manifest/read.js';
import { includedFiles } from './toolchain/included-files.js';

/** Reads and validates a manifest; hints of its problems know which CPython releases are pinned. */
export async function loadManifest(path: string): Promise<Manifest> {
	return readManifest(path, { pinnedVersions: CPYTHON_PINS.map((pin) => pin.version) });
}

/** Everything that is generated from a manifest, bindings and the patch with the user's own C files included. */
export async function generateProject(manifest: Manifest): Promise<Files> {
	// A build needs only a part of it, and what makes the diff for CPython is large.
	const [{ generate }, sources] = await Promise.all([
		import('./generate/index.js'),
		readNativeSources(manifest.modules),
	]);
	return generate(manifest, sources);
}

/** The WIT text of a manifest, with its doc comments. */
export async function printProjectWit(manifest: Manifest): Promise<string> {
	const [{ outlineOf }, { printWit }] = await Promise.all([
		import('./contract/outline.js'),
		import('./contract/print-wit.js'),
	]);
	return printWit(outlineOf(manifest), { docs: true });
}

/** The texts of the native modules' files, by absolute path. */
async function readNativeSources(modules: readonly Module[]): Promise<ReadonlyMap<string, string>> {
	const natives = modules.filter((module) => module.kind === 'native');
	const paths = new Set(natives.flatMap(({ sources, include }) => includedFiles(sources, include).present));
	const texts = Array.from(paths, async (path) => [path, await readFile(path, 'utf8')] as const);
	return new Map(await Promise.all(texts));
}
