import { beforeAll, describe } from 'vitest';
import { builtDist, VERSIONS } from '../helpers/dist.js';
import { testTypes } from '../helpers/type-programs.js';

describe.each(VERSIONS)('CPython %s', (version) => {
	let dist: string;

	beforeAll(async () => {
		dist = await builtDist(version);
	});

	testTypes(() => dist);
});
