import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runNode } from './cli.js';

const PROGRAMS = join(ROOT, 'test/e2e/programs');
const EMBED = join(ROOT, 'test/helpers/embed.mjs');

/** Tests an interpreter of the project in `test/e2e/programs`, wherever and however it was built. */
export function testTypes(dist: () => string): void {
	test.each([
		['every type crosses the boundary both ways', 'every_type.py', 'types ok'],
		['hosts that throw and return what they should not raise Python exceptions', 'errors.py', 'errors ok'],
		['100,000 calls leave memory flat', 'memory.py', 'memory ok'],
	])('%s', async (_, program, last) => {
		const args = [EMBED, dist(), join(PROGRAMS, 'host.mjs'), join(PROGRAMS, program)];
		expect(await runNode(args, { nodeOptions: ['--stack-size=3900'] })).toEqual({ code: 0, stdout: last, stderr: '' });
	});
}
