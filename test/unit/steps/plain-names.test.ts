import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withPlainNames } from '../../../src/steps/plain-names.js';

/** A folder with files in it. */
async function folderOf(files: readonly string[]): Promise<string> {
	const root = await realpath(await mkdtemp(join(tmpdir(), 'cpybuild-plain-')));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	for (const path of files) {
		await mkdir(dirname(join(root, path)), { recursive: true });
		await writeFile(join(root, path), path);
	}
	return root;
}

test('paths without "=" are their own names', async () => {
	await withPlainNames(['/a b;c', '/d'], async ({ to, back }) => {
		expect(to('/a b;c/x.c')).toBe('/a b;c/x.c');
		expect(back('/d/x.c:1: error')).toBe('/d/x.c:1: error');
	});
});

test('a name without "=" leads to the same file, and back', async () => {
	const root = await folderOf(['dt=1/src/x.c', 'dt=1/inc/x.h']);
	const project = join(root, 'dt=1');
	const gone = await withPlainNames([project, join(project, 'src')], async ({ to, back }) => {
		const name = to(join(project, 'src/x.c'));
		expect(name).not.toContain('=');
		expect(await readFile(name, 'utf8')).toBe('dt=1/src/x.c');
		expect(await readFile(`${dirname(name)}/../inc/x.h`, 'utf8')).toBe('dt=1/inc/x.h');
		// Folders in each other share a link, so that ways between them stay.
		expect(join(dirname(name), '../inc')).toBe(to(join(project, 'inc')));
		expect(back(`In file ${name}:1:2: error`)).toBe(`In file ${project}/src/x.c:1:2: error`);
		expect(to(root)).toBe(root);
		return name;
	});
	expect(existsSync(gone)).toBe(false);
});

test('a folder in another has a link of its own when both have "="', async () => {
	const root = await folderOf(['a=1/b=2/x.c']);
	const folders = [join(root, 'a=1'), join(root, 'a=1/b=2')];
	await withPlainNames(folders, async ({ to }) => {
		const name = to(join(root, 'a=1/b=2/x.c'));
		expect(name).not.toContain('=');
		expect(await readFile(name, 'utf8')).toBe('a=1/b=2/x.c');
	});
});
