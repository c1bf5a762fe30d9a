import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT, runNode } from '../helpers/cli.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';

const PACKAGES = join(ROOT, 'test/e2e/packages');
const EMBED = join(ROOT, 'test/helpers/embed.mjs');

describe.each(VERSIONS)('CPython %s', (version) => {
	let dist: string;

	beforeAll(async () => {
		dist = await builtDist(version, 'packages');
	});

	test.each([
		['modules in packages are imported, and a folder of the same name adds to them', 'merged'],
		['a package of the same name adds to them too', 'with_init'],
		['a module of the same name is refused', 'hidden'],
	])('%s', async (_, folder) => {
		const args = [EMBED, dist, join(PACKAGES, 'host.mjs'), join(PACKAGES, folder, 'prog.py')];
		const ran = await runNode(args, { nodeOptions: ['--stack-size=3900'] });
		expect(ran).toEqual({ code: 0, stdout: `${folder} ok`, stderr: '' });
	});
});
