import { test } from 'vitest';
import { buildTwice } from '../helpers/circumstances.js';
import { expectEqualBuilds } from '../helpers/expect-equal-builds.js';
import { trapProject } from '../helpers/traps.js';

test.each([
	{ version: '3.13.5', compiler: 'wasm', build: '{}' },
	// Debug information names every file that was compiled.
	{ version: '3.11.2', compiler: 'native', build: '{ debug: true }' },
	{ version: '3.13.5', compiler: 'native', build: '{ debug: true }' },
])(
	'CPython $version with the $compiler clang and the settings $build is the same under all circumstances',
	async (one) => {
		expectEqualBuilds(await buildTwice(one.version, trapProject(one.version, one.build), ['--compiler', one.compiler]));
	},
);
