import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sha256OfFile } from '../../../src/cache/key.js';
import { chooseCpython } from '../../../src/cpython/choose.js';
import { publish } from '../../../src/dist.js';
import { files } from '../../../src/generate/files.js';
import { makeStep } from '../../../src/steps/make-step.js';
import type { ToolchainRecord } from '../../../src/toolchain/toolchain.js';
import { hashFolder } from '../../helpers/folder.js';
import { manifest } from '../generate/manifest.js';

/** The number of a process that has ended: the largest that Linux gives. */
const ENDED = 4_194_304;

/** Results of a build, of which `word` is in every file. */
async function arrange() {
	const root = await mkdtemp(join(tmpdir(), 'cpybuild-publish-'));
	onTestFinished(() => rm(root, { recursive: true, force: true }));
	const out = join(root, 'dist');
	const build = async (word: string) => {
		const [link, stdlib] = [join(root, word, 'link'), join(root, word, 'stdlib')];
		for (const folder of [link, join(stdlib, 'lib/python3.13'), join(stdlib, 'licenses')])
			await mkdir(folder, { recursive: true });
		const custom = Buffer.concat([Buffer.from([0, 5, 4]), Buffer.from(word.padEnd(4).slice(0, 4))]);
		await writeFile(join(link, 'python.wasm'), Buffer.concat([Buffer.from('0061736d01000000', 'hex'), custom]));
		await writeFile(join(stdlib, 'lib/python3.13/os.py'), word);
		await writeFile(join(stdlib, 'licenses/CPython.txt'), word);
		const project = manifest([]);
		const toolchain: ToolchainRecord = {
			name: 'none',
			identity: { target: '', compiler: '', programs: {}, libraries: {}, sysroot: word },
		};
		const plan = {
			steps: [
				makeStep({ id: 'source', title: '', inputs: { source: { tarball: word } }, run: async () => {} }),
				makeStep({ id: 'link', title: '', inputs: { libraries: [] }, run: async () => {} }),
			],
		};
		const interfaces = files([
			['bindings.ts', word],
			[`typings/${word}.pyi`, word],
		]);
		const cpython = chooseCpython(project.python);
		const program = { path: join(link, 'python.wasm'), sha256: sha256OfFile(join(link, 'python.wasm')) };
		const results = { program, stdlib, stdlibKey: word, interfaces, parts: { bundled: [], patches: [] } };
		await publish(out, false, { ...results, manifest: project, plan, cpython, toolchain });
		return hashFolder(out);
	};
	return { root, out, build };
}

/** Takes back the last steps of an exchange, as if the build had been killed before them. */
async function killedWhile(out: string, placed: readonly string[], before: string) {
	const staging = join(out, `.cpybuild-${ENDED}-abc123`);
	await mkdir(join(staging, 'old'), { recursive: true });
	await mkdir(join(staging, 'new'));
	for (const name of ['build.json', ...placed]) {
		await rename(join(out, name), join(staging, 'old', name));
		if (name !== 'build.json') await writeFile(join(out, name), before);
	}
}

test('the folder holds the results, and nothing of how they came there', async () => {
	const { root, out, build } = await arrange();
	await build('one');
	expect((await readdir(out, { recursive: true })).sort()).toEqual([
		'bindings.ts',
		'build.json',
		'lib',
		'lib/python3.13',
		'lib/python3.13/os.py',
		'licenses',
		'licenses/CPython.txt',
		'package.json',
		'python.wasm',
		'sbom.cdx.json',
		'typings',
		'typings/one.pyi',
	]);
	expect((await readdir(root)).sort()).toEqual(['dist', 'one']);
});

test('the next results take the place of the last ones', async () => {
	const { out, build } = await arrange();
	const first = await build('one');
	const second = await build('two');
	expect(Object.keys(second)).toEqual(Object.keys(first).map((path) => path.replace('one', 'two')));
	expect(await readFile(join(out, 'lib/python3.13/os.py'), 'utf8')).toBe('two');
	expect(await build('one')).toEqual(first);
});

test.each([
	['before the first file', []],
	['between two files', ['python.wasm']],
	['before the record', ['python.wasm', 'bindings.ts', 'lib', 'licenses']],
])('a build that was killed %s is no obstacle to the next one', async (_, placed) => {
	const { out, build } = await arrange();
	const first = await build('one');
	await killedWhile(out, placed, 'half');
	expect(await build('one')).toEqual(first);
});

test('a failure puts back what was there', async () => {
	const { root, out, build } = await arrange();
	const first = await build('one');
	await mkdir(join(root, 'two/stdlib'), { recursive: true });
	// A file where a folder belongs: the copy of the standard library fails.
	await writeFile(join(root, 'two/stdlib/licenses'), '');
	await expect(build('two')).rejects.toThrow();
	expect(hashFolder(out)).toEqual(first);
});

test('the first build may be killed as well', async () => {
	const { out, build } = await arrange();
	const first = await build('one');
	await rm(out, { recursive: true });
	await mkdir(join(out, `.cpybuild-${ENDED}-abc123/old`), { recursive: true });
	await writeFile(join(out, 'python.wasm'), 'half');
	expect(await build('one')).toEqual(first);
});

test('a folder of another program is refused as it is', async () => {
	const { out, build } = await arrange();
	await mkdir(out);
	await writeFile(join(out, 'thesis.txt'), 'the only copy');
	await expect(build('one')).rejects.toMatchObject({ diagnostics: [{ code: 'usage/out-not-ours' }] });
	expect(await readdir(out)).toEqual(['thesis.txt']);
});
