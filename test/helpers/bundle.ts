import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './cli.js';

/** Makes a script of the tests that uses cpybuild's inner parts one JavaScript file; gives its path. */
export async function bundleScript(name: string, folder: string): Promise<string> {
	const bundler = await rolldown({
		cwd: ROOT,
		platform: 'node',
		input: `./test/helpers/${name}.ts`,
		resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
	});
	const file = join(folder, `${name}.mjs`);
	await bundler.write({ format: 'esm', file, codeSplitting: false });
	await bundler.close();
	return file;
}
