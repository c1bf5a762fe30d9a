import { describe, expect, test } from 'vitest';
import { diagnostic, type SourceFile, type Span } from '../../../src/diagnostics/diagnostic.js';
import { renderGithub, renderPretty } from '../../../src/diagnostics/render.js';
import { renderJson } from '../../../src/diagnostics/render-json.js';

function spanOf(text: string, part: string, path = 'project.yaml'): Span {
	const file: SourceFile = { path, text };
	const start = text.indexOf(part);
	return { file, start, end: start + part.length };
}

describe('pretty output', () => {
	const pretty = (span: Span) => renderPretty([diagnostic({ code: 'manifest/bad-value', message: 'wrong', span })]);

	test('shows message, frame, details, hint and notes in this order', () => {
		const text = `${'\n'.repeat(8)}first: 1\nsecond: 2\n`;
		const shown = renderPretty([
			diagnostic({
				code: 'build/compile-failed',
				message: 'clang exited with 1',
				span: spanOf(text, 'second'),
				details: ['clang -c x.c', 'x.c:1: error\nx.c:2: error'],
				hint: 'do this\nthen that',
				notes: [{ message: 'see here', span: spanOf(text, 'first') }, { message: 'without a place' }],
			}),
			diagnostic({ code: 'usage/unknown-command', message: 'unknown', severity: 'warning' }),
		]);
		expect(shown).toBe(
			`error[build/compile-failed]: clang exited with 1
   --> project.yaml:10:1
    |
 10 | second: 2
    | ^^^^^^
    clang -c x.c
    x.c:1: error
    x.c:2: error
    = hint: do this
            then that
    = note: without a place
note: see here
   --> project.yaml:9:1
    |
  9 | first: 1
    | ^^^^^

warning[usage/unknown-command]: unknown
`,
		);
	});

	test('tabs and wide characters keep the marker under its text', () => {
		expect(pretty(spanOf('\ta:\t日本語: 🐍 x', '🐍'))).toBe(
			`error[manifest/bad-value]: wrong
  --> project.yaml:1:10
   |
 1 |     a:  日本語: 🐍 x
   |                 ^^
`,
		);
	});

	test('a span over several lines marks its part of the first', () => {
		expect(pretty(spanOf('a: |\r\n  one\r\n  two\r\n', 'one\r\n  two'))).toBe(
			`error[manifest/bad-value]: wrong
  --> project.yaml:2:3
   |
 2 |   one
   |   ^^^
`,
		);
	});

	test('an empty span at the end of the file still has a marker', () => {
		const file = { path: 'a.yaml', text: 'a: 1\n' };
		expect(pretty({ file, start: 5, end: 5 })).toBe(
			'error[manifest/bad-value]: wrong\n  --> a.yaml:2:1\n   |\n 2 |\n   | ^\n',
		);
	});

	test('control characters of a source cannot steer the terminal', () => {
		expect(pretty(spanOf('a: \u001b[2J', '\u001b'))).toBe(
			'error[manifest/bad-value]: wrong\n  --> project.yaml:1:4\n   |\n 1 | a: ␛[2J\n   |    ^\n',
		);
	});

	test('colours are there when asked for, around the same text', () => {
		const problems = [
			diagnostic({ code: 'manifest/bad-value', message: 'wrong', span: spanOf('a: b', 'b'), hint: 'c' }),
		];
		const coloured = renderPretty(problems, { color: true });
		// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
		expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(renderPretty(problems));
		expect(coloured).not.toBe(renderPretty(problems));
	});
});

describe('JSON output', () => {
	test('places are lines and columns that start at 1, in characters', () => {
		const text = 'a: 1\n🐍: two\nthree\n';
		expect(
			renderJson([
				diagnostic({
					code: 'manifest/syntax',
					message: 'wrong',
					span: spanOf(text, 'two\nth'),
					hint: 'right',
					notes: [{ message: 'here', span: spanOf(text, '1') }, { message: 'nowhere' }],
				}),
				diagnostic({ code: 'build/step-failed', message: 'failed', severity: 'warning', details: ['make'] }),
			]),
		).toEqual([
			{
				code: 'manifest/syntax',
				severity: 'error',
				message: 'wrong',
				file: 'project.yaml',
				line: 2,
				column: 4,
				endLine: 3,
				endColumn: 3,
				hint: 'right',
				notes: [
					{ message: 'here', file: 'project.yaml', line: 1, column: 4, endLine: 1, endColumn: 5 },
					{ message: 'nowhere' },
				],
			},
			{ code: 'build/step-failed', severity: 'warning', message: 'failed', details: ['make'] },
		]);
	});
});

describe('GitHub output', () => {
	test('is one workflow command for each problem, escaped', () => {
		const span = spanOf('a: b\n', 'b', 'dir,1/pro:ject.yaml');
		expect(
			renderGithub([
				diagnostic({ code: 'manifest/bad-value', message: '100% wrong: a, b', span, hint: 'one\r\ntwo' }),
				diagnostic({ code: 'verify/import-unused', message: 'unused', severity: 'warning' }),
			]),
		).toBe(
			'::error file=dir%2C1/pro%3Aject.yaml,line=1,col=4,endColumn=5,title=manifest/bad-value::' +
				'100%25 wrong: a, b%0Ahint: one%0D%0Atwo\n' +
				'::warning title=verify/import-unused::unused\n',
		);
	});

	test('a problem over several lines has no end column', () => {
		const span = spanOf('ab\ncd', 'b\nc');
		expect(renderGithub([diagnostic({ code: 'manifest/syntax', message: 'x', span })])).toBe(
			'::error file=project.yaml,line=1,col=2,title=manifest/syntax::x\n',
		);
	});
});
