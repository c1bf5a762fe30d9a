import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeOf } from '../../../src/diagnostics/place.js';
import { keySpan, textSpan, valueSpan } from '../../../src/manifest/locate.js';
import { readYaml } from '../../../src/manifest/yaml-source.js';

const source = (text: string) => readYaml({ path: 'project.yaml', text });

const textOf = (text: string, { start, end }: { start: number; end: number }) => text.slice(start, end);

describe('places of keys and values', () => {
	const text = 'a:\n  b: one\n  c: [x, {d: y}]\n  e:\n  f: |\n    two\n    three\ng: &anchor {h: z}\ni: *anchor\n';

	test.each([
		[['a', 'b'], 'b', 'one'],
		[['a', 'c'], 'c', 'c'],
		[['a', 'c', 0], 'x', 'x'],
		[['a', 'c', 1], '{d: y}', '{d: y}'],
		[['a', 'c', 1, 'd'], 'd', 'y'],
		[['a', 'e'], 'e', 'e'],
		[['a', 'f'], 'f', 'two\n    three\n'],
		[['i', 'h'], 'h', 'z'],
		[['a', 'missing'], 'a', 'a'],
		[['nothing', 'here'], 'a', 'a'],
		[[], 'a', 'a'],
	])('%j is found by its key and by its value', (path, key, value) => {
		const yaml = source(text);
		expect([textOf(text, keySpan(yaml, path)), textOf(text, valueSpan(yaml, path))]).toEqual([key, value]);
	});

	test('of two equal keys the last one is meant, as its value counts', () => {
		const twice = 'a: 1\na: 2\n';
		expect(keySpan(source(twice), ['a']).start).toBe(5);
	});
});

/** A way to write a text in YAML: the source, and where each part of the text should be found in it. */
interface Written {
	readonly yaml: string;
	readonly offsets: readonly number[];
}

/** Writes parts one after the other, and notes where each begins. */
function write(before: string, parts: readonly string[], after: string): Written {
	let yaml = before;
	const offsets = parts.map((part) => {
		const at = yaml.length;
		yaml += part;
		return at;
	});
	return { yaml: yaml + after, offsets };
}

const escapes = (char: string, style: number): string => {
	if (char === '"' || char === '\\') return `\\${char}`;
	if (style === 1) return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
	if (style === 2 && char.charCodeAt(0) < 256) return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
	return char;
};

// Without "#" and ":", so that plain style can hold it; no blanks at the ends and no empty words.
const word = fc.stringMatching(/^[a-z(][a-z0-9()'",<>é日-]{0,6}$/).filter((text) => !/^[-,'"]|[,:]$/.test(text));
const words = fc.array(word, { minLength: 1, maxLength: 6 });

describe('places inside a text', () => {
	/** Each unit of the value must be found where it was written. */
	function expectPlaces(value: string, { yaml, offsets }: Written): void {
		const read = source(yaml);
		expect(read.problems).toEqual([]);
		expect(read.data).toEqual({ key: { text: value } });
		expect([...value].length).toBeGreaterThan(0);
		for (const [index, offset] of offsets.entries()) {
			expect(textSpan(read, ['key', 'text'], index, index + 1).start).toBe(offset);
		}
	}

	test('plain text on one line', () => {
		fc.assert(
			fc.property(words, (parts) => {
				const value = parts.join(' ');
				expectPlaces(value, write('key:\n  text:   ', value.split(''), '  # comment\n'));
			}),
		);
	});

	test('single-quoted text with doubled quotes', () => {
		fc.assert(
			fc.property(words, (parts) => {
				const value = parts.join(' ');
				const written = value.split('').map((char) => (char === "'" ? "''" : char));
				expectPlaces(value, write("key: { text: '", written, "' }\n"));
			}),
		);
	});

	test('double-quoted text with escapes', () => {
		fc.assert(
			fc.property(words, fc.array(fc.nat({ max: 2 }), { minLength: 1 }), (parts, styles) => {
				const value = parts.join('\t');
				const written = value.split('').map((char, index) => {
					return char === '\t' ? '\\t' : escapes(char, styles[index % styles.length] ?? 0);
				});
				expectPlaces(value, write('key: { text: "', written, '" }\n'));
			}),
		);
	});

	test.each([
		['plain', '', ''],
		['single-quoted', "'", "'"],
		['double-quoted', '"', '"'],
	])('%s text that is folded over lines, with empty lines in it', (_, open, close) => {
		const clean = fc.array(fc.stringMatching(/^[a-z(][a-z0-9()<>é日]{0,6}$/), { minLength: 1, maxLength: 6 });
		fc.assert(
			fc.property(clean, fc.array(fc.nat({ max: 2 }), { minLength: 1 }), (parts, gaps) => {
				let value = '';
				const written: string[] = [];
				for (const [index, part] of parts.entries()) {
					const emptyLines = gaps[index % gaps.length] ?? 0;
					if (index > 0) {
						value += emptyLines === 0 ? ' ' : '\n'.repeat(emptyLines);
						// The place of folded white space is where the next line begins; its units share it.
						const space = ` \r\n${'  \n'.repeat(emptyLines)}     `;
						written.push(space, ...Array.from({ length: Math.max(0, emptyLines - 1) }, () => ''));
					}
					value += part;
					written.push(...part.split(''));
				}
				const { yaml, offsets } = write(`key:\n  text: ${open}`, written, `${close}\n`);
				const read = source(yaml);
				expect(read.data).toEqual({ key: { text: value } });
				for (const [index, offset] of offsets.entries()) {
					if (/\s/.test(value[index] ?? '')) continue;
					expect(textSpan(read, ['key', 'text'], index, index + 1).start).toBe(offset);
				}
			}),
		);
	});

	test.each(['|', '|-', '|+', '|2', '>', '>-', '>+', '>2-'])('block text with the header %s', (header) => {
		const line = fc.stringMatching(/^ {0,2}[a-z(][a-z0-9()'":,<># é日-]{0,8}$/);
		const lines = fc.array(fc.oneof(line, fc.constant('')), { minLength: 1, maxLength: 6 });
		fc.assert(
			fc.property(lines, fc.constantFrom('\n', '\r\n'), (parts, newline) => {
				// The first line sets the indentation where the header does not.
				const content = [/\d/.test(header) ? '  x' : 'x', ...parts];
				const start = `key:${newline}  text: ${header}${newline}`;
				const body = content.map((part) => `${part === '' ? '' : '    '}${part}${newline}`).join('');
				const yaml = `${start}${body}z: 1${newline}`;
				const read = source(yaml);
				const value = (read.data as { key: { text: string } }).key.text;
				let from = start.length;
				let at = 0;
				for (const char of value.split('')) {
					const index = at++;
					if (/\s/.test(char)) continue;
					from = yaml.indexOf(char, from);
					expect(textSpan(read, ['key', 'text'], index, index + 1)).toMatchObject({ start: from, end: from + 1 });
					from++;
				}
			}),
		);
	});

	test('a double-quoted text with escaped line breaks', () => {
		const yaml = 'key:\n  text: "one\\\n    two \\\n\n    three"\n';
		const read = source(yaml);
		const value = (read.data as { key: { text: string } }).key.text;
		const found = ['one', 'two', 'three'].map((part) => {
			const start = value.indexOf(part);
			return textOf(yaml, textSpan(read, ['key', 'text'], start, start + part.length));
		});
		expect(found).toEqual(['one', 'two', 'three']);
	});

	test('line and column are those of the editor', () => {
		const yaml = "key:\n  text: >-\n    func(é: s32,\n      b: 'x')\n";
		const read = source(yaml);
		const value = (read.data as { key: { text: string } }).key.text;
		expect(placeOf(textSpan(read, ['key', 'text'], value.indexOf("'x'"), value.indexOf("'x'") + 3))).toEqual({
			start: { line: 4, column: 10 },
			end: { line: 4, column: 13 },
		});
	});

	test('an empty place at the end of a text is after its last character', () => {
		const yaml = 'key: { text: "func(" }\n';
		expect(textSpan(source(yaml), ['key', 'text'], 5, 5).start).toBe(yaml.indexOf('" }'));
	});
});
