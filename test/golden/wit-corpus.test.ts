import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codes } from '../../src/diagnostics/codes.js';
import { diagnostic } from '../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../src/diagnostics/render.js';
import type { WitProblem } from '../../src/wit/problem.js';
import { resolveWit } from '../../src/wit/resolve.js';
import { type CorpusCase, corpusCases } from '../helpers/wit/corpus.js';

const wrong = corpusCases('wrong');

/** What a user sees of problems in WIT files. */
function render({ path: root, isFolder, files }: CorpusCase, problems: readonly WitProblem[]): string {
	const span = ({ path = '', start, end }: { path?: string; start: number; end: number }) => ({
		file: { path: isFolder ? posix.join(root, path) : root, text: files.get(path) ?? '' },
		start,
		end,
	});
	const diagnostics = problems.map(({ code, message, hint, note, ...place }) =>
		diagnostic({
			code,
			message,
			span: span(place),
			...(hint === undefined ? {} : { hint }),
			...(note === undefined ? {} : { notes: [{ message: note.message, span: span(note) }] }),
		}),
	);
	return diagnostics.length === 0 ? 'no error\n' : renderPretty(diagnostics);
}

function problemsOf({ files }: CorpusCase): readonly WitProblem[] {
	const result = resolveWit(files);
	return result.ok ? [] : result.problems;
}

describe('right WIT', () => {
	test.each(corpusCases('right').map((one) => ({ ...one, one })))('$name has no problems', ({ one }) => {
		expect(render(one, problemsOf(one))).toBe('no error\n');
	});
});

describe('wrong WIT', () => {
	test.each(wrong.map((one) => ({ ...one, one })))('$name is reported as expected', async ({ name, one }) => {
		await expect(render(one, problemsOf(one))).toMatchFileSnapshot(`../wit-corpus/wrong/${name}.txt`);
	});

	test.each(wrong.map((one) => ({ ...one, one })))('$name reports the code that it is named for', ({ name, one }) => {
		const code = name.split('--')[0]?.replace('-', '/');
		expect(problemsOf(one).map((problem) => problem.code)).toContain(code);
	});

	test('every code of WIT has a case', () => {
		const shown = new Set(wrong.map(({ name }) => name.split('--')[0]?.replace('-', '/')));
		expect(Object.keys(codes).filter((code) => code.startsWith('wit/') && !shown.has(code))).toEqual([]);
	});

	test('no expected output is left without its WIT', () => {
		const texts = readdirSync('test/wit-corpus/wrong').filter((name) => name.endsWith('.txt'));
		expect(texts.map((name) => name.replace(/\.txt$/, '')).sort()).toEqual(wrong.map(({ name }) => name).sort());
	});
});
