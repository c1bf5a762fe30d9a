import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codes } from '../../../src/diagnostics/codes.js';
import { errorsReference } from '../../../src/diagnostics/reference.js';

const sources = ['src', 'runtime'].flatMap((folder) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts') && !/diagnostics\/codes\b/.test(name))
		.map((name) => readFileSync(join(folder, name), 'utf8')),
);

test('every code that is used has a row', () => {
	const used = sources.flatMap((text) => [
		...text.matchAll(/['`]((?:usage|manifest|wit|lock|toolchain|build|cache|verify|internal)\/[a-z0-9-]+)['`]/g),
	]);
	const unknown = new Set(used.map(([, code = '']) => code).filter((code) => !Object.hasOwn(codes, code)));
	expect([...unknown]).toEqual([]);
});

test('codes are lower-case words after a phase', () => {
	const odd = Object.keys(codes).filter((code) => !/^[a-z]+\/[a-z0-9]+(?:-[a-z0-9]+)*$/.test(code));
	expect(odd).toEqual([]);
});

test('docs/errors.md is current', async () => {
	expect(readFileSync('docs/errors.md', 'utf8')).toBe(errorsReference());
});
