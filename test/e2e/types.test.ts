import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT, runNode } from '../helpers/cli.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';

const PROGRAMS = join(ROOT, 'test/e2e/programs');
const EMBED = join(ROOT, 'test/helpers/embed.mjs');

describe.each(VERSIONS)('CPython %s', (version) => {
	let dist: string;

	beforeAll(async () => {
		dist = await builtDist(version);
	});

	const run = (program: string) =>
		runNode([EMBED, dist, join(PROGRAMS, 'host.mjs'), join(PROGRAMS, program)], { nodeOptions: ['--stack-size=3900'] });

	test.each([
		['every type crosses the boundary both ways', 'every_type.py', 'types ok'],
		['hosts that throw and return what they should not raise Python exceptions', 'errors.py', 'errors ok'],
		['100,000 calls leave memory flat', 'memory.py', 'memory ok'],
	])('%s', async (_, program, last) => {
		expect(await run(program)).toEqual({ code: 0, stdout: last, stderr: '' });
	});
});
