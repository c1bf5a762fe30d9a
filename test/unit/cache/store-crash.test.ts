import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { decodeActionResult } from '../../../src/cache/action-result.js';
import { sha256 } from '../../../src/cache/key.js';
import { layoutOf } from '../../../src/cache/layout.js';
import { openStore } from '../../../src/cache/store.js';
import { dieAt } from '../../helpers/crash.js';
import { hashFolder } from '../../helpers/folder.js';
import { fillSmall, NAME, openThings, storedThing, temporaryFolder } from '../../helpers/store-fixture.js';

class Dead extends Error {}

/** Many stores or processes, on machines that may have other things to do. */
const SLOW = { timeout: 60_000 };

/** Ensures the entry and dies at a change of the file system: from then on all changes fail, also those that clean up. */
async function ensureAndDie(root: string, last: number): Promise<boolean> {
	const end = dieAt(
		(_, count) => count === last,
		() => {
			throw new Dead();
		},
	);
	try {
		const store = await openStore(root);
		await store.ensure(NAME.kind, NAME.key, { fill: fillSmall, shared: true }).finally(store.close);
		return end();
	} catch (error) {
		end();
		if (error instanceof Dead) return true;
		throw error;
	}
}

/** Says what the next process says, after it has used the tree, and then only the packed form. */
async function useAfterwards(root: string): Promise<readonly string[]> {
	const said: string[] = [];
	const { tree, blob } = pathsOf(root);
	for (const drop of [() => {}, () => rmSync(tree, { recursive: true })]) {
		drop();
		const { store, ensure, warnings } = await openThings(root, {}, fillSmall);
		const entry = await ensure();
		await store.close();
		expect(hashFolder(entry.path)).toEqual({ 'a file': sha256('content\n') });
		expect(existsSync(blob())).toBe(true);
		said.push(...warnings.map(({ message }) => message));
	}
	return said;
}

function pathsOf(root: string) {
	const layout = layoutOf(root);
	const record = () => decodeActionResult(readFileSync(layout.action(NAME)));
	return { ...layout, tree: layout.tree(NAME), blob: () => layout.blob(record()?.sha256 ?? 'none') };
}

const situations: readonly [string, () => Promise<string>][] = [
	['in an empty cache', temporaryFolder],
	[
		'with a packed entry',
		async () => {
			const { root, tree, list } = await storedThing(true, fillSmall);
			rmSync(tree, { recursive: true });
			rmSync(list);
			return root;
		},
	],
	[
		'with an entry that is not packed',
		async () => {
			const { root, action } = await storedThing(true, fillSmall);
			rmSync(pathsOf(root).blob());
			rmSync(action);
			return root;
		},
	],
];

test.each(situations)(
	'a process that dies %s, at any change of the file system, leaves nothing wrong',
	async (_, prepare) => {
		let died = 0;
		for (let isDead = true; isDead; died++) {
			const root = await prepare();
			isDead = await ensureAndDie(root, died);
			expect(await useAfterwards(root), `after ${died} changes`).toEqual([]);
		}
		expect(died).toBeGreaterThan(10);
	},
);

test('a process that dies while it repairs leaves nothing wrong', SLOW, async () => {
	for (let died = 0, isDead = true; isDead; died++) {
		const { root, tree } = await storedThing(true, fillSmall);
		writeFileSync(join(tree, 'a file'), 'kontent\n');
		const blob = readFileSync(pathsOf(root).blob());
		writeFileSync(pathsOf(root).blob(), blob.fill(0, 50, 60));
		isDead = await ensureAndDie(root, died);
		// What is damaged is told until it is repaired; what is told is nothing but that.
		for (const message of await useAfterwards(root)) {
			expect(message).toMatch(/is damaged: (the content of "a file" has changed|the packed files have changed)$/);
		}
	}
});

/** Runs a process that uses the entry. */
async function useStore(root: string, last = '', log = '') {
	const script = new URL('../../helpers/use-store.ts', import.meta.url).pathname;
	const child = spawn(process.execPath, ['--import', 'jiti/register', script, root, last, log]);
	const [out, error, ended] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code))),
	]);
	return { out, error, ended };
}

test.each([
	['while it makes the entry', 'writeFile .*a file'],
	['between list and tree', 'renameSync .*/tree '],
	['while it packs', 'writeFile .*/blob'],
	['between blob and record', 'renameSync .*/action '],
])('a process that is killed %s leaves nothing wrong, and is cleaned up after', SLOW, async (_, last) => {
	const root = await temporaryFolder();
	expect(await useStore(root, last)).toEqual({ out: '', error: '', ended: 'SIGKILL' });
	expect(await useAfterwards(root)).toEqual([]);
	expect(readdirSync(join(root, 'tmp'))).toEqual([]);
});

test('of several processes that want an entry one makes it, and one packs it', SLOW, async () => {
	const root = await temporaryFolder();
	const log = join(root, 'log');
	const used = await Promise.all(Array.from({ length: 4 }, () => useStore(root, undefined, log)));
	expect(used.map(({ out }) => out).sort()).toEqual(['local', 'local', 'local', 'made']);
	expect(new Set(used.map(({ error, ended }) => `${error}${ended}`))).toEqual(new Set(['0']));
	expect(readFileSync(log, 'utf8')).toBe('made\n');
	expect(readdirSync(join(root, 'cas')).length).toBe(1);
	expect(readdirSync(join(root, 'tmp'))).toEqual([]);
});
