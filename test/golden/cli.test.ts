import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { renderCommandHelp, renderGroupHelp, renderOverview } from '../../src/cli/help.js';
import { type CommandName, commands } from '../../src/cli/options.js';
import { renderCliReference } from '../../src/cli/reference.js';

const names = Object.keys(commands) as CommandName[];

describe('help', () => {
	test('lists the commands', async () => {
		await expect(renderOverview()).toMatchFileSnapshot('cli/help.txt');
	});

	test.each(names)('describes %s', async (name) => {
		await expect(renderCommandHelp(name)).toMatchFileSnapshot(`cli/${name.replaceAll(' ', '-')}.txt`);
	});

	test('lists the commands of a group', async () => {
		await expect(renderGroupHelp('cache')).toMatchFileSnapshot('cli/cache.txt');
	});

	test.each(names)('of %s fits into 100 columns', (name) => {
		const lines = renderCommandHelp(name).split('\n');
		expect(lines.filter((line) => line.length > 100)).toEqual([]);
	});
});

test('docs/cli.md is what the options table says', async () => {
	expect(await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8')).toBe(renderCliReference());
});
