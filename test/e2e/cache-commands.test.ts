import { createWriteStream, mkdtempSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packTar, type TarSource } from 'modern-tar/fs';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cpybuild, type Ended } from '../helpers/cli.js';
import { hashFolder, listFiles } from '../helpers/folder.js';
import { openProject, type Project } from '../helpers/project.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo:
    functions:
      bar: { signature: "func(a: s32) -> s32" }
`;

/** A search path without compilers. */
const BARE = { PATH: '/nowhere' };

let project: Project;
let archive = '';
/** The steps whose outputs are in the archive. */
const STEPS = ['base', 'stdlib', 'compile:_cpybuild', 'compile:demo', 'inittab', 'link', 'verify'];

beforeAll(async () => {
	const folder = mkdtempSync(join(tmpdir(), 'cpybuild-cache-'));
	project = await openProject(folder, { 'project.yaml': MANIFEST });
	expect(await project.build('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
	archive = join(folder, 'build.tar');
	const { code, stdout } = await run('export', archive, '--json');
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({ type: 'cache-exported', file: archive });
	return () => rm(folder, { recursive: true });
});

/** Runs `cpybuild cache` in the project, without compilers. */
function run(...args: readonly string[]): Promise<Ended> {
	return cpybuild(['cache', ...args], { cwd: project.folder, env: BARE });
}

/** An empty folder in the project's, for caches and archives. */
function newFolder(): string {
	const folder = mkdtempSync(join(project.folder, 'test-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

describe('cache key', () => {
	test('is made of platform, base and what is published, without a compiler', async () => {
		const { code, stdout } = await run('key', '--json');
		expect(code).toBe(0);
		const { type, key, restore, steps } = JSON.parse(stdout);
		expect(type).toBe('cache-key');
		expect(Object.keys(steps)).toEqual(['source', ...STEPS]);
		expect(restore).toBe(`cpybuild-${process.platform}-${process.arch}-${steps.base.slice(0, 16)}-`);
		expect(key.slice(0, restore.length)).toBe(restore);
		expect(key.slice(restore.length)).toMatch(/^[0-9a-f]{16}$/);
		expect(await run('key')).toEqual({ code: 0, stdout: key, stderr: '' });
	});

	test('changes with the manifest, and its beginning with the base alone', async () => {
		const { key, restore } = JSON.parse((await run('key', '--json')).stdout);
		const other = newFolder();
		await copyFile(join(project.folder, 'cpybuild.lock'), join(other, 'cpybuild.lock'));
		await writeFile(join(other, 'project.yaml'), MANIFEST);
		const same = JSON.parse((await run('key', '--json', join(other, 'project.yaml'))).stdout);
		expect(same).toMatchObject({ key, restore });
		await writeFile(join(other, 'project.yaml'), MANIFEST.replace('bar', 'foo'));
		const renamed = JSON.parse((await run('key', '--json', join(other, 'project.yaml'))).stdout);
		expect(renamed.restore).toBe(restore);
		expect(renamed.key).not.toBe(key);
		await writeFile(join(other, 'project.yaml'), `${MANIFEST}build: { pydebug: true }\n`);
		const debug = JSON.parse((await run('key', '--json', join(other, 'project.yaml'))).stdout);
		expect(debug.restore).not.toBe(restore);
	});
});

describe('cache export and import', () => {
	test('bring a build to a machine without network and compilers', async () => {
		const folder = newFolder();
		const cache = join(folder, 'cache');
		expect(await run('import', archive, '--cache-dir', cache)).toEqual({
			code: 0,
			stdout: `took 7 entries into ${cache}; already there: 0`,
			stderr: '',
		});
		expect(await run('import', archive, '--cache-dir', cache)).toMatchObject({
			stdout: `took 0 entries into ${cache}; already there: 7`,
		});
		const out = join(folder, 'dist');
		const build = ['build', '--quiet', '--offline', '--frozen', '--cache-dir', cache, '--out', out];
		expect(await cpybuild(build, { cwd: project.folder, env: BARE })).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(hashFolder(out)).toEqual(hashFolder(project.dist));
	});

	test('an archive of the same entries has the same bytes', async () => {
		const again = join(newFolder(), 'again.tar');
		expect((await run('export', again)).stdout).toMatch(/^wrote 7 entries, \d+\.\d MiB, to .*again\.tar$/);
		expect((await readFile(again)).equals(await readFile(archive))).toBe(true);
	});

	test('a build that has not been made cannot be exported', async () => {
		const folder = newFolder();
		await copyFile(join(project.folder, 'cpybuild.lock'), join(folder, 'cpybuild.lock'));
		await writeFile(join(folder, 'other.yaml'), MANIFEST.replace('bar', 'never_built'));
		const manifest = join(folder, 'other.yaml');
		expect(await run('export', join(folder, 'build.tar'), manifest)).toEqual({
			code: 1,
			stdout: '',
			stderr: `error[cache/incomplete]: the output of "link" is not in the cache\n   = hint: build it first: cpybuild build ${manifest}`,
		});
		expect((await readdir(folder)).sort()).toEqual(['cpybuild.lock', 'other.yaml']);
	});

	test('a damaged entry is replaced, a good one stays', async () => {
		const cache = join(newFolder(), 'cache');
		await run('import', archive, '--cache-dir', cache);
		const [blob = ''] = await readdir(join(cache, 'cas'));
		const content = await readFile(join(cache, 'cas', blob));
		await writeFile(join(cache, 'cas', blob), flip(content, content.length >> 1));
		expect(await run('import', archive, '--cache-dir', cache)).toMatchObject({
			stdout: `took 1 entry into ${cache}; already there: 6`,
		});
		expect((await readFile(join(cache, 'cas', blob))).equals(content)).toBe(true);
	});
});

describe('an archive that is not what was exported is refused as a whole:', () => {
	/** Imports an archive that must be refused; gives the message without what stands before and after the reason. */
	async function reasonFor(file: string): Promise<string> {
		const cache = join(newFolder(), 'cache');
		const { code, stdout, stderr } = await run('import', file, '--cache-dir', cache);
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(listFiles(cache)).toEqual([]);
		const before = `error[cache/bad-archive]: the archive "${file}" cannot be used: `;
		const after = '\n   = hint: nothing was taken from it; write it again with "cpybuild cache export"';
		expect([stderr.slice(0, before.length), stderr.slice(-after.length)]).toEqual([before, after]);
		return stderr.slice(before.length, -after.length);
	}

	async function pack(...sources: TarSource[]): Promise<string> {
		const file = join(newFolder(), 'made.tar');
		await pipeline(packTar(sources), createWriteStream(file));
		return file;
	}

	const index = (content: unknown): TarSource => ({
		type: 'content',
		target: 'cpybuild-cache.json',
		content: JSON.stringify(content),
	});

	test('one with a changed bit, wherever that is', async () => {
		const content = await readFile(archive);
		for (const part of [0.05, 0.3, 0.6, 0.95]) {
			const file = join(newFolder(), 'flipped.tar');
			await writeFile(file, flip(content, Math.floor(content.length * part)));
			expect(await reasonFor(file)).toMatch(/^the entry of "[a-z]+" is damaged: the packed files have changed$/);
		}
	});

	test('one that was cut off', async () => {
		const content = await readFile(archive);
		const file = join(newFolder(), 'short.tar');
		for (const length of [0, 700, content.length >> 1]) {
			await writeFile(file, content.subarray(0, length));
			expect(await reasonFor(file)).toBe('it cannot be unpacked: Tar archive is truncated');
		}
	});

	test('one that is no archive', async () => {
		expect(await reasonFor(join(project.dist, 'python.wasm'))).toBe('it cannot be unpacked: Invalid tar number');
	});

	test.each(['../evil', '/tmp/evil-of-cpybuild', 'cas/../../evil'])('one with the file "%s"', async (name) => {
		const file = await pack(index({ format: 1, entries: [] }), {
			type: 'content',
			target: 'x'.repeat(name.length),
			content: 'evil',
		});
		await writeFile(file, renameLast(await readFile(file), name));
		expect(await reasonFor(file)).toBe(`it holds "${name}", which no export writes`);
	});

	test('one without an index, or with one that nobody wrote', async () => {
		const blob = 'ab'.repeat(32);
		expect(await reasonFor(await pack({ type: 'content', target: `cas/${blob}`, content: 'x' }))).toBe(
			'it does not hold "cpybuild-cache.json"',
		);
		expect(await reasonFor(await pack(index('x')))).toBe('its "cpybuild-cache.json" cannot be read');
		expect(await reasonFor(await pack(index({ format: 2, entries: [] })))).toBe(
			'it was written by another version of cpybuild',
		);
		const entry = { kind: 'link', key: blob, sha256: blob, bytes: 1 };
		for (const wrong of [{ kind: '..' }, { key: '../x' }, { sha256: 'x' }, { bytes: 'x' }]) {
			expect(await reasonFor(await pack(index({ format: 1, entries: [{ ...entry, ...wrong }] })))).toBe(
				'its "cpybuild-cache.json" names something that is no entry',
			);
		}
		expect(await reasonFor(await pack(index({ format: 1, entries: [entry] })))).toBe('the entry of "link" is missing');
	});

	test('one whose entries go by wrong names', async () => {
		const folder = newFolder();
		const { entries } = JSON.parse((await run('export', join(folder, 'all.tar'), '--json')).stdout);
		const [one, other] = ['link', 'verify'].map((kind) =>
			entries.find((entry: { kind: string }) => entry.kind === kind),
		);
		const cache = (await run('path')).stdout;
		const swapped = await pack(index({ format: 1, entries: [{ ...one, kind: other.kind, key: other.key }] }), {
			type: 'file',
			target: `cas/${one.sha256}`,
			source: join(cache, 'cas', one.sha256),
		});
		expect(await reasonFor(swapped)).toBe('the entry of "verify" is damaged: it holds the files of another entry');
	});

	test('one that is not there', async () => {
		await mkdir(join(newFolder(), 'cache'));
		expect(await run('import', 'missing.tar')).toEqual({
			code: 2,
			stdout: '',
			stderr: 'error[usage/unreadable-file]: there is no file "missing.tar" to read',
		});
	});
});

test('cache gc and verify work on a real cache', async () => {
	const cache = join(newFolder(), 'cache');
	await run('import', archive, '--cache-dir', cache);
	const path = ['--cache-dir', cache];
	expect(await run('verify', ...path)).toEqual({
		code: 0,
		stdout: `${cache}: 7 entries and 0 downloads read, nothing is damaged`,
		stderr: '',
	});
	const { removed, after } = JSON.parse((await run('gc', '--max-size', '0KiB', '--json', ...path)).stdout);
	expect({ removed: removed.length, after }).toEqual({ removed: 7, after: 0 });
	expect(await run('list', ...path)).toEqual({
		code: 0,
		stdout: `${cache} holds 0 B of at most 10.0 GiB`,
		stderr: '',
	});
});

function flip(content: Buffer, at: number): Buffer {
	const flipped = Buffer.from(content);
	flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
	return flipped;
}

/** Gives the second file of a tar another name of the same length; what writes tars does not write such names. */
function renameLast(tar: Buffer, name: string): Buffer {
	const header = tar.subarray(1024, 1536);
	header.write(name, 0, 'latin1');
	header.fill(' ', 148, 156);
	const sum = header.reduce((total, byte) => total + byte, 0);
	header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
	return tar;
}
