import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../../src/cache/key.js';
import { findJco, requireJco } from '../../../src/component/jco.js';
import { diagnostic } from '../../../src/diagnostics/diagnostic.js';

const ADAPTER = 'lib/wasi_snapshot_preview1.command.wasm';

function makeFolder(files: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-jco-'));
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	return folder;
}

const jco = (version: string) => ({
	'node_modules/@bytecodealliance/jco/package.json': JSON.stringify({ version }),
	[`node_modules/@bytecodealliance/jco/${ADAPTER}`]: 'adapter',
	'node_modules/@bytecodealliance/jco-transpile/package.json': '{ "version": "0.1.0" }',
	'node_modules/@bytecodealliance/jco-transpile/vendor/wasm-tools.js': 'tools',
	'node_modules/@bytecodealliance/jco-transpile/vendor/other.js': 'other',
});

test("a project's own jco makes its components, wherever above the project it is", () => {
	const folder = makeFolder({ ...jco('1.40.0'), 'packages/app/project.yaml': '' });
	expect(findJco(join(folder, 'packages/app'), makeFolder(jco('1.35.0')))?.identity).toEqual({
		jco: '1.40.0',
		tools: '0.1.0',
		files: { [ADAPTER]: sha256('adapter'), 'wasm-tools.js': sha256('tools') },
	});
});

test('else the one beside cpybuild does', () => {
	expect(findJco(makeFolder({}), makeFolder(jco('1.35.0')))?.identity.jco).toBe('1.35.0');
});

test('where there is none, it is said how to get one', () => {
	expect(() => requireJco(makeFolder({}), makeFolder({}))).toThrow(
		expect.objectContaining({
			diagnostics: [
				diagnostic({
					code: 'toolchain/no-jco',
					message: '"component: true" needs the npm package "@bytecodealliance/jco", which is not installed',
					hint: 'npm install --save-dev @bytecodealliance/jco',
				}),
			],
		}),
	);
});
