import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keyOf } from '../../../src/cache/key.js';
import { processSpace } from '../../../src/cache/process-alive.js';
import { openStore } from '../../../src/cache/store.js';

const key = keyOf('thing', { a: 1 }, {});

/** The number of a process that has ended: the largest that Linux gives. */
const ENDED = 4_194_304;

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-store-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

test('an entry is made once, and is there whole or not at all', async () => {
	const root = await temporaryFolder();
	const store = await openStore(root);
	let made = 0;
	const fill = async (folder: string) => {
		made++;
		await writeFile(join(folder, 'file'), 'content');
		expect(store.has('thing', key)).toBe(false);
	};
	const { path: entry } = await store.ensure('thing', key, { fill, shared: false });
	expect(await store.ensure('thing', key, { fill, shared: false })).toEqual({ path: entry, origin: 'local' });
	expect(made).toBe(1);
	expect(entry).toBe(join(root, 'trees/thing', key));
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('an entry whose making fails leaves nothing', async () => {
	const root = await temporaryFolder();
	const store = await openStore(root);
	const fill = async (folder: string) => {
		await writeFile(join(folder, 'half'), '');
		throw new Error('no more');
	};
	const failing = store.ensure('thing', key, { fill, shared: false });
	await expect(failing).rejects.toThrow('no more');
	expect(store.has('thing', key)).toBe(false);
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('two that make the same entry at once both get it', async () => {
	const root = await temporaryFolder();
	const [one, two] = [await openStore(root), await openStore(root)];
	const making = { fill: (folder: string) => writeFile(join(folder, 'file'), 'same'), shared: false };
	const entries = await Promise.all([one.ensure('thing', key, making), two.ensure('thing', key, making)]);
	expect(entries[0].path).toBe(entries[1].path);
	expect(await readFile(join(entries[0].path, 'file'), 'utf8')).toBe('same');
	expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('opening removes what ended processes of this host left, and nothing else', async () => {
	const root = await temporaryFolder();
	const stays = [
		`${processSpace()}-${process.pid}-abc123`,
		// Other hosts that share the folder: their names may begin or end as this one's.
		`${processSpace()}-${ENDED}-9-${ENDED}-abc123`,
		`x${processSpace()}-${ENDED}-abc123`,
		`${processSpace()}-2-${ENDED}-abc123`,
		'something-else',
	];
	const goes = `${processSpace()}-${ENDED}-abc123`;
	for (const name of [...stays, goes]) await mkdir(join(root, 'tmp', name, 'entry'), { recursive: true });
	await openStore(root);
	expect((await readdir(join(root, 'tmp'))).sort()).toEqual([...stays].sort());
});
