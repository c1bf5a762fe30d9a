import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { isKnownSetupBootstrap } from '../../src/cpython/setup-bootstrap.js';
import { writeFiles } from '../../src/generate/output.js';
import { generateProject, loadManifest } from '../../src/project.js';
import { unpackTarball } from '../../src/source/unpack.js';
import { ROOT } from '../helpers/cli.js';
import { cpythonTarball, makeWasiSdk, runDriver, systemToolchain, unpackWhole } from '../helpers/cpython-driver.js';
import { VERSIONS } from '../helpers/dist.js';
import { originalCases } from '../helpers/original-cases.js';

const VERSION = '3.13.5';
const RUNNER = join(import.meta.dirname, 'host-runner.mjs');

/** A project whose diff is applied, and what Python says in the interpreters that CPython's own driver builds with it. */
interface Case {
	readonly name: string;
	/** Writes the project, with a host module `host.mjs`. */
	readonly write: (folder: string) => Promise<void>;
	/** Run in python.wasm, with the host. */
	readonly guest: { readonly program: string; readonly prints: string };
	/** Run in the native Python that the driver builds first. */
	readonly native: { readonly program: string; readonly prints: string };
}

const CASES: readonly Case[] = [
	{
		name: 'the original cases',
		write: async (folder) => {
			for (const [path, text] of Object.entries(originalCases(VERSION))) await writeFile(join(folder, path), text);
		},
		guest: { program: 'import demo, three; print(three.value(), demo.bar(1, 2))', prints: '3 30' },
		native: {
			program: `
import demo, three
print(three.value())
try:
    demo.bar(1, 2)
except NotImplementedError as error:
    print(error)`,
			prints: '3\ndemo.bar() needs a WebAssembly host',
		},
	},
	{
		name: 'the project.yaml of this repository',
		write: async (folder) => {
			await cp(join(ROOT, 'project.yaml'), join(folder, 'project.yaml'));
			await cp(join(ROOT, 'native'), join(folder, 'native'), { recursive: true });
			await writeFile(
				join(folder, 'host.mjs'),
				`export default {
	demo: { bar: (a, b) => (a + b) * 10, fetchPage: (url, max) => new TextEncoder().encode(url).subarray(0, max) },
	fast: { log: (level, text) => console.log(level + ' ' + text) },
};
`,
			);
		},
		guest: {
			program:
				'import demo, fast; print(demo.bar(1, 2), demo.fetch_page("http://a", max_bytes=4), fast.sum_of_squares(3))',
			prints: "1 3 squares make 14\n30 b'http' 14",
		},
		native: {
			program: `
import demo, fast
for call in lambda: demo.bar(1, 2), lambda: demo.fetch_page("http://a"), lambda: fast.sum_of_squares(3):
    try:
        call()
    except NotImplementedError as error:
        print(error)`,
			prints: ['demo.bar', 'demo.fetch_page', 'fast.log']
				.map((name) => `${name}() needs a WebAssembly host`)
				.join('\n'),
		},
	},
];

test.each(VERSIONS)('Setup.bootstrap.in of CPython %s ends as the diff takes for granted', async (version) => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-in-tree-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const path = 'Modules/Setup.bootstrap.in';
	await unpackTarball(await cpythonTarball(version), folder, (name) => name === path);
	const text = await readFile(join(folder, path), 'utf8');
	expect(isKnownSetupBootstrap(version.replace(/\.\d+$/, ''), text)).toBe(true);
});

describe.each(CASES)("$name, built by CPython's own driver", ({ write, guest, native }) => {
	let tree: string;

	beforeAll(async () => {
		const folder = await mkdtemp(join(tmpdir(), 'cpybuild-in-tree-'));
		tree = join(folder, 'cpython');
		const project = join(folder, 'project');
		const generated = join(folder, 'generated');
		const sdk = join(folder, 'sdk');
		await mkdir(project);
		await write(project);
		await writeFiles(await generateProject(await loadManifest(join(project, 'project.yaml'))), generated);
		await unpackWhole(await cpythonTarball(VERSION), tree);
		await makeWasiSdk(sdk, await systemToolchain());

		const patch = join(generated, 'cpython.patch');
		await execa('git', ['apply', '--check', '--whitespace=error', patch], { cwd: tree });
		const { stdout: applied } = await execa('patch', ['-p1', '--fuzz=0', '-i', patch], { cwd: tree });
		// Other lines tell of parts that did not fit where they said.
		expect(applied.split('\n').filter((line) => !line.startsWith('patching file '))).toEqual([]);

		const bindings = join(generated, 'bindings.js');
		const host = join(project, 'host.mjs');
		const runner = `${process.execPath} --stack-size=3900 ${RUNNER} ${bindings} ${host} {HOST_DIR} {ENV_VAR_NAME}={ENV_VAR_VALUE}`;
		const args = ['build', '--quiet', '--host-runner', runner, '--', '--config-cache'];
		const built = await runDriver({ tree, sdk, args });
		console.log(built.stdout);
		expect(built).toMatchObject({ code: 0 });
		// Only then: a tree that failed stays, with the driver's logs beside it.
		return () => rm(folder, { recursive: true, force: true });
	});

	const run = async (python: string, program: string) => {
		const { exitCode, stdout, stderr } = await execa(join(tree, 'cross-build', python), ['-c', program], {
			reject: false,
		});
		return { code: exitCode, stdout, stderr };
	};

	test('the interpreter gets its answers from the host', async () => {
		const result = await run('wasm32-wasip1/python.sh', guest.program);
		expect(result).toEqual({ code: 0, stdout: guest.prints, stderr: '' });
	});

	test('the native build Python has the modules too, and without a host their functions raise', async () => {
		const result = await run('build/python', native.program);
		expect(result).toEqual({ code: 0, stdout: native.prints, stderr: '' });
	});
});
