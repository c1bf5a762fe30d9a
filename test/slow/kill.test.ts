import { expect, test } from 'vitest';
import { killBaseRounds, killRounds } from '../helpers/kill-rounds.js';

test('180 builds of a changed signature, killed at random moments, spoil nothing', async () => {
	const counts = await killRounds(180);
	console.log('killed:', counts);
	// A moment may lie behind the end of a build; most must not.
	expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(120);
});

test('20 builds that compile CPython, killed at random moments, spoil nothing', async () => {
	const killed = await killBaseRounds(20);
	console.log('killed:', killed);
	expect(killed).toBeGreaterThan(15);
});
