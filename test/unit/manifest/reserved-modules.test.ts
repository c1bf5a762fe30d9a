import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXPORTS, PACKAGES } from '../../../src/generate/support.js';
import { reservedModules } from '../../../src/manifest/python-names.js';

test("no module of a manifest can be called like a C file of cpybuild's", () => {
	const files = readdirSync(new URL('../../../templates/c', import.meta.url)).filter((name) => name.endsWith('.c'));
	const names = [...files.map((name) => name.replace(/\.c$/, '')), EXPORTS, PACKAGES];
	expect(names.filter((name) => !reservedModules.has(name))).toEqual([]);
});
