import { expect, test } from 'vitest';
import { type Ways, waysTo } from '../../../src/watch/ways.js';

/** Folder → names of files, and names of steps in brackets. */
function show(ways: Ways): Readonly<Record<string, string>> {
	return Object.fromEntries(
		[...ways].map(([folder, { files, steps }]) => [
			folder,
			[...files, ...[...steps].map((name) => `(${name})`)].join(' '),
		]),
	);
}

const noLinks = () => undefined;

test('every folder on the way to a file is looked at', () => {
	expect(
		show(waysTo(['/work/app/project.yaml', '/work/app/native/fast.c', '/work/app/native/fast.h'], noLinks)),
	).toEqual({
		'/': '(work)',
		'/work': '(app)',
		'/work/app': 'project.yaml (native)',
		'/work/app/native': 'fast.c fast.h',
	});
});

test('a file where others expect a folder is both', () => {
	expect(show(waysTo(['/a', '/a/b'], noLinks))).toEqual({ '/': 'a (a)', '/a': 'b' });
});

test('links are followed: of a file, of a folder, to another link, and in a circle', () => {
	const links: Readonly<Record<string, string>> = {
		'/p/project.yaml': '../shared/one.yaml',
		'/p/src': '/store/current',
		'/store/current': 'v1',
		'/p/round': 'about',
		'/p/about': 'round',
	};
	const ways = waysTo(['/p/project.yaml', '/p/src/a.c', '/p/round'], (path) => links[path]);
	expect(show(ways)).toEqual({
		'/': '(p) (shared) (store)',
		'/p': 'project.yaml round about (src)',
		'/p/src': 'a.c',
		'/shared': 'one.yaml',
		'/store': '(current) (v1)',
	});
});
