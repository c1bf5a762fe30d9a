import { readdirSync, readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CpybuildError, fail, type SourceFile } from '../diagnostics/diagnostic.js';
import type { Manifest } from './manifest.js';
import { parseManifest } from './parse.js';
import type { PathKind } from './path-kind.js';
import type { WitFiles } from './wit-folder.js';

/** How `readManifest` reads. */
export interface ReadManifestOptions {
	/** Full versions of CPython whose source is pinned; only hints name them. */
	readonly pinnedVersions?: readonly string[];
}

/** Reads and validates a manifest. Throws a `CpybuildError` with every problem, in the order of the file. */
export async function readManifest(path: string, options: ReadManifestOptions = {}): Promise<Manifest> {
	const file: SourceFile = { path: path.replaceAll('\\', '/'), text: await readText(path) };
	const parsed = parseManifest(file, { ...options, folder: dirname(resolve(path)), kindOf, readWit });
	if (!parsed.ok) throw new CpybuildError(parsed.diagnostics);
	return parsed.manifest;
}

/** No hand-written manifest comes near this. */
const largest = 2 ** 20;

async function readText(path: string): Promise<string> {
	const bytes = await readBytes(path);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (error) {
		const hint = 'save it in the encoding UTF-8';
		fail({ code: 'manifest/unreadable', message: `"${path}" is not a UTF-8 text`, hint }, { cause: error });
	}
}

async function readBytes(path: string): Promise<Uint8Array> {
	try {
		const file = await open(path);
		try {
			if ((await file.stat()).size > largest) {
				const message = `"${path}" is larger than 1 MiB, which no manifest is`;
				fail({ code: 'manifest/too-large', message, hint: 'name the manifest, for example project.yaml' });
			}
			return await file.readFile();
		} finally {
			await file.close();
		}
	} catch (error) {
		if (error instanceof CpybuildError) throw error;
		const [message, hint] = reasons[errorCode(error)] ?? [`cannot be read: ${errorCode(error)}`, undefined];
		fail(
			{ code: 'manifest/unreadable', message: `"${path}" ${message}`, ...(hint === undefined ? {} : { hint }) },
			{ cause: error },
		);
	}
}

const reasons: Readonly<Record<string, readonly [message: string, hint: string]>> = {
	ENOENT: ['does not exist', 'name the manifest, or make a new project with "cpybuild init"'],
	ENOTDIR: ['does not exist', 'name the manifest, or make a new project with "cpybuild init"'],
	EISDIR: ['is a folder', 'name the manifest in it, for example project.yaml'],
	EACCES: ['may not be read by this user', 'check the permissions of the file'],
};

function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

function kindOf(path: string): PathKind {
	try {
		return statSync(path).isDirectory() ? 'folder' : 'file';
	} catch {
		// Unreachable, forbidden and impossible paths are all of no use to the build.
		return 'missing';
	}
}

/** The WIT files of a folder and of its `deps/`, or a file alone. */
function readWit(path: string): WitFiles {
	if (kindOf(path) === 'file') return new Map([[`${basename(path, '.wit')}.wit`, readFileSync(path, 'utf8')]]);
	const deps = filesIn(path, 'deps');
	const files = [...filesIn(path, ''), ...deps, ...deps.flatMap((folder) => filesIn(path, folder))];
	return new Map(
		files
			.filter((file) => file.endsWith('.wit') && kindOf(join(path, file)) === 'file')
			.map((file) => [file, readFileSync(join(path, file), 'utf8')]),
	);
}

function filesIn(root: string, folder: string): readonly string[] {
	const path = join(root, folder);
	if (kindOf(path) !== 'folder') return [];
	return readdirSync(path)
		.sort()
		.map((name) => (folder === '' ? name : `${folder}/${name}`));
}
