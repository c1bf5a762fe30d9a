import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../../src/diagnostics/render.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import { readManifest } from '../../../src/manifest/read.js';
import type { CorpusCase } from './corpus.js';

/** What comes of a project of the world `corpus`: a manifest, or what a user sees. */
export type CorpusProject =
	| { readonly manifest: Manifest; readonly said?: undefined }
	| { readonly manifest?: undefined; readonly said: string };

/** Reads a manifest that consists of a case's world. It lies in the repository's `.cpybuild`, so that paths stay relative. */
export async function corpusProject({ name, path }: CorpusCase, more = ''): Promise<CorpusProject> {
	const folder = join('.cpybuild/test/wit-corpus', name);
	mkdirSync(folder, { recursive: true });
	const wit = `wit: { path: ${relative(folder, path)}, world: corpus }`;
	writeFileSync(join(folder, 'project.yaml'), `python: "3.13.5"\n${wit}\n${more}`);
	try {
		return { manifest: await readManifest(join(folder, 'project.yaml')) };
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return { said: renderPretty(error.diagnostics) };
	}
}
