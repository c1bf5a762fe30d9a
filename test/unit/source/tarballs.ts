import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';

/** A gzipped tarball of the given entries, under the outermost folder that releases have. */
export async function makeTarball(entries: readonly TarEntry[]): Promise<Buffer> {
	return gzipSync(await packTar([...entries]));
}

/** A file of a release tarball. */
export function tarFile(path: string, text: string): TarEntry {
	return {
		header: { name: `Python-3.13.5/${path}`, size: Buffer.byteLength(text), type: 'file', mode: 0o644 },
		body: text,
	};
}

/** The least by which cpybuild knows a source tree of CPython. */
export function fakeCpython(version = '3.13.5'): readonly TarEntry[] {
	return [
		tarFile('configure', '#!/bin/sh\n'),
		tarFile('Include/patchlevel.h', `#define PY_VERSION      "${version}"\n`),
		tarFile('Doc/left-out.rst', 'not needed\n'),
	];
}

/** The sha256 of bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}
