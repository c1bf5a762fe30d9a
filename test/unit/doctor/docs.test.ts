import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { FINDINGS } from '../../../src/doctor/finding.js';

test('docs/doctor.md describes every finding, in the order in which they come', async () => {
	const text = await readFile(new URL('../../../docs/doctor.md', import.meta.url), 'utf8');
	const section = text.slice(text.indexOf('## Findings'), text.indexOf('## What `--fix` does'));
	const cells = [...section.matchAll(/^\| (`.*?`) \|/gm)].map(([, cell = '']) => cell.replaceAll('`', '').split(', '));
	const known = Object.entries(FINDINGS).flatMap(([group, names]) => names.map((name) => `${group}.${name}`));
	expect(cells.flat()).toEqual(known);
});
