import { mkdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Files, files } from './files.js';

/** The file in an output folder that lists what cpybuild wrote there, so that it removes nothing else. */
export const recordName = '.cpybuild-files';

const recordHead = '# Files of this folder that "cpybuild generate" wrote and may remove. Do not edit.';

/** What writing changed; paths below the folder, sorted. */
export interface WrittenFiles {
	readonly written: readonly string[];
	readonly removed: readonly string[];
	/** Files that had the right content already, and were not touched. */
	readonly unchanged: readonly string[];
}

/** How a folder differs from what should be there; paths below the folder, sorted. */
export interface FileDifference {
	readonly missing: readonly string[];
	/** There, with another content. */
	readonly stale: readonly string[];
	/** Written by an earlier run, and no longer generated. */
	readonly superfluous: readonly string[];
}

/** Makes a folder hold generated files. Each file changes at once or not at all, and only when its content differs. */
export async function writeFiles(generated: Files, folder: string): Promise<WrittenFiles> {
	const wanted = withRecord(generated);
	const { missing, stale, superfluous } = await compare(wanted, folder);
	const written = [...missing, ...stale].sort();
	for (const path of superfluous) await removeFile(folder, path);
	for (const path of written) await replaceFile(join(folder, path), wanted.get(path) ?? '');
	const touched = new Set(written);
	return { written, removed: superfluous, unchanged: [...wanted.keys()].filter((path) => !touched.has(path)) };
}

/** Compares a folder with generated files, and changes nothing. */
export async function checkFiles(generated: Files, folder: string): Promise<FileDifference> {
	return compare(withRecord(generated), folder);
}

function withRecord(generated: Files): Files {
	const record = `${[recordHead, ...generated.keys()].join('\n')}\n`;
	return files([...generated, [recordName, record]]);
}

async function compare(wanted: Files, folder: string): Promise<FileDifference> {
	const missing: string[] = [];
	const stale: string[] = [];
	for (const [path, text] of wanted) {
		const found = await readIfThere(join(folder, path));
		if (found === undefined) missing.push(path);
		else if (found !== text) stale.push(path);
	}
	const superfluous: string[] = [];
	for (const path of parseRecord(await readIfThere(join(folder, recordName)))) {
		if (!wanted.has(path) && (await readIfThere(join(folder, path))) !== undefined) superfluous.push(path);
	}
	return { missing, stale, superfluous };
}

/** The paths of a record. It may have been edited, so a path that leads out of the folder is left alone. */
function parseRecord(record: string | undefined): string[] {
	const lines = record?.split(/\r?\n/) ?? [];
	return lines.filter((line) => line !== '' && !line.startsWith('#') && staysInside(line)).sort();
}

function staysInside(path: string): boolean {
	return !path.split(/[\\/]/).some((part) => part === '' || part === '..' || part.endsWith(':'));
}

async function readIfThere(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if (isMissing(error)) return undefined;
		throw error;
	}
}

function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

async function replaceFile(path: string, text: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	const temporary = `${path}.${process.pid}.tmp`;
	try {
		await writeFile(temporary, text);
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
}

/** Removes a file, and the folders that it leaves empty. */
async function removeFile(folder: string, path: string): Promise<void> {
	await rm(join(folder, path), { force: true });
	for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
		try {
			await rmdir(join(folder, parent));
		} catch {
			return;
		}
	}
}
