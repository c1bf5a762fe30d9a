import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseModule } from '../../src/wasm/module.js';
import { makeCache } from '../helpers/cache.js';
import { cpybuild, ROOT } from '../helpers/cli.js';
import { buildJson, planKeys } from '../helpers/events.js';
import { hashFolder, listFiles } from '../helpers/folder.js';
import { nativeModule } from '../helpers/native.js';
import { makeProject, openProject } from '../helpers/project.js';

/** Makes what a test builds differ from what earlier tests left in the store. */
const fresh = () => `value_${Date.now().toString(36)}_${Math.random().toString(36).slice(2)}`;

const demo = (name: string, signature = 'func(a: s32, b: s32) -> s32') => `  demo:
    functions:
      ${name}: { signature: "${signature}" }
`;

const manifest = (modules: string, build = '') => `python: "3.13.5"
modules:
${modules}${build && `build: ${build}\n`}`;

describe('a build', () => {
	// What all builds with a module of this name share is in the store before the first test, whatever ran earlier.
	beforeAll(async () => {
		const project = await openProject(await mkdtemp(join(tmpdir(), 'cpybuild-test-')), {
			'project.yaml': manifest(demo(fresh())),
		});
		expect(await project.build()).toMatchObject({ code: 0 });
		return () => rm(project.folder, { recursive: true, force: true });
	});

	test('runs what is new, and the next one nothing', async () => {
		const name = fresh();
		const project = await makeProject({ 'project.yaml': manifest(demo(name)) });
		const first = await buildJson(project.folder);
		expect(first.code).toBe(0);
		expect(first.ran).toEqual(['compile:demo', 'link', 'verify']);
		expect(first.report).toMatchObject({
			status: 'built',
			out: project.dist,
			python: '3.13.5',
			imports: [{ module: 'demo', name, signature: 'func(a: s32, b: s32) -> s32', type: '(i32, i32) -> i32' }],
			warnings: [],
		});
		const second = await buildJson(project.folder);
		expect(second.report).toEqual({ ...first.report, status: 'up-to-date', steps: [], ms: expect.any(Number) });
		expect(second.steps).toEqual({});
	});

	test('with a changed signature compiles the stub and links', async () => {
		const name = fresh();
		const project = await makeProject({ 'project.yaml': manifest(demo(name)) });
		await project.build();
		await project.write('project.yaml', manifest(demo(name, 'func(a: s64) -> string')));
		const { ran, report } = await buildJson(project.folder);
		expect(ran).toEqual(['compile:demo', 'link', 'verify']);
		expect(report?.imports).toEqual([
			{ module: 'demo', name, signature: 'func(a: s64) -> string', type: '(i64, i32) -> ()' },
		]);
	});

	test('with one more module compiles it and the table of modules', async () => {
		const [name, other] = [fresh(), fresh()];
		const project = await makeProject({ 'project.yaml': manifest(demo(name)) });
		await project.build();
		const more = `  ${other}:\n    functions:\n      get: { signature: "func() -> bool" }\n`;
		await project.write('project.yaml', manifest(demo(name) + more));
		const { ran } = await buildJson(project.folder);
		expect(ran).toEqual([`compile:${other}`, 'inittab', 'link', 'verify'].sort());
	});
});

describe('files of a C module', () => {
	const files = () => ({
		'project.yaml': manifest(`  one:
    sources: [src/one.c, src/other/one.c]
    include: [include]
  two: { sources: [two.c] }
`),
		'src/one.c': nativeModule('one', '    return PyLong_FromLong(ONE + more());', '#include "one.h"\nint more(void);'),
		'src/other/one.c': `int more(void) { return 10; } /* ${fresh()} */\n`,
		'include/one.h': '#define ONE 1\n',
		'two.c': nativeModule('two', '    return PyLong_FromLong(2);', `/* ${fresh()} */`),
	});
	const both = 'import one, two; print(one.value(), two.value())';

	test.each([
		['a source', 'src/other/one.c', 'int more(void) { return 20; }\n', '21 2'],
		['a header', 'include/one.h', '#define ONE 3\n', '13 2'],
		['a header that appears before the one that was found', 'src/one.h', '#define ONE 5\n', '15 2'],
	])('when %s changes that module alone is compiled', async (_, path, text, prints) => {
		const project = await makeProject(files());
		expect(await project.build()).toMatchObject({ code: 0, stderr: '' });
		expect(await project.python(both)).toEqual({ code: 0, stdout: '11 2', stderr: '' });
		await project.write(path, `${text}/* ${fresh()} */\n`);
		expect((await buildJson(project.folder)).ran).toEqual(['compile:one', 'link', 'verify']);
		expect(await project.python(both)).toEqual({ code: 0, stdout: prints, stderr: '' });
	});

	test('include folders, macros, flags and static libraries reach the compiler and the linker', async () => {
		const factor = 1000 + Math.floor(Math.random() * 1_000_000);
		const library = (by: number) => `int triple(int value) { return ${by} * value; }\n`;
		const project = await makeProject({
			'project.yaml': manifest(`  mixed:
    sources: [mixed.c]
    include: [., headers]
    define: { FACTOR: "7", GREETING: '"hello \\"you\\" $HOME"' }
    cflags: [-DFROM_FLAGS=100, -fno-builtin]
    libs: [libs/libtriple.a]
`),
			'mixed.c': nativeModule(
				'mixed',
				'    return Py_BuildValue("(iis)", triple(FACTOR), FROM_FLAGS, GREETING);',
				'#include <triple.h>',
			),
			'headers/triple.h': 'int triple(int value);\n',
			'triple.c': library(factor),
			'libs/README': '',
		});
		const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: project.folder });
		run('clang-19', '--target=wasm32-wasip1', '-c', 'triple.c', '-o', 'triple.o');
		run('llvm-ar-19', 'rcs', 'libs/libtriple.a', 'triple.o');
		expect(await project.build()).toMatchObject({ code: 0, stderr: '' });
		const program = 'import mixed; print(mixed.value())';
		expect(await project.python(program)).toEqual({
			code: 0,
			stdout: `(${7 * factor}, 100, 'hello "you" $HOME')`,
			stderr: '',
		});

		await project.write('triple.c', library(factor + 1));
		run('clang-19', '--target=wasm32-wasip1', '-c', 'triple.c', '-o', 'triple.o');
		run('llvm-ar-19', 'rcs', 'libs/libtriple.a', 'triple.o');
		expect((await buildJson(project.folder)).ran).toEqual(['link', 'verify']);
		expect((await project.python(program)).stdout).toBe(`(${7 * (factor + 1)}, 100, 'hello "you" $HOME')`);
	});

	test('names files as the project sees them, wherever it lies', async () => {
		const text = {
			'app/project.yaml': manifest(
				'  where: { sources: [native/where.c, ../shared/more.c], include: [., ../shared] }\n',
			),
			'app/native/where.c': nativeModule(
				'where',
				'    return Py_BuildValue("(sss)", __FILE__, in_header(), in_more());',
				'#include <where.h>\nconst char *in_more(void);',
			),
			'shared/where.h': 'static const char *in_header(void) { return __FILE__; }\n',
			'shared/more.c': 'const char *in_more(void) { return __FILE__; }\n',
		};
		const project = await makeProject(text);
		const app = join(project.folder, 'app');
		expect(await cpybuild(['build'], { cwd: app })).toMatchObject({ code: 0 });
		const program = 'import where; print(where.value())';
		const ran = await cpybuild(['run', 'dist', '--', '-c', program], { cwd: app });
		expect(ran).toEqual({
			code: 0,
			stdout: "('native/where.c', '../shared/where.h', '../shared/more.c')",
			stderr: '',
		});
	});
});

describe('the output folder', () => {
	test.each([
		['python.wasm', 'edited'],
		['bindings.ts', 'deleted'],
		['bindings.d.ts', 'edited'],
		['build.json', 'edited'],
		['typings/demo.pyi', 'deleted'],
		['licenses/CPython.txt', 'deleted'],
		['lib/python3.13/json/decoder.py', 'edited'],
		['lib/python3.13/__pycache__/os.cpython-313.pyc', 'deleted'],
		['lib', 'deleted'],
		['.', 'deleted'],
	])('gets %s back when it is %s', async (path, how) => {
		const project = await makeProject({ 'project.yaml': manifest(demo('same')) });
		expect(await project.build()).toMatchObject({ code: 0 });
		const before = hashFolder(project.dist);
		const changed = join(project.dist, path);
		if (how === 'edited') await appendFile(changed, ' ');
		else await rm(changed, { recursive: true });
		expect(await buildJson(project.folder)).toMatchObject({ code: 0, ran: [], report: { status: 'built' } });
		expect(hashFolder(project.dist)).toEqual(before);
	});

	test.each([
		[
			'a folder with files',
			async (out: string) => {
				await mkdir(out);
				await writeFile(join(out, 'thesis.txt'), 'the only copy');
			},
		],
		[
			"another tool's output",
			async (out: string) => {
				await mkdir(out);
				await writeFile(join(out, 'build.json'), '{}');
			},
		],
	])('is refused and untouched when it is %s', async (_, arrange) => {
		const project = await makeProject({ 'project.yaml': manifest(demo('same')) });
		const out = join(project.folder, 'documents');
		await arrange(out);
		const before = hashFolder(project.folder);
		const result = await project.build('--quiet', '--out', 'documents');
		expect({ ...result, stderr: result.stderr.replaceAll(project.folder, '<project>') }).toEqual({
			code: 2,
			stdout: '',
			stderr: `error[usage/out-not-ours]: the folder "<project>/documents" holds files that cpybuild did not make
   = hint: choose another folder with --out, or empty this one; cpybuild replaces "lib", "licenses" and "typings" in it as a whole`,
		});
		expect(hashFolder(out)).toEqual(
			Object.fromEntries(
				Object.entries(before).flatMap(([path, hash]) =>
					path.startsWith('documents/') ? [[path.slice('documents/'.length), hash]] : [],
				),
			),
		);
	});

	test('is refused when it is a file', async () => {
		const project = await makeProject({ 'project.yaml': manifest(demo('same')), dist: 'a file' });
		const result = await project.build('--quiet');
		expect(result.code).toBe(2);
		expect(result.stderr.replaceAll(project.folder, '<project>')).toBe(
			`error[usage/out-not-ours]: the output folder "<project>/dist" is a file
   = hint: choose another folder with --out, or empty this one; cpybuild replaces "lib", "licenses" and "typings" in it as a whole`,
		);
	});

	test('may be an empty folder', async () => {
		const project = await makeProject({ 'project.yaml': manifest(demo('same')) });
		await mkdir(project.dist);
		expect(await project.build()).toMatchObject({ code: 0 });
		expect(existsSync(join(project.dist, 'build.json'))).toBe(true);
	});

	test('loses the typings of a module that is gone, and keeps what others put there', async () => {
		const name = fresh();
		const project = await makeProject({ 'project.yaml': manifest(demo(name)) });
		await project.build();
		await writeFile(join(project.dist, 'notes.txt'), 'mine');
		await project.write('project.yaml', manifest(demo(name).replace('demo', 'other')));
		expect(await project.build()).toMatchObject({ code: 0 });
		expect(listFiles(project.dist).filter((path) => !path.startsWith('lib/'))).toEqual([
			'bindings.d.ts',
			'bindings.js',
			'bindings.ts',
			'build.json',
			'licenses/CPython.txt',
			'licenses/README.md',
			'licenses/expat.txt',
			'notes.txt',
			'package.json',
			'python.wasm',
			'sbom.cdx.json',
			'typings/_cpybuild.pyi',
			'typings/other.pyi',
		]);
	});

	test('is the same, byte for byte, from another place', async () => {
		const name = fresh();
		const files = {
			'project.yaml': manifest(`${demo(name)}  fast: { sources: [fast.c], imports: { log: "func(text: string)" } }\n`),
			'fast.c': nativeModule(
				'fast',
				'    log_(); return PyUnicode_FromString(__FILE__);',
				'#include "fast_imports.h"\n#include <assert.h>\nstatic void log_(void) { assert(Py_IsInitialized()); }',
			),
		};
		const one = await makeProject(files);
		const two = await makeProject(files);
		expect(await one.build('--quiet')).toMatchObject({ code: 0 });
		const elsewhere = join(two.folder, 'far/away');
		const manifestPath = join(two.folder, 'project.yaml');
		const cache = await makeCache(join(two.folder, 'cache'));
		const args = ['build', manifestPath, '--out', elsewhere, '--cache-dir', cache, '--quiet'];
		const again = await cpybuild(args, { cwd: tmpdir() });
		expect(again).toMatchObject({ code: 0 });
		expect(hashFolder(elsewhere)).toEqual(hashFolder(one.dist));
	});

	test('names no folder of this machine', async () => {
		const project = await makeProject({ 'project.yaml': manifest(demo(fresh())) });
		await project.build();
		const needles = [project.folder, ROOT, join(homedir(), '.cache'), `${homedir()}/`, `${tmpdir()}/cpybuild`];
		const found = listFiles(project.dist).flatMap((path) => {
			const text = readFileSync(join(project.dist, path), 'latin1');
			return needles.filter((needle) => text.includes(needle)).map((needle) => `${path}: ${needle}`);
		});
		expect(found).toEqual([]);
		expect(readFileSync(join(project.dist, 'build.json'), 'utf8')).not.toMatch(/"\/|\d{4}-\d\d-\d\d|\d{10,13}\b(?!")/);
	});

	test('holds the standard library without what a sandbox does not need', async () => {
		const project = await makeProject({ 'project.yaml': manifest(demo('same')) });
		await project.build();
		const files = listFiles(join(project.dist, 'lib/python3.13'));
		const unwanted = /(^|\/)(test|tests|idlelib|tkinter|turtledemo|ensurepip)(\/|$)|turtle|^test_/;
		expect(files.filter((path) => unwanted.test(path))).toEqual([]);
		const compiled = files.filter((path) => path.endsWith('.pyc'));
		expect(compiled.length).toBe(files.filter((path) => path.endsWith('.py')).length);
		// Flags 0b01: the hash of the source is there and never compared with it.
		const flags = new Set(
			compiled.map((path) => readFileSync(join(project.dist, 'lib/python3.13', path)).readUInt32LE(4)),
		);
		expect([...flags]).toEqual([1]);
		const loaded = await project.python(LOADED, { host: await hostOf(project.folder, 'same') });
		expect(loaded).toEqual({
			code: 0,
			stdout: '/lib/python3.13/json/__pycache__/__init__.cpython-313.pyc\n[]',
			stderr: '',
		});
	});
});

/** Prints where json comes from, and the modules that came from no bytecode. */
const LOADED = `
import json, sys
print(json.__cached__)
specs = [module.__spec__ for module in sys.modules.values() if getattr(module, "__spec__", None)]
print([spec.name for spec in specs if spec.has_location and spec.origin != "frozen" and not spec.cached])
`;

async function hostOf(folder: string, name: string): Promise<string> {
	const path = join(folder, 'host.mjs');
	await writeFile(path, `export default { demo: { ${name}: () => 1 } };\n`);
	return path;
}

test('memory and stack arrive in the module', async () => {
	const project = await makeProject({
		'project.yaml': manifest(
			'  plain: { sources: [plain.c] }\n',
			'{ memory: { initial: 32MiB, max: 128MiB }, stack: 4MiB }',
		),
		'plain.c': nativeModule('plain', '    int here; return PyLong_FromUnsignedLong((unsigned long)&here);'),
	});
	expect(await project.build()).toMatchObject({ code: 0, stderr: '' });
	const wasm = parseModule(readFileSync(join(project.dist, 'python.wasm')), 'python.wasm');
	expect(wasm.memories).toEqual([{ min: 512, max: 2048, shared: false, address: 'i32' }]);
	// The stack comes first in memory and grows down from its size.
	const { stdout } = await project.python('import plain; print(3 << 20 < plain.value() < 4 << 20)');
	expect(stdout).toBe('True');
});

describe('keys', () => {
	const files = (settings: { python?: string; build?: string; signature?: string } = {}) => ({
		'project.yaml': `python: "${settings.python ?? '3.13.5'}"
modules:
${demo('bar', settings.signature)}  fast: { sources: [native/fast.c], include: [., native] }
build: ${settings.build ?? '{}'}
`,
		'native/fast.c': nativeModule('fast', '    return PyLong_FromLong(1);', '#include "fast.h"'),
		'native/fast.h': '#define FAST 1\n',
	});
	const keys = async (settings?: Parameters<typeof files>[0], ...args: string[]) =>
		planKeys((await makeProject(files(settings))).folder, ...args);
	const steps = [
		'source',
		'base',
		'stdlib',
		'compile:_cpybuild',
		'compile:demo',
		'compile:fast',
		'inittab',
		'link',
		'verify',
	];

	test('do not depend on the place', async () => {
		expect(await keys()).toEqual(await keys());
	});

	test.each([
		['the version', { python: '3.11.2' }, steps],
		['optimize', { build: '{ optimize: size }' }, steps.slice(1)],
		['debug', { build: '{ debug: true }' }, steps.slice(1)],
		['pydebug', { build: '{ pydebug: true }' }, steps.slice(1)],
		['memory', { build: '{ memory: { initial: 64MiB } }' }, ['link', 'verify']],
		['the stack', { build: '{ stack: 4MiB }' }, ['link', 'verify']],
		['a signature', { signature: 'func(a: s64)' }, ['compile:demo', 'link', 'verify']],
	])('change with %s where they must', async (_, settings, changed) => {
		const [before, after] = [await keys(), await keys(settings)];
		expect(Object.keys(after)).toEqual(steps);
		expect(steps.filter((id) => before[id] !== after[id])).toEqual(changed);
	});

	test('change with the compiler', async () => {
		const [native, wasm] = [await keys(), await keys({}, '--compiler', 'wasm')];
		expect(steps.filter((id) => native[id] !== wasm[id])).toEqual(steps.slice(1));
	});
});
