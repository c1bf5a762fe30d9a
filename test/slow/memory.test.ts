import { describe, test } from 'vitest';
import { VERSIONS } from '../helpers/dist.js';
import { expectFlatMemory } from '../helpers/flat-memory.js';

describe.each(VERSIONS)('a million mixed calls from CPython %s', (version) => {
	test('leave memory as it was', () => expectFlatMemory(version, 1_000_000, false));

	test('of which every second one raises, leave memory as it was', () => expectFlatMemory(version, 1_000_000, true));
});
