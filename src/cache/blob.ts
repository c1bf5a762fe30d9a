import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type BrotliOptions, brotliCompress, constants, createBrotliDecompress, createGunzip } from 'node:zlib';
import { packTar, type TarSource, unpackTar } from 'modern-tar/fs';
import type { Digest } from './action-result.js';
import { canonical, sha256, sha256OfLargeFile } from './key.js';
import type { EntryName } from './layout.js';
import type { Listed, TreeList } from './tree-list.js';

/** The first byte of a blob says how the rest is compressed. */
const BROTLI = 2;

/** How many bytes are handed over at once. */
const CHUNK = 256 * 1024;

/** What unpacks each format; others are of newer versions. The first caches had gzip. */
const DECOMPRESSORS: ReadonlyMap<number, () => Transform> = new Map<number, () => Transform>([
	[1, () => createGunzip({ chunkSize: CHUNK })],
	[BROTLI, () => createBrotliDecompress({ chunkSize: CHUNK })],
]);

/**
 * Packing a link is what a build with a changed signature waits for, so time counts most. Medians on Node 20, for a
 * python.wasm of 6.8 MB:
 *
 *     gzip, level 1        62 ms  2.39 MB
 *     gzip, level 6       205 ms  2.14 MB
 *     Brotli, quality 0    22 ms  2.48 MB
 *     Brotli, quality 1    27 ms  2.32 MB
 *     Brotli, quality 2    53 ms  2.12 MB
 *
 * Unpacking takes 20 ms for all.
 */
const PARAMETERS = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 20 };

/** The first file of the tar says whose blob it is; the tree's files are below a folder. */
const NAME_FILE = 'entry.json';
const TREE = 'tree';

/** Every file has the same time, so that equal trees are equal blobs; ZIP files know none before 1980. */
const MTIME = new Date('2000-01-01T00:00:00Z');

/**
 * Packs a tree into a new file. Only what the list says gets in: a file that has changed since ends it.
 *
 * All of it is in memory at once, so that compressing is one piece of work for another thread: a build publishes
 * meanwhile, and a stream would wait for its turn at every chunk.
 * @throws Error also for a symbolic link that leads out of the tree, which would mean another thing elsewhere.
 */
export async function packTree(folder: string, list: TreeList, name: EntryName, to: string): Promise<Digest> {
	const chunks: Buffer[] = [];
	for await (const chunk of packTar([...sources(folder, list, name)])) chunks.push(chunk as Buffer);
	const compressed = await compress(Buffer.concat(chunks), { params: PARAMETERS, chunkSize: CHUNK });
	const blob = Buffer.concat([Buffer.of(BROTLI), compressed]);
	await writeFile(to, blob, { flag: 'wx' });
	return { sha256: sha256(blob), bytes: blob.length };
}

const compress = promisify<Buffer, BrotliOptions, Buffer>(brotliCompress);

function* sources(folder: string, list: TreeList, name: EntryName): Iterable<TarSource> {
	const fixed = { mtime: MTIME, uid: 0, gid: 0, mode: 0o644 };
	yield { ...fixed, type: 'content', target: NAME_FILE, content: nameFile(name) };
	yield { ...fixed, type: 'content', target: `${TREE}/`, content: '', mode: 0o755 };
	for (const [path, listed] of list.files) {
		const source = join(folder, path);
		const target = `${TREE}/${path}`;
		if (listed.type === 'folder') yield { ...fixed, type: 'content', target: `${target}/`, content: '', mode: 0o755 };
		else if (listed.type === 'link') {
			if (leadsOut(path, listed.target)) throw new Error(`the link "${path}" leads out of it, to "${listed.target}"`);
			yield { ...fixed, type: 'file', source, target, mode: 0o755 };
		} else {
			const mode = listed.executable ? 0o755 : 0o644;
			// Not as files: two that are hard links of each other would be packed as one.
			if (listed.size === 0) yield { ...fixed, type: 'content', target, content: '', mode };
			else
				yield {
					...fixed,
					type: 'stream',
					target,
					content: Readable.from(read(source, path, listed)),
					size: listed.size,
					mode,
				};
		}
	}
}

/** Reads a file when its turn comes. */
async function* read(source: string, path: string, listed: Extract<Listed, { type: 'file' }>) {
	const content = await readFile(source);
	if (sha256(content) !== listed.sha256) throw new Error(`the content of "${path}" has changed`);
	yield content;
}

function leadsOut(path: string, target: string): boolean {
	return isAbsolute(target) || posix.join(posix.dirname(path), target).split('/')[0] === '..';
}

/** What came out of a blob. */
export type Unpacked =
	/** The tree is in this folder. */
	| { readonly state: 'unpacked'; readonly tree: string }
	/** The blob is of a version that packs in another way. */
	| { readonly state: 'newer' }
	| { readonly state: 'damaged'; readonly what: string };

/**
 * Unpacks a blob into an empty folder.
 * @throws Error when this machine cannot: its disk is full, the folder read-only.
 */
export async function unpackBlob(blob: string, digest: Digest, name: EntryName, folder: string): Promise<Unpacked> {
	try {
		if ((await sha256OfLargeFile(blob)) !== digest.sha256) return damage('the packed files have changed');
		const format = await firstByte(blob);
		if (format === undefined) return damage('the packed files are empty');
		const decompress = DECOMPRESSORS.get(format);
		if (!decompress) return { state: 'newer' };
		await unpack(blob, decompress(), folder);
		const top = (await readdir(folder)).sort();
		const isOurs = top.join() === [NAME_FILE, TREE].join();
		if (!isOurs || (await readFile(join(folder, NAME_FILE), 'utf8')) !== nameFile(name)) {
			return damage('it holds the files of another entry');
		}
		return { state: 'unpacked', tree: join(folder, TREE) };
	} catch (error) {
		if (OF_THE_MACHINE.has((error as NodeJS.ErrnoException).code)) throw error;
		return damage(error instanceof Error ? error.message : String(error));
	}
}

/** Failures that say nothing about the blob. */
const OF_THE_MACHINE: ReadonlySet<string | undefined> = new Set([
	'ENOSPC',
	'EDQUOT',
	'EROFS',
	'EACCES',
	'EPERM',
	'EMFILE',
	'ENFILE',
	'ENOMEM',
]);

function damage(what: string): Unpacked {
	return { state: 'damaged', what };
}

/** Paths and links that lead out of the folder are refused by the library; links to files and devices here. */
async function unpack(blob: string, decompressor: Transform, folder: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	const tar = unpackTar(folder, {
		strict: true,
		filter: ({ name, type }) => {
			if (type === 'file' || type === 'directory' || type === 'symlink') return true;
			throw new Error(`"${name}" is packed as a ${type}`);
		},
		map: (header) => ({ ...header, mode: header.type === 'file' && !((header.mode ?? 0) & 0o100) ? 0o644 : 0o755 }),
	});
	await pipeline(createReadStream(blob, { start: 1, highWaterMark: CHUNK }), decompressor, tar);
}

async function firstByte(path: string): Promise<number | undefined> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0);
		return bytesRead === 1 ? buffer[0] : undefined;
	} finally {
		await file.close();
	}
}

function nameFile({ kind, key }: EntryName): string {
	return `${canonical({ kind, key })}\n`;
}
