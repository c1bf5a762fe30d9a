import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf } from '../../src/cache/key.js';

/** The entry that tests of the store make. */
export const NAME = { kind: 'thing', key: keyOf('thing', { a: 1 }, {}) };

/** Long enough for tar's extended headers. */
const LONG = `deep/${'long-'.repeat(18)}/${'name-'.repeat(30)}.h`;

/** Writes a tree with one of everything. */
export async function fillThing(folder: string): Promise<void> {
	await mkdir(join(folder, LONG, '..'), { recursive: true });
	await mkdir(join(folder, 'nothing/inside'), { recursive: true });
	await writeFile(join(folder, 'a file'), 'content\n');
	await writeFile(join(folder, 'empty'), '');
	await writeFile(join(folder, LONG), 'long');
	await writeFile(join(folder, 'deep/bytes'), Buffer.from(Array.from({ length: 70_000 }, (_, at) => (at * at) % 251)));
	await writeFile(join(folder, 'tool'), '#!/bin/sh\n');
	await chmod(join(folder, 'tool'), 0o755);
	await symlink('../a file', join(folder, 'deep/link'));
}

/** Writes a tree that is quick to make: for tests that make it very often. */
export async function fillSmall(folder: string): Promise<void> {
	await writeFile(join(folder, 'a file'), 'content\n');
}
