import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from './diagnostics/diagnostic.js';
import { readTemplate } from './generate/template.js';

/** What `initProject` did; paths below the project's folder. */
export interface InitializedProject {
	readonly written: readonly string[];
	/** A file of the project's own that has what it needs. */
	readonly kept: readonly string[];
}

/** The starter's files, with the template of each: npm leaves out or acts upon some of the real names. */
const starter: ReadonlyMap<string, string> = new Map([
	['project.yaml', 'init/project.yaml'],
	['host.ts', 'init/host.ts'],
	['hello.py', 'init/hello.py'],
]);

/**
 * Writes a commented starter project. Unless forced it overwrites nothing: it fails before it writes anything.
 * A package.json stays as it is, and a .gitignore only gets the lines that it lacks.
 */
export async function initProject(
	folder: string,
	options: { readonly force?: boolean } = {},
): Promise<InitializedProject> {
	await makeFolder(folder);
	if (!options.force) await requireAbsent(folder);

	const written: string[] = [];
	const kept: string[] = [];
	const write = async (path: string, text: string, old: string | undefined): Promise<void> => {
		if (text === old) {
			kept.push(path);
			return;
		}
		await writeFile(join(folder, path), text);
		written.push(path);
	};
	for (const [path, template] of starter) await write(path, readTemplate(template), undefined);
	const manifest = await readIfThere(join(folder, 'package.json'));
	await write('package.json', manifest ?? readTemplate('init/package.json.in'), manifest);
	const ignored = await readIfThere(join(folder, '.gitignore'));
	await write('.gitignore', addLines(ignored ?? '', readTemplate('init/gitignore')), ignored);
	return { written, kept };
}

async function makeFolder(folder: string): Promise<void> {
	try {
		await mkdir(folder, { recursive: true });
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
		fail(
			{ code: 'usage/file-exists', message: `"${folder}" is a file`, hint: 'name another folder' },
			{ cause: error },
		);
	}
}

async function requireAbsent(folder: string): Promise<void> {
	const found: string[] = [];
	for (const path of starter.keys()) {
		if ((await readIfThere(join(folder, path))) !== undefined) found.push(path);
	}
	if (found.length === 0) return;
	const names = found.map((path) => `"${path}"`).join(', ');
	fail({
		code: 'usage/file-exists',
		message: `${names} ${found.length === 1 ? 'exists' : 'exist'} already in "${folder}"`,
		hint: 'name another folder, or add --force to overwrite',
	});
}

async function readIfThere(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
		throw error;
	}
}

/** Appends those lines that a text lacks. */
function addLines(text: string, more: string): string {
	const has = new Set(text.split(/\r?\n/).map((line) => line.trim()));
	const lacking = more.split('\n').filter((line) => line !== '' && !has.has(line));
	if (lacking.length === 0) return text;
	const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
	return `${start}${lacking.join('\n')}\n`;
}
