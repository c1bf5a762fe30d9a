import { expect, test } from 'vitest';
import { pythonClass, pythonVariable } from '../../../src/manifest/python-spelling.js';

test.each([
	['max-bytes', 'max_bytes'],
	['from', 'from_'],
	['GET-url2', 'get_url2'],
	['none', 'none'],
])('%s is %s as a variable', (name, expected) => {
	expect(pythonVariable(name)).toBe(expected);
});

test.each([
	['db-error', 'DbError'],
	['none', 'None_'],
	['true', 'True_'],
	['HTTP-error', 'HTTPError'],
	['x-2', 'X2'],
])('%s is %s as a class', (name, expected) => {
	expect(pythonClass(name)).toBe(expected);
});
