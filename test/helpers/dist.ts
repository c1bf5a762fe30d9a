import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cpybuild, ROOT } from './cli.js';

/** CPython versions that the tests build. */
export const VERSIONS = ['3.13.5', '3.11.2'] as const;

/**
 * Builds the manifest of a folder of `test/e2e` (every type, hosts that misbehave) for a version of CPython, and
 * gives its dist folder. It lies in the repository's `.cpybuild`, so that later calls find it up to date.
 */
export async function builtDist(version: string = VERSIONS[0], programs = 'programs'): Promise<string> {
	const folder = join(ROOT, '.cpybuild/test', programs === 'programs' ? version : `${programs}-${version}`);
	await cp(join(ROOT, 'test/e2e', programs), folder, { recursive: true });
	const manifest = join(folder, 'project.yaml');
	const text = await readFile(manifest, 'utf8');
	await writeFile(manifest, text.replace(/^python: .*$/m, `python: "${version}"`));
	const { code, stderr } = await cpybuild(['build'], { cwd: folder });
	if (code !== 0) throw new Error(`the test interpreter did not build:\n${stderr}`);
	return join(folder, 'dist');
}
