import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { cpybuild, type Ended } from './cli.js';

/** A user's project in a temporary folder. */
export interface Project {
	readonly folder: string;
	readonly dist: string;
	write(path: string, text: string): Promise<void>;
	/** Runs `cpybuild build`, with more arguments where given. */
	build(...args: string[]): Promise<Ended>;
	/** Runs Python code in the built interpreter through `cpybuild run`. */
	python(code: string, options?: { readonly host?: string; readonly args?: readonly string[] }): Promise<Ended>;
}

/** Makes a project of files; a path of a folder is copied. It is removed when the test has finished. */
export async function makeProject(files: Readonly<Record<string, string>> | string): Promise<Project> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return openProject(folder, files);
}

/** The same in a folder that the caller removes. */
export async function openProject(folder: string, files: Readonly<Record<string, string>> | string): Promise<Project> {
	const write = async (path: string, text: string) => {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	};
	if (typeof files === 'string') await cp(files, folder, { recursive: true });
	else for (const [path, text] of Object.entries(files)) await write(path, text);
	const dist = join(folder, 'dist');
	return {
		folder,
		dist,
		write,
		build: (...args) => cpybuild(['build', ...args], { cwd: folder }),
		python: (code, { host, args = [] } = {}) =>
			cpybuild(['run', dist, ...(host ? ['--host', host] : []), ...args, '--', '-c', code], { cwd: folder }),
	};
}
