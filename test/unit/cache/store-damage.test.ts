import {
	existsSync,
	lstatSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeActionResult } from '../../../src/cache/action-result.js';
import {
	describeTree,
	fillThing,
	NAME,
	openThings,
	storedThing,
	temporaryFolder,
} from '../../helpers/store-fixture.js';

type Thing = Awaited<ReturnType<typeof storedThing>>;

/** The files of an entry, by the name of their kind. */
const FILES: Readonly<Record<string, (thing: Thing) => string>> = {
	'file of a tree': ({ tree }) => join(tree, 'deep/bytes'),
	list: ({ list }) => list,
	record: ({ action }) => action,
	blob: ({ layout, action }) => layout.blob(decodeActionResult(readFileSync(action))?.sha256 ?? ''),
};

/** Places to damage: the ends, the middle, and some in between that are the same in every run. */
function places(size: number): readonly number[] {
	const random = Array.from({ length: 4 }, (_, at) => Math.floor((((at + 1) * 0.6180339887) % 1) * size));
	return [...new Set([0, 1, Math.floor(size / 2), size - 2, size - 1, ...random])].filter((at) => at >= 0 && at < size);
}

/** Changes a file without a trace in its size and its time of modification. */
function overwrite(path: string, bytes: Uint8Array): void {
	const { atime, mtime } = lstatSync(path);
	writeFileSync(path, bytes);
	utimesSync(path, atime, mtime);
}

/** What the tree should be. */
async function expected(): Promise<unknown> {
	const folder = await temporaryFolder();
	await fillThing(folder);
	return describeTree(folder);
}

/**
 * Asks for the entry as the next process does, and for all that it consists of: the tree, then its packed form.
 * Says what was wrong; both have to be right afterwards.
 */
async function useAll({ root, tree }: Thing): Promise<readonly string[]> {
	const said: string[] = [];
	for (const drop of [false, true]) {
		if (drop) rmSync(tree, { recursive: true });
		const { store, ensure, warnings } = await openThings(root);
		const entry = await ensure();
		expect(await describeTree(entry.path)).toEqual(await expected());
		await store.close();
		said.push(...warnings.map(({ code }) => code));
	}
	// All is right again: nothing more is said, and nothing is made.
	const { store, ensure, warnings, made } = await openThings(root);
	await ensure();
	await store.close();
	expect({ warnings, made: made() }).toEqual({ warnings: [], made: 0 });
	expect(readdirSync(join(root, 'tmp'))).toEqual([]);
	return said;
}

describe.each(Object.keys(FILES))('a %s', (kind) => {
	const fileOf = (thing: Thing) => FILES[kind]?.(thing) ?? '';

	test('with one changed bit is noticed once, and made good', async () => {
		const thing = await storedThing();
		for (const at of places(readFileSync(fileOf(thing)).length)) {
			const bytes = readFileSync(fileOf(thing));
			bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
			overwrite(fileOf(thing), bytes);
			expect(await useAll(thing), `byte ${at}`).toEqual(['cache/damaged']);
		}
	});

	test('that is cut is noticed once, and made good', async () => {
		const thing = await storedThing();
		for (const size of places(readFileSync(fileOf(thing)).length)) {
			overwrite(fileOf(thing), readFileSync(fileOf(thing)).subarray(0, size));
			expect(await useAll(thing), `cut to ${size}`).toEqual(['cache/damaged']);
		}
	});

	test('that is longer is noticed once, and made good', async () => {
		const thing = await storedThing();
		overwrite(fileOf(thing), Buffer.concat([readFileSync(fileOf(thing)), Buffer.of(0)]));
		expect(await useAll(thing)).toEqual(['cache/damaged']);
	});
});

test('damage is told in words, and of a tree it is made good from the packed form', async () => {
	const { root, tree } = await storedThing();
	writeFileSync(join(tree, 'a file'), 'kontent\n');
	const { find, warnings, made } = await openThings(root);
	expect(await find()).toEqual({ path: tree, origin: 'local' });
	expect(await find()).toEqual({ path: tree, origin: 'local' });
	expect(warnings).toEqual([
		{
			code: 'cache/damaged',
			severity: 'warning',
			message: `the cache entry of "thing" ${NAME.key.slice(0, 12)} is damaged: the content of "a file" has changed`,
			hint: 'it is made again; if this comes back, look for what writes to the cache folder, or for a failing disk',
		},
	]);
	expect(made()).toBe(0);
	expect(await describeTree(tree)).toEqual(await expected());
});

test('a damaged tree without a packed form is dropped', async () => {
	const { root, tree, list } = await storedThing(false);
	writeFileSync(join(tree, 'added'), '');
	const { find, ensure, warnings, made } = await openThings(root);
	expect(await find()).toBe(undefined);
	expect([existsSync(tree), existsSync(list)]).toEqual([false, false]);
	expect(warnings.map(({ code }) => code)).toEqual(['cache/damaged']);
	expect(await ensure()).toEqual({ path: tree, origin: 'made' });
	expect(made()).toBe(1);
});

test('a record that names another blob is noticed', async () => {
	const one = await storedThing();
	rmSync(one.tree, { recursive: true });
	rmSync(FILES.blob?.(one) ?? '');
	const { find, warnings } = await openThings(one.root);
	expect(await find()).toBe(undefined);
	expect(warnings.map(({ message }) => message)).toEqual([
		`the cache entry of "thing" ${NAME.key.slice(0, 12)} is damaged: the packed files that its record names are missing`,
	]);
	expect(existsSync(one.action)).toBe(false);
});

test('an entry under the name of another one is noticed, as tree and as blob', async () => {
	const { root, layout, tree, list, action } = await storedThing();
	const other = { kind: NAME.kind, key: 'f'.repeat(64) as typeof NAME.key };
	renameSync(tree, layout.tree(other));
	renameSync(list, layout.list(other));
	renameSync(action, layout.action(other));
	const { store, warnings } = await openThings(root);
	expect(await store.find(other.kind, other.key)).toBe(undefined);
	expect(warnings.map(({ message }) => message)).toEqual([
		'the cache entry of "thing" ffffffffffff is damaged: the list of its files cannot be read',
	]);
	expect([existsSync(layout.tree(other)), existsSync(layout.action(other))]).toEqual([false, false]);
});
