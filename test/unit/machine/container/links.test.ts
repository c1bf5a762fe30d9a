import { expect, test } from 'vitest';
import { leadsOut } from '../../../../src/machine/container/links.js';

const out = (path: string, links: Readonly<Record<string, string>>) => leadsOut(path, new Map(Object.entries(links)));

test.each([
	['a file beside it', 'link', { link: 'file' }],
	['a file below', 'link', { link: 'a/./b//c' }],
	['a file above, in the folder', 'a/b/link', { 'a/b/link': '../../file' }],
	['the folder itself', 'a/link', { 'a/link': '..' }],
	['a way through another link', 'link', { link: 'other/file', other: 'a' }],
	['a place that does not exist', 'link', { link: 'nowhere/at/all' }],
	['a circle', 'one', { one: 'two', two: 'one' }],
	['itself', 'link', { link: 'link/below' }],
])('a link that stays leads to %s', (_, path, links) => {
	expect(out(path, links)).toBe(false);
});

test.each([
	['an absolute path', 'link', { link: '/etc/passwd' }],
	['a path above', 'link', { link: '../file' }],
	['a path above, after a way down', 'link', { link: 'a/../../file' }],
	['a path above, one too many', 'a/b/link', { 'a/b/link': '../../../file' }],
	['a link that leads out', 'link', { link: 'other/file', other: '/etc' }],
	['a link that leads out, by a link', 'link', { link: 'b/other', 'a/other': '/etc', b: 'a' }],
	// By its words alone it would end at "s/..": but "p/q/l" is "s", and from there it goes up twice.
	['a path above, seen from behind a link', 'link', { link: 'p/q/l/../..', 'p/q/l': '../../s' }],
])('a link that leads out leads to %s', (_, path, links) => {
	expect(out(path, links)).toBe(true);
});
