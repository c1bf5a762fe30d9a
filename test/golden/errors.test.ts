import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codes } from '../../src/diagnostics/codes.js';
import { CpybuildError } from '../../src/diagnostics/diagnostic.js';
import { renderPretty } from '../../src/diagnostics/render.js';
import { readManifest } from '../../src/manifest/read.js';

// Relative, so that the expected output names no folder of this machine.
const folder = 'test/golden-errors';

const names = readdirSync(folder);
const cases = names.filter((name) => name.endsWith('.yaml')).map((name) => name.replace(/\.yaml$/, ''));

async function prettyErrors(manifest: string): Promise<string> {
	try {
		await readManifest(manifest);
		return 'no error\n';
	} catch (error) {
		if (!(error instanceof CpybuildError)) throw error;
		return renderPretty(error.diagnostics);
	}
}

describe('wrong manifests', () => {
	test.each(cases)('%s is reported as expected', async (name) => {
		const output = await prettyErrors(`${folder}/${name}.yaml`);
		await expect(output).toMatchFileSnapshot(`../golden-errors/${name}.txt`);
	});

	test.each(cases)('%s reports the code that it is named for', (name) => {
		const code = name.split('--')[0]?.replace(/^(manifest|wit)-/, '$1/');
		expect(readFileSync(join(folder, `${name}.txt`), 'utf8')).toContain(`error[${code}]: `);
	});

	test('every manifest code has a case', () => {
		const shown = new Set(cases.map((name) => name.split('--')[0]));
		const missing = Object.keys(codes).filter(
			(code) => code.startsWith('manifest/') && !shown.has(code.replace('/', '-')),
		);
		expect(missing).toEqual([]);
	});

	test('no expected output is left without its manifest', () => {
		const texts = names.filter((name) => name.endsWith('.txt')).map((name) => name.replace(/\.txt$/, ''));
		expect(texts).toEqual(cases);
	});
});
