import { expect, test } from 'vitest';
import { nearest } from '../../../src/diagnostics/nearest.js';

const words = ['signature', 'import_name', 'import_module', 'doc', 'u8', 's8', 'f32'];

test.each([
	['sgnature', 'signature'],
	['signatrue', 'signature'],
	['Import_Name', 'import_name'],
	['docs', 'doc'],
	['cod', undefined],
	['u9', 'u8'],
	['x', undefined],
	['signal', undefined],
	['', undefined],
])('"%s" most likely means %s', (word, meant) => {
	expect(nearest(word, words)).toBe(meant);
});

test('of two candidates the nearer one wins, of equal ones the first', () => {
	expect([nearest('abcdex', ['abcdyz', 'abcdef']), nearest('n8', words)]).toEqual(['abcdef', 'u8']);
});
