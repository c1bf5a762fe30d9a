import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFile } from '../../../src/wit/parse-file.js';
import { resolveWit } from '../../../src/wit/resolve.js';
import { isStringLiteral } from '../../../src/wit/string-literal.js';
import type { FileSyntax, InterfaceSyntax } from '../../../src/wit/syntax.js';

function parsed(text: string): FileSyntax {
	const result = parseFile(text);
	return result.ok ? result.value : expect.unreachable(JSON.stringify(result.problems));
}

function interfaceOf(text: string): InterfaceSyntax {
	const [item] = parsed(text).items;
	return item?.kind === 'interface' ? item : expect.unreachable('the text begins with an interface');
}

describe('files', () => {
	test('names have their places in UTF-16 units, also behind other characters', () => {
		const text = '\ufeff/* 🎉 */ package ns:pkg@1.0.0; interface %record { get-it: func(%list: u8); }';
		const { package: name, items } = parsed(text);
		const [item] = items;
		const [func] = item?.kind === 'interface' ? item.items : [];
		const param = func?.kind === 'function' ? func.func.params[0] : undefined;
		const places = [name, item?.kind === 'interface' ? item.name : undefined, param];
		expect(places.map((place) => place && text.slice(place.start, place.end))).toEqual([
			'ns:pkg@1.0.0',
			'%record',
			'%list',
		]);
		expect(param?.name).toBe('list');
	});

	test('documentation is what people read, without its signs and its indentation', () => {
		const text = `
			// Not this.
			/// One line.
			interface a {
				///  Two
				///    lines.
				///
				type b = u8;
				/** In a block. */
				type c = u8;
				/**
				 * With stars
				 *   along the edge.
				 */
				@since(version = 1.0.0)
				/// After the gate.
				type d = u8;
				/** First
				    second. */
				type e = u8;
				/* Not this. */ /**/
				type f = u8;
				record g { /// A field.
					h: u8 }
			}`;
		const { doc, items } = interfaceOf(text);
		const fields = items.flatMap((item) => (item.kind === 'record' ? item.members.map((one) => one.doc) : []));
		expect([doc, ...items.map((item) => item.doc), ...fields]).toEqual([
			'One line.',
			'Two\n  lines.',
			'In a block.',
			'With stars\n  along the edge.\nAfter the gate.',
			'First\nsecond.',
			undefined,
			undefined,
			'A field.',
		]);
	});

	test('a version ends where something else begins', () => {
		const [item] = parsed('use a:b/c@1.0.0-rc.1 as d; use a:b/e@1.0.0as f;').items;
		expect(item?.kind === 'file-use' ? [item.path.package?.version?.text, item.as?.text] : []).toEqual([
			'1.0.0-rc.1',
			'd',
		]);
		const { items } = interfaceOf('interface i { use a:b/c@1.0.0-x.{t}; }');
		expect(items[0]?.kind === 'use' ? items[0].from.package?.version?.text : undefined).toBe('1.0.0-x');
	});

	test.each([
		['"a\\n\\"\\u{1F_389}"', true],
		['"\\c3\\a9"', true],
		['"\\c3"', false],
		['"\\c3x"', false],
		['"\\u{d800}"', false],
		['"\\u{41_}"', false],
		['"\\u{110000}"', false],
		['"\\q"', false],
		['"a\nb"', false],
	])('the string %s: %s', (text, isRight) => {
		expect(isStringLiteral(text)).toBe(isRight);
	});

	test('no text makes parser or resolver throw, and every problem lies inside the text', () => {
		const pieces =
			'package ns:p; interface a { } world w { } use a. { } : ; , = ( ) < > -> @ % " /* */ // \n u8 list func record 1.0.0 self';
		const piece = fc.constantFrom(...pieces.split(' '));
		const text = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.array(piece).map((words) => words.join(' ')),
			fc
				.array(piece)
				.map((words) => `package ns:p; interface i { ${words.join(' ')} } world x { import i; ${words.join(' ')} }`),
		);
		fc.assert(
			fc.property(text, (input) => {
				const result = resolveWit(new Map([['a.wit', input]]));
				if (result.ok) return;
				expect(result.problems.length).toBeGreaterThan(0);
				for (const { path, start, end } of result.problems) {
					expect(path).toBe('a.wit');
					expect(0 <= start && start <= end && end <= input.length).toBe(true);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test('hostile texts end soon', () => {
		const texts = ['{', '(', '<', '/*', 'a:', '@', '"', 'list<', 'package a:b {'].map((one) => one.repeat(50_000));
		for (const text of [...texts, `interface i { type a = ${'list<'.repeat(50_000)}`]) {
			expect(parseFile(text).ok).toBe(false);
		}
	});
});
