import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildTwice, differences, filesWith } from '../helpers/circumstances.js';
import { trapProject } from '../helpers/traps.js';

test('places, users, clocks, time zones, locales, umasks and job counts do not show in what a build makes', async () => {
	const [here, there] = await buildTwice('3.13.5', trapProject('3.13.5'), ['--compiler', 'native']);
	for (const { ended } of [here, there]) expect(ended.code, ended.stderr).toBe(0);
	// The clock was off indeed.
	expect(there.year).toBeGreaterThan(here.year + 2);
	expect(differences(here.dist, there.dist)).toEqual([]);
	for (const kind of ['source', 'base', 'stdlib', 'compile', 'inittab', 'link', 'verify']) {
		const [trees, others] = [here, there].map(({ cache }) => join(cache, 'trees', kind));
		// The same keys, too.
		expect(readdirSync(others ?? '')).toEqual(readdirSync(trees ?? ''));
		expect(differences(trees ?? '', others ?? '')).toEqual([]);
		for (const { cache, words } of [here, there]) expect(filesWith(words, join(cache, 'trees', kind))).toEqual([]);
	}
});
