import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../../templates/bindings/', import.meta.url);

/** The JavaScript of a part of the fixed code, formatted like the TypeScript. */
function javaScriptOf(part: string): string {
	const source = readFileSync(new URL(`${part}.ts`, folder), 'utf8');
	const [imports = '', ...declarations] = source.split(/^(?=\/\*\*)/m);
	const values = declarations.filter((one) => !/^export (?:interface|type)/m.test(one)).map(withoutTypes);
	const needed = imports.replaceAll(/^import type .*\n/gm, '').replaceAll(/type \w+,? ?/g, '');
	const header = `// Generated from ${part}.ts by test/unit/bindings/fixed.test.ts.\n`;
	return formatted([header, needed, ...values].join('\n'));
}

/** A declaration without types; one by one, so that blank lines and comments stay where they are. */
function withoutTypes(declaration: string): string {
	const { code } = transformSync(declaration, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
	return code.replace(/\*\/ (?=\w)/g, '*/\n');
}

function formatted(code: string): string {
	const biome = fileURLToPath(new URL('../../../node_modules/.bin/biome', import.meta.url));
	// The name only tells the language: JavaScript is formatted as the TypeScript that it also is.
	const args = ['format', '--stdin-file-path=templates/bindings/fixed.ts'];
	return execFileSync(biome, args, { input: code, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}

describe('the fixed code of bindings', () => {
	// After a change: npx vitest run --project unit test/unit/bindings/fixed.test.ts -u
	test.each([
		'guest',
		'text',
		'bytes',
		'errors',
		'heap',
		'parts',
		'handles',
		'mismatch',
		'contract',
		'exports',
		'debug',
		'noting',
		'waiting',
	])('%s.js is the TypeScript file without types', async (part) => {
		await expect(javaScriptOf(part)).toMatchFileSnapshot(fileURLToPath(new URL(`${part}.js`, folder)));
	});
});
