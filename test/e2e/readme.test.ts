import { readFileSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runNode } from '../helpers/cli.js';
import { makeProject } from '../helpers/project.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The content of the README's only code block in a language. */
function block(language: string): string {
	const blocks = [...README.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))];
	if (blocks.length !== 1) throw new Error(`the README has ${blocks.length} blocks of ${language}`);
	return blocks[0]?.[1] ?? '';
}

test('the manifest and the program of the README work as they stand', async () => {
	const project = await makeProject({
		'project.yaml': block('yaml'),
		'program.mjs': block('ts'),
		'package.json': '{}',
	});
	expect(await project.build()).toMatchObject({ code: 0 });
	await mkdir(join(project.folder, 'node_modules'));
	await symlink(ROOT, join(project.folder, 'node_modules/cpybuild'));
	const result = await runNode(['program.mjs'], { cwd: project.folder, nodeOptions: ['--stack-size=3900'] });
	expect(result).toEqual({ code: 0, stdout: '30', stderr: '' });
});

test('the README has at most 150 lines', () => {
	expect(README.split('\n').length).toBeLessThanOrEqual(151);
});
