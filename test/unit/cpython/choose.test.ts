import { describe, expect, test } from 'vitest';
import { chooseCpython } from '../../../src/cpython/choose.js';
import { CPYTHON_PINS } from '../../../src/cpython/pins.js';
import { RECIPES } from '../../../src/cpython/recipe.js';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../../src/diagnostics/render.js';
import type { PythonSource } from '../../../src/manifest/manifest.js';

function choose(version: string, source?: PythonSource) {
	const span = { file: { path: 'project.yaml', text: `python: "${version}"\n` }, start: 8, end: 10 + version.length };
	const minor = version.split('.').slice(0, 2).join('.');
	try {
		return chooseCpython({ version, minor, span, ...(source && { source }) });
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return renderPretty(error.diagnostics);
	}
}

test('a pinned version needs no more', () => {
	expect(choose('3.13.5')).toMatchObject({ version: '3.13.5', recipe: { minor: '3.13' }, source: { kind: 'pinned' } });
});

test.each<PythonSource>([
	{ kind: 'path', path: '/src/Python-3.14.0' },
	{ kind: 'url', url: 'https://example.org/Python-3.14.0.tgz', sha256: '0'.repeat(64) },
])('a source of its own ($kind) makes any version of a known minor possible', (source) => {
	expect(choose('3.14.0', source)).toMatchObject({ version: '3.14.0', source, epoch: 315_532_800 });
});

test('what was recorded of a version counts more than its pin', () => {
	const span = { file: { path: '', text: '' }, start: 0, end: 0 };
	const source = { url: 'https://example.org/Python-3.13.5.tgz', sha256: '1'.repeat(64) };
	expect(chooseCpython({ version: '3.13.5', minor: '3.13', span }, { source, epoch: 86_400 })).toMatchObject({
		source: { kind: 'pinned', pin: { version: '3.13.5', ...source } },
		epoch: 86_400,
	});
});

describe('what is not known', () => {
	test('a version without a pin: what to give is said', () => {
		expect(choose('3.12.1')).toMatchInlineSnapshot(`
			"error[toolchain/unpinned-python]: no source of CPython 3.12.1 is pinned
			  --> project.yaml:1:9
			   |
			 1 | python: "3.12.1"
			   |         ^^^^^^^^
			   = hint: give it: python: { version: "3.12.1", source: { url: "https://www.python.org/ftp/python/3.12.1/Python-3.12.1.tar.xz", sha256: "…" } }; pinned are 3.13.5, 3.11.2
			"
		`);
	});

	test('a minor version without a recipe: those that have one are named', () => {
		expect(choose('3.10.4')).toMatchInlineSnapshot(`
			"error[toolchain/unsupported-python]: CPython 3.10.4 has no recipe
			  --> project.yaml:1:9
			   |
			 1 | python: "3.10.4"
			   |         ^^^^^^^^
			   = hint: use one of 3.11, 3.12, 3.13, 3.14, 3.15
			"
		`);
	});
});

test('pins are of known minors, and their hashes and dates are whole', () => {
	for (const pin of CPYTHON_PINS) {
		expect(RECIPES.map(({ minor }) => minor)).toContain(pin.version.split('.').slice(0, 2).join('.'));
		expect(pin.sha256).toMatch(/^[0-9a-f]{64}$/);
		expect(pin.url).toContain(`/${pin.version}/Python-${pin.version}.`);
		expect(Number.isInteger(pin.epoch)).toBe(true);
	}
});
