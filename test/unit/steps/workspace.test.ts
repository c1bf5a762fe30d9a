import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/cache/store.js';
import { forgetPlace, inPlainFolder, type Workspace } from '../../../src/steps/base/workspace.js';

async function temporaryFolder(): Promise<string> {
	const folder = await realpath(await mkdtemp(join(tmpdir(), 'cpybuild-workspace-')));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

test('a workspace lies in the cache', async () => {
	const root = await temporaryFolder();
	const used = await inPlainFolder(await openStore(root), async (folder) => folder);
	expect(dirname(used)).toBe(join(root, 'tmp'));
});

test.each(['a b', 'a;b', 'a=b', "a'b", 'a"b', 'a$b', 'a#b', 'ü'])(
	'a workspace lies elsewhere when the cache is called %s, and is removed',
	async (name) => {
		const root = join(await temporaryFolder(), name);
		await mkdir(root);
		const used = await inPlainFolder(await openStore(root), async (folder) => {
			await writeFile(join(folder, 'file'), '');
			return folder;
		});
		expect(dirname(used)).toBe(await realpath(tmpdir()));
		expect(existsSync(used)).toBe(false);
	},
);

test('the Makefile does not tell where the workspace was', async () => {
	const build = await temporaryFolder();
	const makefile = (source: string, folder: string) =>
		`srcdir=\t\t../source\nabs_srcdir=\t${source}\nabs_builddir=\t${folder}\nCOVERAGE_INFO=\t$(abs_builddir)/coverage.info\n`;
	await writeFile(join(build, 'Makefile'), makefile(`${build}/../source`, build));
	await forgetPlace({ build } as Workspace);
	expect(await readFile(join(build, 'Makefile'), 'utf8')).toBe(makefile('/source', '/build'));
});
