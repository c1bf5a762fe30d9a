import { expect, test } from 'vitest';
import { alignColumns, formatBytes, formatCount, formatDuration } from '../../../src/cli/format.js';

test.each([
	[0, '0.0 s'],
	[1240, '1.2 s'],
	[59_949, '59.9 s'],
	[59_960, '1 min 0 s'],
	[125_400, '2 min 5 s'],
])('%d ms are shown as %s', (ms, text) => {
	expect(formatDuration(ms)).toBe(text);
});

test.each([
	[0, '0 B'],
	[1023, '1023 B'],
	[1024, '1.0 KiB'],
	[1024 * 1024 - 1, '1.0 MiB'],
	[7_654_321, '7.3 MiB'],
	[5 * 1024 ** 4, '5120.0 GiB'],
])('%d bytes are shown as %s', (bytes, text) => {
	expect(formatBytes(bytes)).toBe(text);
});

test('one thing is singular', () => {
	expect([0, 1, 2].map((number) => formatCount(number, 'module'))).toEqual(['0 modules', '1 module', '2 modules']);
});

test('columns are as wide as their widest cell', () => {
	expect(alignColumns([['a', 'bb', 'c'], ['long', '', 'd'], ['x']])).toEqual(['a     bb  c', 'long      d', 'x']);
});
