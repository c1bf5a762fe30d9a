import { expect, test } from 'vitest';
import { parseFolder, parseVariables } from '../../../src/cli/grants.js';

test.each([
	['.::/work', { host: '.', guest: '/work', writable: true, symlinks: false }],
	['data/in::/in:ro', { host: 'data/in', guest: '/in', writable: false, symlinks: false }],
	['tmp::/tmp:symlinks', { host: 'tmp', guest: '/tmp', writable: true, symlinks: true }],
	['C:\\data::/data:ro', { host: 'C:\\data', guest: '/data', writable: false, symlinks: false }],
])('--dir %s is understood', (text, folder) => {
	expect(parseFolder(text)).toEqual(folder);
});

test.each(['work', '::/work', 'work::', 'work:/work', 'work::/work:rw', 'work::/work:'])(
	'--dir %s is refused',
	(text) => {
		expect(() => parseFolder(text)).toThrow(`usage/bad-value: option "--dir" takes HOST::GUEST, got "${text}"`);
	},
);

test('--env takes names with any value', () => {
	expect(parseVariables(['A=1', 'B=x=y', 'C=', 'A=2'])).toEqual({ A: '2', B: 'x=y', C: '' });
});

test.each(['A', '=1'])('--env %s is refused', (text) => {
	expect(() => parseVariables([text])).toThrow(`usage/bad-value: option "--env" takes NAME=VALUE, got "${text}"`);
});
