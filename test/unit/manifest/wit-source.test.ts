import { expect, test } from 'vitest';
import { manifestSchema } from '../../../src/manifest/schema.js';
import { readWitSource } from '../../../src/manifest/wit-source.js';

const text = 'package a:b; world w {}';

/** Reads the `wit:` of a manifest in /work/app, called as `app/project.yaml`. */
function sourceOf(wit: string, kind: 'file' | 'folder') {
	const asked: string[] = [];
	const source = readWitSource(
		{ path: 'app/project.yaml', text: '' },
		manifestSchema.parse({ python: '3.13.5', wit }),
		{
			folder: '/work/app',
			kindOf: () => kind,
			readWit: (path) => {
				asked.push(path);
				return new Map([['w.wit', text]]);
			},
		},
	);
	return { asked, paths: source?.paths, shown: source?.span({ path: 'w.wit', start: 0, end: 7 }).file.path };
}

test('files are shown from where the manifest is named, and are all inputs of a build with their folder', () => {
	expect(sourceOf('../wit', 'folder')).toEqual({
		asked: ['/work/wit'],
		paths: ['/work/wit', '/work/wit/w.wit'],
		shown: 'wit/w.wit',
	});
});

test('a whole path is shown as it is', () => {
	expect(sourceOf('/wit', 'folder')).toEqual({ asked: ['/wit'], paths: ['/wit', '/wit/w.wit'], shown: '/wit/w.wit' });
});

test('one file may be named', () => {
	expect(sourceOf('./w.wit', 'file')).toEqual({
		asked: ['/work/app/w.wit'],
		paths: ['/work/app/w.wit'],
		shown: 'app/w.wit',
	});
});
