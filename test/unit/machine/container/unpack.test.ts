import {
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createTarPacker, packTar, type TarHeader } from 'modern-tar';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CutOff, unpack } from '../../../../src/machine/container/unpack.js';

/** An entry of an archive: a name, and its content or another header. */
type Entry = readonly [name: string, content: string | Partial<TarHeader>];

const file = (name: string, content: string): Entry => [name, content];
const folder = (name: string): Entry => [name, { type: 'directory' }];
const link = (name: string, linkname: string): Entry => [name, { type: 'symlink', linkname }];

function pack(...entries: readonly Entry[]): Promise<Uint8Array> {
	return packTar(
		entries.map(([name, content]) =>
			typeof content === 'string'
				? { header: { name, size: Buffer.byteLength(content) }, body: content }
				: { header: { name, size: 0, ...content } },
		),
	);
}

let around: string;
let work: string;
beforeEach(() => {
	around = realpathSync(mkdtempSync(join(tmpdir(), 'cpybuild-unpack-')));
	work = join(around, 'work');
	mkdirSync(work);
	writeFileSync(join(around, 'secret'), 'secret');
	onTestFinished(() => rmSync(around, { recursive: true, force: true }));
});

/** Unpacks an archive in pieces, as they may come from a socket. */
async function take(...entries: readonly Entry[]) {
	const tar = await pack(...entries);
	const pieces = Array.from({ length: Math.ceil(tar.length / 700) }, (_, at) => tar.subarray(at * 700, at * 700 + 700));
	return unpack(Readable.from(pieces), work);
}

const at = (path: string) => join(work, path);
const content = (path: string) => readFileSync(at(path), 'utf8');

describe('what a container has', () => {
	test('gets here: files, folders and links', async () => {
		const items = await take(
			folder('work/'),
			file('work/file', 'content'),
			folder('work/below/'),
			['work/below/empty', { size: 0 }],
			link('work/below/link', '../file'),
		);
		expect([...items.keys()].sort()).toEqual(
			[work, at('below'), at('below/empty'), at('below/link'), at('file')].sort(),
		);
		expect(content('below/link')).toBe('content');
		expect(content('below/empty')).toBe('');
	});

	test('takes the place of what is here, whatever that is', async () => {
		mkdirSync(at('was a folder/below'), { recursive: true });
		writeFileSync(at('was a file'), 'old');
		symlinkSync('../secret', at('was a link'));
		await take(
			folder('work/'),
			file('work/was a folder', 'new'),
			folder('work/was a file/'),
			file('work/was a link', 'new'),
			file('work/was a file/below', 'new'),
		);
		expect(content('was a folder')).toBe('new');
		expect(content('was a file/below')).toBe('new');
		expect(content('was a link')).toBe('new');
		expect(readFileSync(join(around, 'secret'), 'utf8')).toBe('secret');
	});

	test('is written where it differs only, from the first byte to the last', async () => {
		const long = 'x'.repeat(200_000);
		for (const name of ['same', 'begin', 'end', 'short']) writeFileSync(at(name), long);
		const before = lstatSync(at('same'), { bigint: true });
		await take(
			folder('work/'),
			file('work/same', long),
			file('work/begin', `y${long.slice(1)}`),
			file('work/end', `${long.slice(1)}y`),
			file('work/short', 'x'),
		);
		const { ino, mtimeNs } = lstatSync(at('same'), { bigint: true });
		expect({ ino, mtimeNs }).toEqual({ ino: before.ino, mtimeNs: before.mtimeNs });
		expect(content('begin')).toBe(`y${long.slice(1)}`);
		expect(content('end')).toBe(`${long.slice(1)}y`);
		expect(content('short')).toBe('x');
	});

	test('leaves what is not in it', async () => {
		writeFileSync(at('mine'), 'mine');
		await take(folder('work/'), file('work/theirs', 'theirs'));
		expect(readdirSync(work).sort()).toEqual(['mine', 'theirs']);
	});

	test('keeps the permission to execute, and neither others nor too few', async () => {
		await take(
			folder('work/'),
			['work/program', { mode: 0o755 }],
			['work/root', { mode: 0o4755 }],
			['work/closed', { mode: 0 }],
			['work/folder/', { type: 'directory', mode: 0 }],
		);
		const mode = (name: string) => (lstatSync(at(name)).mode & 0o7777).toString(8);
		expect(['program', 'root', 'closed', 'folder'].map(mode)).toEqual(['755', '755', '600', '700']);
	});

	test('makes a second name of a file a file of its own', async () => {
		await take(folder('work/'), file('work/one', 'content'), ['work/two', { type: 'link', linkname: 'work/one' }]);
		expect(content('two')).toBe('content');
		expect(lstatSync(at('two')).nlink).toBe(1);
	});

	test('does not change the other names of a file that is here', async () => {
		writeFileSync(join(around, 'other'), 'old');
		linkSync(join(around, 'other'), at('file'));
		await take(folder('work/'), file('work/file', 'new'));
		expect(content('file')).toBe('new');
		expect(readFileSync(join(around, 'other'), 'utf8')).toBe('old');
	});

	test('leaves links that lead out as long as they stay as they are', async () => {
		symlinkSync('/usr/share', at('out'));
		await take(folder('work/'), link('work/out', '/usr/share'));
		expect(readlinkSync(at('out'))).toBe('/usr/share');
	});

	test('leaves out pipes and devices', async () => {
		await take(folder('work/'), ['work/pipe', { type: 'fifo' }], ['work/device', { type: 'character-device' }]);
		expect(readdirSync(work)).toEqual([]);
	});
});

describe('what a container must not do', () => {
	const refusal = (what: string) => ({
		diagnostics: [
			{
				code: 'build/bad-output',
				message: `a command in the container left ${what} in "${work}"`,
				hint: 'no command of a build makes such a thing: see what it compiles',
			},
		],
	});
	const outside = () => readdirSync(around).sort();

	test.each([
		'/etc/cpybuild',
		'../secret',
		'work/../secret',
		'work/a/../../../secret',
		'work/./file',
		'work//file',
		'secret',
		'workshop/file',
		'',
	])('is to name a place outside of the folder: "%s"', async (name) => {
		await expect(take(folder('work/'), file(name, 'changed'))).rejects.toMatchObject(
			refusal(`"${name}", which is no path in it,`),
		);
		expect(outside()).toEqual(['secret', 'work']);
		expect(readFileSync(join(around, 'secret'), 'utf8')).toBe('secret');
	});

	test.each(['/etc/passwd', '../secret', 'a/../../secret'])('is to make a link to "%s"', async (target) => {
		await expect(take(folder('work/'), link('work/link', target))).rejects.toMatchObject(
			refusal('the link "link" that leads out of it'),
		);
		expect(existsSync(at('link'))).toBe(false);
	});

	test('is to make a link to a link that leads out, which is ours', async () => {
		symlinkSync(around, at('out'));
		const taking = take(folder('work/'), link('work/out', around), link('work/secret', 'out/secret'));
		await expect(taking).rejects.toMatchObject(refusal('the link "secret" that leads out of it'));
	});

	test('is to write through a link', async () => {
		symlinkSync(around, at('out'));
		await take(folder('work/'), file('work/out/secret', 'changed'));
		expect(content('out/secret')).toBe('changed');
		expect(readFileSync(join(around, 'secret'), 'utf8')).toBe('secret');
	});

	test('is to change permissions through a link', async () => {
		symlinkSync(around, at('out'));
		const { mode } = lstatSync(join(around, 'secret'));
		await take(folder('work/'), ['work/out/secret', { mode: 0o777, size: 0 }]);
		expect(lstatSync(join(around, 'secret')).mode).toBe(mode);
	});

	test('is to put a link in the place of the folder itself', async () => {
		await expect(take(link('work', '/etc'))).rejects.toMatchObject(refusal('the link "" that leads out of it'));
		expect(lstatSync(work).isDirectory()).toBe(true);
	});

	test('is to copy a file that is not in the folder', async () => {
		writeFileSync(at('here'), 'here');
		for (const linkname of ['work/nowhere', 'work/here']) {
			await expect(take(folder('work/'), ['work/copy', { type: 'link', linkname }])).rejects.toMatchObject(
				refusal(`a second name of "${join(around, linkname)}", which is not in it,`),
			);
		}
		const taking = take(folder('work/'), ['work/copy', { type: 'link', linkname: '../secret' }]);
		await expect(taking).rejects.toMatchObject(refusal('"../secret", which is no path in it,'));
	});

	test('is to tell of more than any machine has room for', async () => {
		const { readable, controller } = createTarPacker();
		// Its content would come next.
		void controller.add({ name: 'work/large', size: 2 ** 50 });
		const tar = Readable.fromWeb(readable as ReadableStream);
		onTestFinished(() => void tar.destroy());
		await expect(unpack(tar, work)).rejects.toMatchObject(refusal('more files than fit on a machine'));
	});
});

test.each([10, 600, 1100, 1600])('an archive that ends after %i bytes is no archive', async (length) => {
	const tar = await pack(folder('work/'), file('work/file', 'x'.repeat(900)));
	await expect(unpack(Readable.from([tar.subarray(0, length)]), work)).rejects.toBeInstanceOf(CutOff);
});
