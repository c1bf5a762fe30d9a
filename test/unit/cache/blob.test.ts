import { createHash } from 'node:crypto';
import { link, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import { packTar, unpackTar } from 'modern-tar';
import { expect, test } from 'vitest';
import { packTree, unpackBlob } from '../../../src/cache/blob.js';
import { canonical } from '../../../src/cache/key.js';
import { listTree } from '../../../src/cache/tree.js';
import { describeTree, fillThing, NAME, OTHER_KEY, temporaryFolder } from '../../helpers/store-fixture.js';

async function packedThing() {
	const folder = await temporaryFolder();
	const [tree, blob] = [join(folder, 'tree'), join(folder, 'blob')];
	await mkdir(tree);
	await fillThing(tree);
	return { folder, tree, blob, digest: await packTree(tree, listTree(tree, true), NAME, blob) };
}

/** Makes a blob of anything, as a server might send it: its hash is right. */
async function blobOf(bytes: Uint8Array) {
	const folder = await temporaryFolder();
	await writeFile(join(folder, 'blob'), bytes);
	const digest = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
	const out = join(folder, 'a/b/out');
	return { folder, out, unpack: () => unpackBlob(join(folder, 'blob'), digest, NAME, out) };
}

const NAME_FILE = { header: { name: 'entry.json', size: 0 }, body: `${canonical(NAME)}\n` };
const file = (name: string, body = 'x', type: 'file' | 'symlink' | 'link' | 'fifo' = 'file', linkname?: string) => ({
	header: { name, size: type === 'file' ? body.length : 0, type, ...(linkname !== undefined && { linkname }) },
	...(type === 'file' && { body }),
});

async function tarOf(...entries: readonly ReturnType<typeof file>[]) {
	const named = { header: { name: 'entry.json', size: NAME_FILE.body.length }, body: NAME_FILE.body };
	const tar = await packTar([named, ...entries]);
	return blobOf(Buffer.concat([Buffer.of(2), brotliCompressSync(tar)]));
}

test('what is packed is unpacked: contents, permissions, links, empty folders', async () => {
	const { folder, tree, blob, digest } = await packedThing();
	const out = join(folder, 'out');
	expect(await unpackBlob(blob, digest, NAME, out)).toEqual({ state: 'unpacked', tree: join(out, 'tree') });
	expect(await describeTree(join(out, 'tree'))).toEqual(await describeTree(tree));
	expect(listTree(join(out, 'tree'), true)).toEqual(listTree(tree, true));
});

test('an empty tree is packed and unpacked', async () => {
	const folder = await temporaryFolder();
	await mkdir(join(folder, 'tree'));
	const list = listTree(join(folder, 'tree'), true);
	const digest = await packTree(join(folder, 'tree'), list, NAME, join(folder, 'blob'));
	const unpacked = await unpackBlob(join(folder, 'blob'), digest, NAME, join(folder, 'out'));
	expect(unpacked).toEqual({ state: 'unpacked', tree: join(folder, 'out/tree') });
	expect(listTree(join(folder, 'out/tree'), true)).toEqual(list);
});

test('a blob is one byte for the format, then Brotli, then a tar that begins with the name; its digest is of these bytes', async () => {
	const { blob, digest } = await packedThing();
	const bytes = await readFile(blob);
	expect(digest).toEqual({ sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });
	expect(bytes[0]).toBe(2);
	const entries = await unpackTar(brotliDecompressSync(bytes.subarray(1)));
	expect(new TextDecoder().decode(entries[0]?.data)).toBe(`${canonical(NAME)}\n`);
	expect(entries.map(({ header }) => header.name).slice(0, 4)).toEqual([
		'entry.json',
		'tree/',
		'tree/a file',
		'tree/deep/bytes',
	]);
	const fixed = entries.map(({ header: { mtime, uid, gid, mode } }) => JSON.stringify({ mtime, uid, gid, mode }));
	expect([...new Set(fixed)].sort()).toEqual(
		[0o644, 0o755].map((mode) => JSON.stringify({ mtime: new Date('2000-01-01'), uid: 0, gid: 0, mode })),
	);
});

test('equal trees are equal blobs, whatever their times, and whether files are hard links', async () => {
	const one = await packedThing();
	const two = await packedThing();
	expect(two.digest).toEqual(one.digest);
	await utimes(join(two.tree, 'a file'), new Date('2001-01-01'), new Date('2001-01-01'));
	await rm(join(two.tree, 'tool'));
	await link(join(one.tree, 'tool'), join(two.tree, 'tool'));
	const again = join(two.folder, 'again');
	expect(await packTree(two.tree, listTree(two.tree, true), NAME, again)).toEqual(one.digest);
	expect(await readFile(again)).toEqual(await readFile(one.blob));
});

test('what has changed since it was listed is not packed', async () => {
	const { folder, tree } = await packedThing();
	const list = listTree(tree, true);
	await writeFile(join(tree, 'a file'), 'kontent\n');
	const packing = packTree(tree, list, NAME, join(folder, 'other'));
	await expect(packing).rejects.toThrow('the content of "a file" has changed');
});

test.each(['/etc/passwd', '../outside', 'a/../../outside'])('a link to %s is not packed', async (target) => {
	const folder = await temporaryFolder();
	await mkdir(join(folder, 'tree'));
	await symlink(target, join(folder, 'tree/link'));
	const packing = packTree(join(folder, 'tree'), listTree(join(folder, 'tree'), true), NAME, join(folder, 'blob'));
	await expect(packing).rejects.toThrow(`the link "link" leads out of it, to "${target}"`);
});

test('a blob of the first caches is unpacked too', async () => {
	const { unpack } = await blobOf(Buffer.concat([Buffer.of(1), gzipSync(Buffer.alloc(1024))]));
	expect(await unpack()).toMatchObject({ state: 'damaged', what: 'it holds the files of another entry' });
});

test('a format that is not known is of a newer version', async () => {
	const { unpack } = await blobOf(Buffer.from([3, 0, 0]));
	expect(await unpack()).toEqual({ state: 'newer' });
});

test("another entry's blob is not this one's", async () => {
	const { folder, blob, digest } = await packedThing();
	const damaged = { state: 'damaged', what: 'it holds the files of another entry' };
	expect(await unpackBlob(blob, digest, { ...NAME, key: OTHER_KEY }, join(folder, 'one'))).toEqual(damaged);
	expect(await unpackBlob(blob, digest, { ...NAME, kind: 'other' }, join(folder, 'two'))).toEqual(damaged);
});

test('a blob with a changed byte is damaged', async () => {
	const { folder, blob, digest } = await packedThing();
	const bytes = await readFile(blob);
	bytes[100] = (bytes[100] ?? 0) ^ 4;
	await writeFile(blob, bytes);
	const unpacked = await unpackBlob(blob, digest, NAME, join(folder, 'out'));
	expect(unpacked).toEqual({ state: 'damaged', what: 'the packed files have changed' });
});

test.each([
	['nothing', Buffer.alloc(0)],
	['no Brotli', Buffer.from([2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
	[
		'half of a Brotli stream',
		Buffer.concat([Buffer.of(2), brotliCompressSync(Buffer.alloc(10_000, 'x')).subarray(0, 6)]),
	],
	['no tar', Buffer.concat([Buffer.of(2), brotliCompressSync(Buffer.alloc(10_000, 'x'))])],
	['an empty tar', Buffer.concat([Buffer.of(2), brotliCompressSync(Buffer.alloc(1024))])],
])('%s with the right hash is damaged', async (_, bytes) => {
	const { unpack } = await blobOf(bytes);
	expect((await unpack()).state).toBe('damaged');
});

test.each([
	['a path that leads out', [file('tree/../../../outside')]],
	['an absolute path', [file('/outside')]],
	['a file beside the tree', [file('tree/a'), file('outside')]],
	['a link that leads out', [file('tree/link', '', 'symlink', '../../../..'), file('tree/link/outside')]],
	['a link to an absolute path', [file('tree/link', '', 'symlink', '/')]],
	['a hard link', [file('tree/a'), file('tree/b', '', 'link', 'tree/a')]],
	['a named pipe', [file('tree/a', '', 'fifo')]],
	['a file in the place of a folder', [file('tree/a'), file('tree/a/b')]],
])('%s is refused, and nothing appears outside', async (_, entries) => {
	const { folder, out, unpack } = await tarOf(...entries);
	expect((await unpack()).state).toBe('damaged');
	for (let above = dirname(out); above.startsWith(folder); above = dirname(above)) {
		await expect(readFile(join(above, 'outside'))).rejects.toThrow('ENOENT');
	}
});
