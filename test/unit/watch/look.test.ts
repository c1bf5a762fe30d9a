import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Look, lookAt } from '../../../src/watch/look.js';

/** What somebody does to the files below a folder. */
type Change = (path: (name: string) => string) => void;

const write =
	(name: string, text = 'text'): Change =>
	(path) => {
		mkdirSync(dirname(path(name)), { recursive: true });
		writeFileSync(path(name), text);
	};

/** As most editors save. */
const save =
	(name: string): Change =>
	(path) => {
		writeFileSync(path(`${name}~`), 'saved');
		renameSync(path(`${name}~`), path(name));
	};

const remove =
	(name: string): Change =>
	(path) =>
		rmSync(path(name), { recursive: true });

const move =
	(from: string, to: string): Change =>
	(path) =>
		renameSync(path(from), path(to));

const link =
	(target: string, name: string): Change =>
	(path) => {
		symlinkSync(target, path(`${name}.new`));
		renameSync(path(`${name}.new`), path(name));
	};

/** An empty folder, and paths in it. */
function makeFolder(): (name: string) => string {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-look-'));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return (name) => join(folder, name);
}

/** Looks at files and waits for changes of them; what is waited for forever fails the test by its time limit. */
function look(files: readonly string[], poll: boolean) {
	let current: Look | undefined;
	onTestFinished(() => current?.close());
	return async (change: () => void): Promise<void> => {
		await new Promise<void>((resolve) => {
			current?.close();
			current = lookAt(files, resolve, { every: 20, poll });
			change();
		});
	};
}

/** Waits until the system has told of all that happened until now: it tells in the order of what happens. */
async function allTold(path: (name: string) => string): Promise<void> {
	const witness = watch(path('.'));
	const told = new Promise<void>((resolve) => {
		witness.on('change', (_, name) => name === 'now' && resolve());
	});
	write('now')(path);
	await told;
	witness.close();
}

const situations: readonly [title: string, before: readonly Change[], files: readonly string[], Change[]][] = [
	['that are written', [write('a')], ['a'], [write('a'), write('a')]],
	['that are saved by renaming', [write('a'), write('b')], ['a', 'b'], [save('a'), save('a'), save('b'), write('a')]],
	['that are removed and come back', [write('a'), write('b')], ['a', 'b'], [remove('a'), write('a'), save('a')]],
	['that come to be', [write('a')], ['a', 'b'], [write('b'), write('b', 'more')]],
	[
		'that come to be in a new folder',
		[],
		['a', 'new/folder/b'],
		[write('new/folder/b'), write('new/folder/b', 'more')],
	],
	[
		'whose folder is moved away and made anew',
		[write('s/a'), write('s/b')],
		['s/a', 's/b'],
		[move('s', 't'), write('s/a'), write('s/b'), save('s/a')],
	],
	['whose folder is removed and made anew', [write('s/d/a')], ['s/d/a'], [remove('s'), write('s/d/a'), save('s/d/a')]],
	[
		'behind a link that is changed',
		[write('v1/a', 'one'), write('v2/a', 'other'), link('v1', 'current')],
		['current/a'],
		[write('v1/a', 'more'), link('v2', 'current'), write('v2/a', 'yet more')],
	],
	['that are links', [write('far/a'), link('far/a', 'a')], ['a'], [save('far/a'), write('far/a'), remove('far')]],
	[
		'in a folder that is followed itself, which come to be and vanish',
		[write('wit/a.wit')],
		['wit'],
		[write('wit/b.wit'), write('wit/deps/new/c.wit'), write('wit/deps/new/d.wit'), remove('wit/b.wit')],
	],
	['where a folder stands', [write('a/b')], ['a'], [move('a', 'c'), write('a')]],
];

describe.each([
	['told by the system', false],
	['found by looking from time to time', true],
])('changes %s', (_, poll) => {
	test.each(situations)('are seen of files %s', async (_title, before, files, changes) => {
		const path = makeFolder();
		for (const prepare of before) prepare(path);
		const seen = look(files.map(path), poll);
		for (const change of changes) {
			await allTold(path);
			await seen(() => change(path));
		}
	});
});

test('of other files and of what lies beside them nothing is seen', async () => {
	const path = makeFolder();
	for (const name of ['project.yaml', 'native/a.c', 'dist/python.wasm']) write(name)(path);
	let changes = 0;
	const looking = lookAt([path('project.yaml'), path('native/a.c')], () => changes++, { every: 20, poll: false });
	const others: readonly (readonly [string, Change])[] = [
		['.', write('notes.txt')],
		['.', remove('dist')],
		['.', write('native.txt')],
		['native', write('native/b.c')],
		['native', save('native/b.c')],
	];
	for (const [folder, change] of others) {
		const witness = watch(path(folder));
		const told = once(witness, 'change');
		change(path);
		await told;
		witness.close();
	}
	expect(changes).toBe(0);
	looking.close();
});

test('a look that is closed leaves nothing behind', () => {
	vi.useFakeTimers();
	onTestFinished(() => {
		vi.useRealTimers();
	});
	const path = makeFolder();
	const before = process.getActiveResourcesInfo().filter((name) => name === 'FSEvent').length;
	const looks = [true, false].map((poll) => lookAt([path('a')], () => {}, { every: 20, poll }));
	expect(vi.getTimerCount()).toBe(1);
	for (const one of looks) one.close();
	expect(vi.getTimerCount()).toBe(0);
	expect(process.getActiveResourcesInfo().filter((name) => name === 'FSEvent').length).toBe(before);
});
