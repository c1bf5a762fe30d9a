import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { type Diagnostic, fail } from '../diagnostics/diagnostic.js';
import { throwIfInterrupted } from '../diagnostics/interrupted.js';

/** For whom a tarball is unpacked. */
export interface Unpacking {
	readonly signal?: AbortSignal | undefined;
	/** The place that names the tarball. */
	readonly span?: Diagnostic['span'];
}

/**
 * Unpacks a tarball (plain, gzip or xz) without its outermost folder.
 * Paths and links that lead out of `folder` are refused by the library.
 * @param keep Says of a path (without the outermost folder) whether it is wanted.
 * @throws CpybuildError `toolchain/source-not-cpython` for a file that is no tarball, or a damaged or hostile one.
 */
export async function unpackTarball(
	tarball: string,
	folder: string,
	keep: (path: string) => boolean,
	{ signal, span }: Unpacking = {},
): Promise<void> {
	try {
		await unpackArchive(tarball, folder, keep, signal);
	} catch (error) {
		throwIfInterrupted(signal);
		fail(
			{
				code: 'toolchain/source-not-cpython',
				message: `"${basename(tarball)}" cannot be unpacked: ${error instanceof Error ? error.message : error}`,
				...(span && { span }),
				hint: 'name a release tarball (.tar.xz or .tgz), or an unpacked tree of one',
			},
			{ cause: error },
		);
	}
}

/** Unpacks as `unpackTarball` does; what goes wrong is for the caller to explain. */
export async function unpackArchive(
	archive: string,
	folder: string,
	keep: (path: string) => boolean,
	signal?: AbortSignal,
): Promise<void> {
	// Strict: text would else pass for an archive without entries. The filter gets names that are stripped already.
	const unpack = unpackTar(folder, { strict: true, strip: 1, filter: ({ name }) => keep(name) });
	await pipeline(await decompress(archive), unpack, { ...(signal && { signal }) });
}

/** The tar inside; told by the first bytes, since a download's name need not say it. */
async function decompress(tarball: string): Promise<NodeJS.ReadableStream> {
	const magic = await firstBytes(tarball);
	const file = createReadStream(tarball, { highWaterMark: 1024 * 1024 });
	if (magic.startsWith('fd377a585a00')) {
		// Only a first build unpacks anything.
		const { default: xz } = await import('xz-decompress');
		const bytes = Readable.toWeb(file) as ReadableStream<Uint8Array>;
		return Readable.fromWeb(new xz.XzReadableStream(bytes) as Parameters<typeof Readable.fromWeb>[0]);
	}
	if (magic.startsWith('1f8b')) return file.pipe(createGunzip() as Transform);
	return file;
}

async function firstBytes(path: string): Promise<string> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6);
		return buffer.subarray(0, bytesRead).toString('hex');
	} finally {
		await file.close();
	}
}
