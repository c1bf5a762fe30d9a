import { describe, expect, test } from 'vitest';
import {
	cAttributeString,
	cComment,
	cCommentText,
	cDefault,
	cLines,
	cString,
} from '../../../src/generate/c/literal.js';
import { pythonDocString, pythonLiteral, pythonString } from '../../../src/generate/python/literal.js';
import { type } from './manifest.js';

describe('C', () => {
	test('strings escape what would end or change them', () => {
		expect(cString('a"b\\c\n\t\0é🐍')).toBe(String.raw`"a\"b\\c\n\011\000é🐍"`);
	});

	test('strings contain no trigraph', () => {
		expect(cString('??/ ???= ?')).toBe(String.raw`"?\?/ ?\?\?= ?"`);
	});

	test('strings escape characters that reorder text', () => {
		expect(cString('\u202E\u2028')).toBe(String.raw`"\342\200\256\342\200\250"`);
	});

	test('a lone surrogate is replaced', () => {
		expect(cString('a\uD800b')).toBe('"a\uFFFDb"');
	});

	test('texts of several lines become one literal per line', () => {
		expect(cLines('a\n\nb')).toBe('"a\\n"\n"\\n"\n"b"');
		expect(cLines('')).toBe('""');
	});

	test('strings of attributes have no escapes by number', () => {
		expect(cAttributeString('a"\\\n??/é')).toBe(String.raw`"a\"\\\n?\?/é"`);
	});

	test('comments cannot be ended or nested', () => {
		expect(cCommentText('a */ b /* c\nd\u202E')).toBe('a * / b / * c d\uFFFD');
	});

	test('long comments are broken at spaces', () => {
		const word = 'x'.repeat(40);
		expect(cComment(`${word} ${word} a b`)).toBe(`/* ${word}\n   ${word} a b */`);
		expect(cComment(word + word)).toBe(`/* ${word}${word} */`);
	});

	test.each([
		['bool', true, 'true'],
		['s8', -128, '-128'],
		['s32', -(2 ** 31), 'INT32_MIN'],
		['u32', 2 ** 32 - 1, 'UINT32_C(4294967295)'],
		['s64', -(2n ** 63n), 'INT64_MIN'],
		['s64', 2n ** 63n - 1n, 'INT64_C(9223372036854775807)'],
		['u64', 2n ** 64n - 1n, 'UINT64_C(18446744073709551615)'],
		['f32', 0.1, '0.1f'],
		['f32', 1, '1.0f'],
		['f64', -0, '-0.0'],
		['f64', 1e300, '1e+300'],
		['f64', Number.NaN, 'NAN'],
		['f64', -Infinity, '-INFINITY'],
		['char', '🐍', '0x1F40D'],
		['string', 'é\0', String.raw`(cpybuild_string){"é\000", 3}`],
		['list<u8>', new Uint8Array([0, 65]), String.raw`(cpybuild_bytes){(const uint8_t *)"\000\101", 2}`],
	] as const)('a default of type %s: %s', (spelling, value, expected) => {
		expect(cDefault(type(spelling), value)).toBe(expected);
	});
});

describe('Python', () => {
	test.each([
		['bool', false, 'False'],
		['s64', -(2n ** 63n), '-9223372036854775808'],
		['f64', 65536, '65536.0'],
		['f64', -0, '-0.0'],
		['f64', 1e21, '1e+21'],
		['f64', Infinity, '1e999'],
		['f64', Number.NaN, '1e999 - 1e999'],
		['string', "it's\n\t\\ é 🐍", String.raw`'it\'s\n\t\\ \xe9 \U0001f40d'`],
		['char', '\u2028', String.raw`'\u2028'`],
		['list<u8>', new Uint8Array([0, 39, 65, 92, 255]), String.raw`b'\x00\'A\\\xff'`],
	] as const)('a default of type %s: %s', (spelling, value, expected) => {
		expect(pythonLiteral(type(spelling), value)).toBe(expected);
	});

	test('a string literal carries a lone surrogate', () => {
		expect(pythonString('\uD800')).toBe(String.raw`'\ud800'`);
	});

	test('a doc string cannot be ended', () => {
		expect(pythonDocString('a """b""" \\ c"')).toBe(String.raw`"""a \"\"\"b\"\"\" \\ c\""""`);
	});
});
