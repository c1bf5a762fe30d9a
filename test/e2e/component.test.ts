import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sha256OfFile } from '../../src/cache/key.js';
import { cpybuild, ROOT, runNode } from '../helpers/cli.js';
import { newerNode } from '../helpers/newer-node.js';
import { openProject, type Project } from '../helpers/project.js';
import { wasmtimePackages } from '../helpers/wasmtime.js';

const MANIFEST = `python: "3.13.5"
modules:
  demo:
    doc: Shows what crosses.
    functions:
      bar: "func(a: s32, b: s32) -> s32"
      greet: "func(name: string, raw: list<u8>) -> string"
      fail_hard: "func()"
`;

const CALLS = 'import demo; print(demo.bar(1, 2), demo.greet("Zoë", b"12"))';

const THROWS = `import demo
try:
    demo.fail_hard()
except BaseException as error:
    print("caught", error)
`;

let project: Project;

beforeAll(async () => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-component-'));
	project = await openProject(folder, { 'project.yaml': `${MANIFEST}build: { component: true }\n` });
	expect(await project.build('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
	return () => rm(folder, { recursive: true, force: true });
});

describe('a component', () => {
	test('is listed in the record of the build, and stays when nothing changed', async () => {
		const { files } = JSON.parse(readFileSync(join(project.dist, 'build.json'), 'utf8'));
		expect(Object.keys(files)).toContain('python.component.wasm');
		const { stdout } = await project.build('--json');
		expect(JSON.parse(stdout)).toMatchObject({ status: 'up-to-date' });
	});

	test('has its adapter in the bill of materials', () => {
		const { components } = JSON.parse(readFileSync(join(project.dist, 'sbom.cdx.json'), 'utf8'));
		const own = components
			.slice(-3)
			.map(({ name, hashes }: { name: string; hashes?: { content: string }[] }) => [name, hashes?.[0]?.content]);
		const adapter = 'node_modules/@bytecodealliance/jco/lib/wasi_snapshot_preview1.command.wasm';
		expect(own).toEqual([
			['python.component.wasm', sha256OfFile(join(project.dist, 'python.component.wasm'))],
			['wasi_snapshot_preview1.command', sha256OfFile(join(ROOT, adapter))],
			['wasm-tools', undefined],
		]);
	});

	test('calls a host of TypeScript in jco', async () => {
		const program = join(ROOT, 'test/e2e/programs/component-in-jco.mjs');
		expect(await runNode([program, project.dist, CALLS])).toMatchObject({ stdout: '3 hello Zoë 49 50', code: 0 });
		expect(await runNode([program, project.dist, THROWS])).toMatchObject({
			stdout: 'the component ended: the host is out of order',
		});
	});

	test('calls a host of Python in wasmtime', async () => {
		const packages = await wasmtimePackages();
		const program = join(ROOT, 'test/e2e/programs/component_in_wasmtime.py');
		const run = (code: string) => execa('python3', [program, project.dist, code], { env: { PYTHONPATH: packages } });
		expect(await run(CALLS)).toMatchObject({ stdout: '3 hello Zoë 49 50', stderr: '' });
		// No exception of Python's: a component ends when its host throws what no signature tells of.
		expect(await run(THROWS)).toMatchObject({ stdout: 'the component ended: the host is out of order' });
	});

	test('goes away when it is asked for no more', async () => {
		await project.write('project.yaml', MANIFEST);
		expect(await project.build('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
		expect(readdirSync(project.dist)).not.toContain('python.component.wasm');
	});
});

describe('a component with async functions', () => {
	test('calls a host of TypeScript in jco that gives values at once', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'cpybuild-component-'));
		onTestFinished(() => rm(folder, { recursive: true, force: true }));
		const manifest = MANIFEST.replace('"func(a: s32', '"async func(a: s32').replace('"func(name', '"async func(name');
		const one = await openProject(folder, { 'project.yaml': `${manifest}build: { component: true }\n` });
		expect(await one.build('--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
		const program = join(ROOT, 'test/e2e/programs/component-in-jco.mjs');
		// What jco makes of an async function is for engines with JavaScript Promise Integration.
		const ran = await runNode([program, one.dist, CALLS], { node: await newerNode() });
		expect(ran).toEqual({ stdout: '3 hello Zoë 49 50', stderr: '', code: 0 });
	});
});

describe('a component of functions that Python code implements', () => {
	const PLUGIN = join(ROOT, 'test/e2e/programs/plugin');
	let dist: string;

	beforeAll(async () => {
		const folder = join(ROOT, '.cpybuild/test/plugin');
		await mkdir(folder, { recursive: true });
		await cp(join(PLUGIN, 'project.yaml'), join(folder, 'project.yaml'));
		expect(await cpybuild(['build', '--quiet'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
		dist = join(folder, 'dist');
	});

	/** What both hosts print: the first call starts Python, an exception ends the component. */
	const results = [
		'26',
		'0',
		'{"tag":"many","val":[{"name":"apple","price":1.5,"color":"red"},{"name":"größe","color":"green"}]}',
		'{"tag":"one","val":{"name":"apple","price":1.5,"color":"red"}}',
		'{"tag":"nothing"}',
		"[\"call 1, ['plugin', 'x'], utf8 1\",\"call 2, ['plugin', 'x'], utf8 1\"]",
	];
	const raised =
		/^Traceback .*\n {2}File .*"\/app\/acme\/sales\.py".*, line .*28.*, in .*fail.*\n.*\n.*ValueError.*: .*no.*$/;

	test('answers a host of JavaScript in jco', async () => {
		const { code, stdout, stderr } = await runNode([join(PLUGIN, 'in-jco.mjs'), dist]);
		expect(stdout.split('\n')).toEqual([...results, 'the component ended: RuntimeError']);
		expect(stderr).toMatch(raised);
		expect(code).toBe(0);
	});

	test('answers a host of Python in wasmtime', async () => {
		const env = { PYTHONPATH: await wasmtimePackages() };
		const { stdout, stderr } = await execa('python3', [join(PLUGIN, 'in_wasmtime.py'), dist], { env });
		expect(stdout.split('\n')).toEqual([...results, 'the component ended: WasmtimeError']);
		expect(stderr).toMatch(raised);
	});
});

describe('a component with errors and resources of its world', () => {
	let dist: string;

	beforeAll(async () => {
		const folder = join(ROOT, '.cpybuild/test/exports-in-wit');
		await cp(join(ROOT, 'test/golden/cases/exports-in-wit/wit'), join(folder, 'wit'), { recursive: true });
		await cp(join(ROOT, 'test/golden/cases/exports-in-wit/project.yaml'), join(folder, 'project.yaml'));
		expect(await cpybuild(['build', '--quiet'], { cwd: folder })).toEqual({ code: 0, stdout: '', stderr: '' });
		dist = join(folder, 'dist');
	});

	test('gives them to a host of JavaScript in jco', async () => {
		const program = join(ROOT, 'test/e2e/programs/shop-in-jco.mjs');
		expect(await runNode([program, dist])).toEqual({
			code: 0,
			stderr: '',
			stdout: [
				'[{"id":"1n","name":"größe","state":"fresh"},{"tag":"locked","val":"done"},{"tag":"unknown","val":"6n"}]',
				'[-7,"invalid literal for int() with base 10: \'x\'"]',
				'[1,2,["b3","b2","b1","c3","c2","c1"]]',
				'[3,true]',
				'["shop at 12",2,"no names",["Zoë","x"]]',
			].join('\n'),
		});
	});

	test('gives them to a host of Python in wasmtime', async () => {
		const env = { PYTHONPATH: await wasmtimePackages() };
		const program = join(ROOT, 'test/e2e/programs/shop_in_wasmtime.py');
		const { stdout, stderr } = await execa('python3', [program, dist], { env });
		expect(stderr).toBe('');
		expect(stdout.split('\n')).toEqual([
			'[{"id":1,"name":"größe","state":"fresh"},"done",6]',
			'[-7,"invalid literal for int() with base 10: \'x\'"]',
			'[1,2,["b3","b2","b1","c3","c2","c1"]]',
			'[3,"kept",[]]',
			'[3,3,["one"]]',
			'["shop at 12",2,"no names",["Zoë","x"]]',
		]);
	});
});
