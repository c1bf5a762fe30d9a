import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generate } from '../../src/generate/index.js';
import { readManifest } from '../../src/manifest/read.js';
import { nativeSources } from './native-sources.js';

const cases = join(import.meta.dirname, 'cases');

describe.each(readdirSync(cases))('%s', (name) => {
	const folder = join(cases, name);
	const expected = join(folder, 'expected');

	test('gives the expected files', async () => {
		const manifest = await readManifest(join(folder, 'project.yaml'));
		const generated = generate(manifest, nativeSources(manifest));
		for (const [path, text] of generated) {
			await expect(text).toMatchFileSnapshot(join(expected, path));
		}
		const entries = await readdir(expected, { recursive: true, withFileTypes: true });
		const found = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
		expect(found.map((path) => relative(expected, path)).sort()).toEqual([...generated.keys()]);
	});

	test('gives the same files again, wherever the project lies', async () => {
		const manifest = await readManifest(join(folder, 'project.yaml'));
		const text = readFileSync(manifest.file.path, 'utf8');
		const moved = { ...manifest, folder: '/elsewhere', file: { path: '/elsewhere/project.yaml', text } };
		const sources = nativeSources(manifest);
		expect([...generate(moved, sources)]).toEqual([...generate(manifest, sources)]);
	});
});
