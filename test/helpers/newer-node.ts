import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from './cli.js';

/** A Node whose engine has JavaScript Promise Integration without a flag. */
const VERSION = '26.10.0';

/** Where a newer Node is: npm has its program, as a package for each platform. */
export async function newerNode(): Promise<string> {
	const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const folder = join(ROOT, '.cpybuild', `node-${VERSION}`);
	const program = join(folder, 'node_modules', name, 'bin/node');
	if (!existsSync(program)) {
		await mkdir(folder, { recursive: true });
		const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
		await execa('npm', ['install', ...options, '--prefix', folder, `${name}@${VERSION}`]);
	}
	return program;
}
