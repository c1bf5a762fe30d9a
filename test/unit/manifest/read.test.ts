import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { readManifest } from '../../../src/manifest/read.js';

let folder = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cpybuild-manifest-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function problemOf(path: string): Promise<readonly (string | undefined)[]> {
	try {
		await readManifest(path);
		return [];
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return error.diagnostics.flatMap(({ code, message, hint }) => [code, message.replaceAll(folder, '~'), hint]);
	}
}

test('a file with a byte order mark is read, and its folder is absolute', async () => {
	const path = join(folder, 'project.yaml');
	await writeFile(path, '\ufeffpython: "3.13.5"\nmodules: {}\n');
	const manifest = await readManifest(path);
	expect([manifest.folder, manifest.file.path, manifest.python.span.start]).toEqual([folder, path, 8]);
});

test('a missing file is reported', async () => {
	expect(await problemOf(join(folder, 'missing.yaml'))).toEqual([
		'manifest/unreadable',
		'"~/missing.yaml" does not exist',
		'name the manifest, or make a new project with "cpybuild init"',
	]);
});

test('a folder in place of the file is reported', async () => {
	expect(await problemOf(folder)).toEqual([
		'manifest/unreadable',
		'"~" is a folder',
		'name the manifest in it, for example project.yaml',
	]);
});

test('a file over 1 MiB is refused unread', async () => {
	const path = join(folder, 'large.yaml');
	await writeFile(path, `#${' '.repeat(2 ** 20)}`);
	expect(await problemOf(path)).toEqual([
		'manifest/too-large',
		'"~/large.yaml" is larger than 1 MiB, which no manifest is',
		'name the manifest, for example project.yaml',
	]);
});
