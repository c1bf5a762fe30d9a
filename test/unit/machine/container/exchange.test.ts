import {
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TarHeader } from 'modern-tar';
import { packTar, unpackTar } from 'modern-tar/fs';
import { expect, onTestFinished, test } from 'vitest';
import { type Counterpart, openExchange } from '../../../../src/machine/container/exchange.js';

/** A folder that stands for the container: what is at `/a` there is at `a` in it. */
function openFar() {
	const root = realpathSync(mkdtempSync(join(tmpdir(), 'cpybuild-far-')));
	const here = join(root, 'here');
	const far = join(root, 'far');
	mkdirSync(here);
	mkdirSync(far);
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	const received: TarHeader[] = [];
	const removed: string[] = [];
	const got: string[] = [];
	let cut = 0;
	const cutOff = (times: number) => {
		cut = times;
	};
	const counterpart: Counterpart = {
		user: { uid: 1000, gid: 1000 },
		ahead: 0,
		look: async (path) => {
			const stat = lstatSync(join(far, path), { throwIfNoEntry: false });
			return stat && { isFolder: stat.isDirectory(), mode: stat.mode & 0o777 };
		},
		put: async (tar) => {
			const note = (header: TarHeader) => received.push(header) > 0;
			// Absolute links are as good as any in a container.
			await pipeline(tar, unpackTar(far, { filter: note }));
		},
		get: async (folder) => {
			got.push(folder);
			const source = { type: 'directory' as const, source: join(far, folder), target: basename(folder) };
			const chunks: Buffer[] = [];
			for await (const chunk of packTar([source])) chunks.push(chunk as Buffer);
			const tar = Buffer.concat(chunks);
			return Readable.from([cut-- > 0 ? tar.subarray(0, 1500) : tar]);
		},
		remove: async (paths) => {
			removed.push(...paths);
			for (const path of paths) rmSync(join(far, path), { recursive: true, force: true });
		},
	};
	const exchange = openExchange(counterpart);
	/** Names of what was sent since the last question, without those of folders. */
	const sent = () => {
		const files = received.splice(0).filter(({ type }) => type !== 'directory');
		return files.map(({ name }) => `/${name}`);
	};
	const there = (path: string) => join(far, path);
	const place = (options: { reads?: readonly string[]; writes?: readonly string[] }) => ({ cwd: here, ...options });
	return { here, there, sent, removed, got, received, exchange, place, cutOff };
}

const write = (path: string, text: string) => {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
};
const read = (path: string) => readFileSync(path, 'utf8');

test('what commands read is sent once, whoever reads it', async () => {
	const { here, there, sent, exchange, place } = openFar();
	const [tree, file] = [join(here, 'tree'), join(here, 'file')];
	write(join(tree, 'a/b'), 'b');
	write(file, 'file');
	await exchange.send(place({ reads: [tree, file] }));
	expect(sent()).toEqual([join(tree, 'a/b'), file]);
	expect(read(there(join(tree, 'a/b')))).toBe('b');
	await exchange.send(place({ reads: [file, join(tree, 'a'), join(tree, 'a/b'), tree] }));
	expect(sent()).toEqual([]);
});

test('a file is no folder because its name begins like one', async () => {
	const { here, sent, exchange, place } = openFar();
	write(join(here, 'tree/a'), 'a');
	write(join(here, 'treetop'), 'b');
	await exchange.send(place({ reads: [join(here, 'tree')] }));
	await exchange.send(place({ reads: [join(here, 'treetop')] }));
	expect(sent()).toEqual([join(here, 'tree/a'), join(here, 'treetop')]);
});

test('what commands write is sent whole the first time, and then what has changed here', async () => {
	const { here, there, sent, removed, exchange, place } = openFar();
	const work = join(here, 'work');
	for (const name of ['a', 'b', 'c/d']) write(join(work, name), name);
	const both = place({ writes: [work] });
	await exchange.send(both);
	expect(sent()).toEqual(['a', 'b', 'c/d'].map((name) => join(work, name)));
	await exchange.bring(both);
	await exchange.send(both);
	expect(sent()).toEqual([]);
	write(join(work, 'b'), 'changed');
	write(join(work, 'e'), 'e');
	rmSync(join(work, 'c'), { recursive: true });
	await exchange.send(both);
	expect(sent()).toEqual([join(work, 'b'), join(work, 'e')]);
	expect(removed).toEqual([join(work, 'c'), join(work, 'c/d')]);
	expect(readdirSync(there(work))).toEqual(['a', 'b', 'e']);
});

test('what has become a folder, or a file, is removed there first', async () => {
	const { here, there, exchange, place } = openFar();
	const work = join(here, 'work');
	write(join(work, 'file'), 'file');
	write(join(work, 'folder/below'), 'below');
	const both = place({ writes: [work] });
	await exchange.send(both);
	rmSync(join(work, 'file'));
	rmSync(join(work, 'folder'), { recursive: true });
	write(join(work, 'file/below'), 'below');
	write(join(work, 'folder'), 'file');
	await exchange.send(both);
	expect(read(there(join(work, 'file/below')))).toBe('below');
	expect(read(there(join(work, 'folder')))).toBe('file');
});

test('what was made, changed and removed there is so here afterwards', async () => {
	const { here, there, sent, removed, exchange, place } = openFar();
	const work = join(here, 'work');
	for (const name of ['changed', 'removed', 'folder/below']) write(join(work, name), name);
	const both = place({ writes: [work] });
	await exchange.send(both);
	sent();
	write(there(join(work, 'new')), 'new');
	write(there(join(work, 'changed')), 'other');
	rmSync(there(join(work, 'removed')));
	rmSync(there(join(work, 'folder')), { recursive: true });
	await exchange.bring(both);
	expect(readdirSync(work)).toEqual(['changed', 'new']);
	expect(read(join(work, 'changed'))).toBe('other');
	// That it is so here too is known: nothing goes back.
	await exchange.send(both);
	expect(sent()).toEqual([]);
	expect(removed).toEqual([]);
});

test('what another command is making is neither removed there nor missing here', async () => {
	const { here, there, removed, exchange, place } = openFar();
	const work = join(here, 'work');
	mkdirSync(work);
	const both = place({ writes: [work] });
	await exchange.send(both);
	// The first one makes a file, and is not done when the second one begins and ends.
	write(there(join(work, 'half')), 'ha');
	await exchange.send(both);
	expect(removed).toEqual([]);
	await exchange.bring(both);
	write(there(join(work, 'half')), 'half');
	await exchange.send(both);
	expect(read(there(join(work, 'half')))).toBe('half');
	await exchange.bring(both);
	expect(read(join(work, 'half'))).toBe('half');
});

test('what was made or changed here meanwhile stays when the container has none of it', async () => {
	const { here, there, exchange, place } = openFar();
	const work = join(here, 'work');
	write(join(work, 'folder/changed'), 'before');
	const both = place({ writes: [work] });
	await exchange.send(both);
	rmSync(there(join(work, 'folder')), { recursive: true });
	write(join(work, 'folder/changed'), 'changed here');
	write(join(work, 'new'), 'new');
	await exchange.bring(both);
	expect(read(join(work, 'folder/changed'))).toBe('changed here');
	expect(read(join(work, 'new'))).toBe('new');
	await exchange.send(both);
	expect(read(there(join(work, 'folder/changed')))).toBe('changed here');
});

test.each([
	[1, 2],
	[4, 5],
])('a folder that shrinks while it is packed, %i times, is asked for again', async (times, asked) => {
	const { here, there, exchange, place, got, cutOff } = openFar();
	const work = join(here, 'work');
	mkdirSync(work);
	const both = place({ writes: [work] });
	await exchange.send(both);
	write(there(join(work, 'file')), 'x'.repeat(2000));
	cutOff(times);
	await exchange.bring(both);
	expect(got).toHaveLength(asked);
	expect(read(join(work, 'file'))).toBe('x'.repeat(2000));
});

test('a folder that never stops shrinking is given up', async () => {
	const { here, there, exchange, place, got, cutOff } = openFar();
	const work = join(here, 'work');
	mkdirSync(work);
	const both = place({ writes: [work] });
	await exchange.send(both);
	write(there(join(work, 'file')), 'x'.repeat(2000));
	cutOff(1000);
	await expect(exchange.bring(both)).rejects.toMatchObject({
		diagnostics: [
			{
				code: 'build/bad-output',
				message: `"${work}" cannot be brought from the container: it changes all the time`,
				hint: 'a command has left a program behind that goes on writing: see what it starts',
			},
		],
	});
	expect(got).toHaveLength(5);
});

test('the way to a file is made, and opened where the image has closed it', async () => {
	const { here, there, received, exchange, place } = openFar();
	mkdirSync(there(dirname(here)), { recursive: true });
	mkdirSync(there(here), { mode: 0o700 });
	write(join(here, 'a/b/file'), 'file');
	await exchange.send(place({ reads: [join(here, 'a/b/file')] }));
	expect(received.map(({ name, mode }) => [`/${name}`, mode?.toString(8)])).toEqual([
		[`${here}/`, '711'],
		[`${here}/a/`, '755'],
		[`${here}/a/b/`, '755'],
		[join(here, 'a/b/file'), '644'],
	]);
});

test('everything belongs to the user of the container, and its times are those of its clock', async () => {
	const { here, received, exchange, place } = openFar();
	write(join(here, 'file'), 'file');
	await exchange.send(place({ reads: [join(here, 'file')] }));
	const changed = lstatSync(join(here, 'file')).mtimeMs / 1000;
	const file = received.find(({ name }) => name === join(here, 'file').slice(1));
	expect(file).toMatchObject({ uid: 1000, gid: 1000 });
	expect(Number(file?.pax?.mtime)).toBeCloseTo(changed, 5);
});

test('a link on the way is a link there too', async () => {
	const { here, there, exchange, place } = openFar();
	write(join(here, 'real/file'), 'file');
	symlinkSync('real', join(here, 'link'));
	await exchange.send(place({ reads: [join(here, 'link/file')] }));
	expect(lstatSync(there(join(here, 'link'))).isSymbolicLink()).toBe(true);
	expect(read(there(join(here, 'real/file')))).toBe('file');
	expect(existsSync(there(join(here, 'link/file')))).toBe(true);
});
