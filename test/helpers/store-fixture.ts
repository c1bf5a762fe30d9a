import { lstatSync } from 'node:fs';
import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Key, keyOf } from '../../src/cache/key.js';
import { layoutOf } from '../../src/cache/layout.js';
import { openStore, type StoreOptions } from '../../src/cache/store.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import { hashFolder, listFiles } from './folder.js';
import { fillSmall, fillThing, NAME } from './store-entry.js';

export { fillSmall, fillThing, NAME };

/** What `fillThing` wrote, in a form that can be compared: contents, permissions, links and empty folders. */
export async function describeTree(folder: string): Promise<unknown> {
	const links = listFiles(folder).filter((path) => lstatSync(join(folder, path)).isSymbolicLink());
	const executables = listFiles(folder).filter((path) => lstatSync(join(folder, path)).mode & 0o100);
	return {
		hashes: hashFolder(folder),
		links: await Promise.all(links.map(async (path) => [path, await readlink(join(folder, path))])),
		executables,
		folder: lstatSync(join(folder, 'nothing/inside')).isDirectory(),
	};
}

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-store-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
	return folder;
}

/** A store of a test, what it warns of, and how often the entry was made. */
export async function openThings(root: string, options: Partial<StoreOptions> = {}, write = fillThing) {
	const warnings: Diagnostic[] = [];
	let made = 0;
	const store = await openStore(root, { ...options, warn: (warning) => warnings.push(warning) });
	onTestFinished(() => store.close());
	const fill = async (folder: string) => {
		made++;
		await write(folder);
	};
	return {
		store,
		warnings,
		find: () => store.find(NAME.kind, NAME.key),
		ensure: (shared = true) => store.ensure(NAME.kind, NAME.key, { fill, shared }),
		made: () => made,
	};
}

/** A cache folder with the entry in it, packed. */
export async function storedThing(shared = true, write = fillThing) {
	const root = await temporaryFolder();
	const { store, ensure } = await openThings(root, {}, write);
	await ensure(shared);
	await store.close();
	const layout = layoutOf(root);
	return { root, layout, tree: layout.tree(NAME), list: layout.list(NAME), action: layout.action(NAME) };
}

/** A key that names nothing. */
export const OTHER_KEY: Key = keyOf('thing', { a: 2 }, {});
