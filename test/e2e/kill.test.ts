import { expect, test } from 'vitest';
import { killRounds } from '../helpers/kill-rounds.js';

// A sample of the 180 rounds of test/slow/kill.test.ts, with the same seed.
test('a build after one that was killed gives the bytes of an undisturbed one', async () => {
	const counts = await killRounds(16);
	expect(Object.keys(counts).sort()).toEqual(['anywhere', 'link', 'publish', 'store']);
});
