import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { differences, filesWith, type MadeBuild } from './circumstances.js';

/** Kinds of entries that a remote cache shares between machines. */
const SHARED = ['base', 'stdlib', 'compile', 'inittab', 'link', 'verify'];

/** Two builds that had nothing in common gave the same bytes: in `dist`, and in what a remote cache would share. */
export function expectEqualBuilds([here, there]: readonly [MadeBuild, MadeBuild]): void {
	for (const { ended } of [here, there]) expect(ended.code, ended.stderr).toBe(0);
	// The clock was off indeed.
	expect(there.year).toBeGreaterThan(here.year + 2);
	expectEqualBytes(here, there);
}

/** What two builds left in `dist` and in their caches. */
export type Left = Pick<MadeBuild, 'dist' | 'cache' | 'words'>;

/** The bytes that two builds left are equal, and tell nothing of the machine. */
export function expectEqualBytes(here: Left, there: Left): void {
	expect(differences(here.dist, there.dist)).toEqual([]);
	// CPython's source stays on its machine, and what is made of it must not depend on that.
	for (const kind of ['source', ...SHARED]) {
		const [trees, others] = [join(here.cache, 'trees', kind), join(there.cache, 'trees', kind)];
		expect(keysIn(others)).toEqual(keysIn(trees));
		for (const key of keysIn(trees)) expect(differences(join(trees, key), join(others, key))).toEqual([]);
		for (const { cache, words } of [here, there]) {
			const found = keysIn(trees).flatMap((key) => filesWith(words, join(cache, 'trees', kind, key)));
			expect(found).toEqual([]);
		}
	}
	// Packed, too: the blobs' names are the hashes of their bytes.
	const records = ({ cache }: Left) =>
		SHARED.map((kind) => differences(join(cache, 'ac', kind), join(there.cache, 'ac', kind)));
	expect(records(here)).toEqual(SHARED.map(() => []));
}

/** Keys of the unpacked entries of a kind; beside each lies the list of its files, with times of this machine. */
function keysIn(trees: string): readonly string[] {
	return readdirSync(trees)
		.filter((name) => !name.endsWith('.json'))
		.sort();
}
