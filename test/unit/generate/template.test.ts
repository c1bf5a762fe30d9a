import { expect, test } from 'vitest';
import { readTemplate, render } from '../../../src/generate/template.js';

test('placeholders get their values, also several in a line', () => {
	expect(render('@A@-@B_C@\n', { A: '1', B_C: '2' })).toBe('1-2\n');
});

test('a value of several lines keeps the indentation of its placeholder, but not on empty lines', () => {
	expect(render('{\n    @BODY@\n}', { BODY: 'a;\n\nb;' })).toBe('{\n    a;\n\n    b;\n}');
});

test('a line with nothing but a placeholder of an empty value disappears', () => {
	expect(render('a\n  @NOTHING@\nb', { NOTHING: '' })).toBe('a\nb');
});

test('values are not searched for placeholders', () => {
	expect(render('@A@ @B@', { A: '@B@', B: '$& $1' })).toBe('@B@ $& $1');
});

test('a placeholder without a value is refused', () => {
	expect(() => render('@A@ @B@', { A: '' })).toThrow('template placeholder @B@ has no value');
});

test('a value without a placeholder is refused', () => {
	expect(() => render('@A@', { A: '', B: '', C: '' })).toThrow('template has no placeholder for B, C');
});

test('templates are read from the package', () => {
	expect(readTemplate('c/import.h.in').split('\n')[0]).toBe('#ifdef __wasm__');
});
