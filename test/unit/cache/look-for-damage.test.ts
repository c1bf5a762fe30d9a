import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { keyOf } from '../../../src/cache/key.js';
import { type EntryName, layoutOf } from '../../../src/cache/layout.js';
import { processSpace } from '../../../src/cache/process-alive.js';
import { hasEntry, openStore } from '../../../src/cache/store.js';
import { leftovers } from '../../../src/cache/sweep.js';
import { lookForDamage, verifyEntries } from '../../../src/cache/verify.js';

let root = '';

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'cpybuild-cache-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
});

async function addEntry(kind: string): Promise<EntryName> {
	const name = { kind, key: keyOf(kind, null, {}) };
	const store = await openStore(root);
	await store.ensure(name.kind, name.key, { shared: false, fill: (folder) => writeFile(join(folder, 'file'), 'text') });
	await store.close();
	return name;
}

test('damage is found among the entries that are asked for, and nothing is changed', async () => {
	const layout = layoutOf(root);
	const [good, bad] = [await addEntry('good'), await addEntry('bad')];
	expect(await lookForDamage(layout, [good, bad])).toEqual({ looked: 2, damaged: [] });
	await appendFile(join(layout.tree(bad), 'file'), 'more');
	const damage = { ...bad, what: '"file" has 8 bytes instead of 4' };
	const before = (await readdir(root, { recursive: true })).sort();
	expect(await lookForDamage(layout, [good, bad])).toEqual({ looked: 2, damaged: [damage] });
	expect(await lookForDamage(layout, [good])).toEqual({ looked: 1, damaged: [] });
	expect((await readdir(root, { recursive: true })).sort()).toEqual(before);
	expect(await verifyEntries(layout, [good, bad], { keep: false })).toEqual([damage]);
	expect([hasEntry(layout, good), hasEntry(layout, bad)]).toEqual([true, false]);
});

test('no more is looked at than the time allows, and an interruption ends it', async () => {
	const name = await addEntry('good');
	expect(await lookForDamage(layoutOf(root), [name], { ms: -1 })).toEqual({ looked: 0, damaged: [] });
	const looking = lookForDamage(layoutOf(root), [name], { signal: AbortSignal.abort() });
	await expect(looking).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
});

test('what killed processes left is listed, what living ones and other machines have is not', async () => {
	const layout = layoutOf(root);
	expect(leftovers(layout)).toEqual([]);
	const names = [
		`${processSpace()}-999999999-abcdef`,
		`${processSpace()}-${process.pid}-abcdef`,
		'elsewhere.1-999999999-abcdef',
		'unknown',
	];
	for (const name of names) await mkdir(join(layout.tmp, name), { recursive: true });
	expect(leftovers(layout)).toEqual([`tmp/${names[0]}`]);
});
