import { describe, expect, test } from 'vitest';
import { isWitName, jsName, pythonName, suggestWitName, witName, witText } from '../../../src/wit/name.js';

describe('names', () => {
	test.each([
		['x', 'x'],
		['max-bytes', 'max-bytes'],
		['max_bytes', 'max-bytes'],
		['a1-b2', 'a1-b2'],
		['max_bytes-now', undefined],
		['maxBytes', undefined],
		['max--bytes', undefined],
		['max__bytes', undefined],
		['_x', undefined],
		['x_', undefined],
		['1st', undefined],
		['x-1', undefined],
		['', undefined],
	])('"%s" stands for the WIT name %s', (spelling, name) => {
		expect(witName(spelling)).toBe(name);
	});

	test.each([
		['maxBytes', 'max-bytes'],
		['Max-Bytes', 'max-bytes'],
		['max--bytes', 'max-bytes'],
		['HTTPServer', 'http-server'],
		['URL', 'url'],
		['_x', 'x'],
		['x-1', 'x1'],
		['2nd', 'n2nd'],
		['größe', undefined],
		['_', undefined],
	])('"%s" is corrected to %s', (spelling, name) => {
		expect(suggestWitName(spelling)).toBe(name);
	});

	test('every correction is itself a WIT name', () => {
		expect(['maxBytes', '2nd', 'x-1', 'A_B__c'].map((one) => isWitName(suggestWitName(one) ?? ''))).toEqual([
			true,
			true,
			true,
			true,
		]);
	});

	test('a WIT name has one form per language', () => {
		expect([jsName('HTTP-version-2'), pythonName('get-URL')]).toEqual(['httpVersion2', 'get_url']);
		expect([pythonName('max-bytes-2nd'), jsName('max-bytes'), jsName('fetch_page'), jsName('_private_name')]).toEqual([
			'max_bytes_2nd',
			'maxBytes',
			'fetchPage',
			'_privateName',
		]);
	});

	test('words of the grammar are escaped in WIT text', () => {
		expect([witText('type'), witText('types')]).toEqual(['%type', 'types']);
	});
});
