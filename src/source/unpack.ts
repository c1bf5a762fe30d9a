import { createReadStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import xz from 'xz-decompress';

/**
 * Unpacks a `.tar.xz`, `.tar.gz`, `.tgz` or `.tar` without its outermost folder.
 * Paths that lead out of `folder` are refused by the library.
 * @param keep Says of a path (without the outermost folder) whether it is wanted.
 */
export async function unpackTarball(tarball: string, folder: string, keep: (path: string) => boolean): Promise<void> {
	const wanted = (name: string) => keep(name.slice(name.indexOf('/') + 1));
	const unpack = unpackTar(folder, { strip: 1, filter: (header) => wanted(header.name) });
	await pipeline(decompress(tarball), unpack);
}

function decompress(tarball: string): NodeJS.ReadableStream {
	const file = createReadStream(tarball, { highWaterMark: 1024 * 1024 });
	if (tarball.endsWith('.xz')) {
		const bytes = Readable.toWeb(file) as ReadableStream<Uint8Array>;
		return Readable.fromWeb(new xz.XzReadableStream(bytes) as Parameters<typeof Readable.fromWeb>[0]);
	}
	if (/\.t?gz$/.test(tarball)) return file.pipe(createGunzip() as Transform);
	return file;
}
