#!/usr/bin/env node
// Writes the schema and the generated pages of docs/; with --check, fails when one of them is not current.
import { createJiti } from 'jiti';
import { argv, chalk, fs, path } from 'zx';

const root = path.resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const jiti = createJiti(import.meta.url);
const { manifestJsonSchemaText } = await jiti.import('../src/manifest/json-schema.ts');
const { manifestReference } = await jiti.import('../src/manifest/reference.ts');
const { renderCliReference } = await jiti.import('../src/cli/reference.ts');
const { errorsReference } = await jiti.import('../src/diagnostics/reference.ts');

const generated = [
	{ path: 'schema/manifest.schema.json', text: manifestJsonSchemaText() },
	{ path: 'docs/manifest.md', text: manifestReference() },
	{ path: 'docs/cli.md', text: renderCliReference() },
	{ path: 'docs/errors.md', text: errorsReference() },
];

for (const file of generated) {
	const target = path.join(root, file.path);
	const current = (await fs.pathExists(target)) ? await fs.readFile(target, 'utf8') : undefined;
	if (current === file.text) continue;
	if (argv.check) {
		console.error(`${chalk.red('stale')} ${file.path}: run "node scripts/generate-docs.mjs"`);
		process.exitCode = 1;
	} else {
		await fs.outputFile(target, file.text);
		console.log(`wrote ${file.path}`);
	}
}
