import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { ROOT } from './cli.js';

/** Where wasmtime's package for Python is; it is installed once. */
export async function wasmtimePackages(): Promise<string> {
	const packages = join(ROOT, '.cpybuild/wasmtime-50.0.1');
	if (!existsSync(packages)) {
		await execa('python3', ['-m', 'pip', 'install', '--quiet', '--target', packages, 'wasmtime==50.0.1']);
	}
	return packages;
}
