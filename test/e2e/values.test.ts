import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT, runNode } from '../helpers/cli.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';
import { expectFlatMemory } from '../helpers/flat-memory.js';

const PROGRAMS = join(ROOT, 'test/e2e/values');
const EMBED = join(ROOT, 'test/helpers/embed.mjs');

describe.each(VERSIONS)('CPython %s', (version) => {
	let dist: string;

	beforeAll(async () => {
		dist = await builtDist(version, 'values');
	});

	const run = (program: string) =>
		runNode([EMBED, dist, join(PROGRAMS, 'host.mjs'), join(PROGRAMS, program)], { nodeOptions: ['--stack-size=3900'] });

	test.each([
		[
			'values that are made of others cross the boundary both ways, and wrong ones are refused',
			'values.py',
			'values ok',
		],
		['hosts that return garbage raise Python exceptions and leave memory flat', 'garbage.py', 'garbage ok'],
	])('%s', async (_, program, last) => {
		expect(await run(program)).toEqual({ code: 0, stdout: last, stderr: '' });
	});

	// test/slow/memory.test.ts makes a million calls.
	test.each([
		['mixed calls', false],
		['mixed calls of which every second one raises', true],
	])('40,000 %s leave memory as it was', (_, fails) => expectFlatMemory(version, 40_000, fails));
});
