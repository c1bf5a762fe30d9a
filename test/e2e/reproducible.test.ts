import { test } from 'vitest';
import { buildTwice } from '../helpers/circumstances.js';
import { expectEqualBuilds } from '../helpers/expect-equal-builds.js';
import { trapProject } from '../helpers/traps.js';

test('places, users, clocks, time zones, locales, umasks and job counts do not show in what a build makes', async () => {
	expectEqualBuilds(await buildTwice('3.13.5', trapProject('3.13.5'), ['--compiler', 'native']));
});
