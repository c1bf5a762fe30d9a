import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateBindings } from '../../src/generate/bindings/index.js';
import type { Manifest } from '../../src/manifest/manifest.js';
import { readManifest } from '../../src/manifest/read.js';
import { ROOT } from '../helpers/cli.js';
import { BROWSER, NODE, strictTsc } from '../helpers/tsc.js';
import {
	example,
	hostFunction,
	hostModule,
	manifestOf,
	nativeModule,
	oneExport,
	signature,
} from '../unit/bindings/manifests.js';
import { rich } from '../unit/bindings/rich.js';

const types = 'bool s8 s16 s32 s64 u8 u16 u32 u64 f32 f64 char string list<u8>'.split(' ');
const all = types.map((type, index) => `p${index}: ${type}`);

/** Every type in both directions, spilled parameters, names that need care. */
const wide = manifestOf(
	hostModule('default', [
		...types.map((type, index) => hostFunction('default', `f${index}`, signature([`value: ${type}`], type))),
		hostFunction('default', 'many', signature(all, 'list<u8>')),
		hostFunction('default', 'delete', signature(['default: s32', 'result: string', 'guest: u8', 'bar: bool'])),
	]),
	nativeModule('error', [
		hostFunction('error', 'get_row', signature(['await: string']), { importModule: 'my-host/io', importName: "it's" }),
	]),
	hostModule('uint8_array', [
		hostFunction('uint8_array', 'f', signature([], 'list<u8>'), { importModule: '__proto__' }),
	]),
);

/** Each type alone, so that a declaration that is included without need shows as unused. */
const alone: readonly Manifest[] = [
	manifestOf(),
	...[[], ...types.map((type) => [`value: ${type}`])].map((params) => oneFunction(params)),
	...types.map((type) => oneFunction([], type)),
	...types.map((type) => oneExport(signature([`value: ${type}`], type))),
	oneExport(signature([])),
	oneExport(signature(all)),
	...types.map((type) => oneFunction(Array.from({ length: 17 }, (_, index) => `p${index}: ${type}`))),
];

/** Functions for which Python waits, with resources and exports. */
const waiting = await readManifest(join(ROOT, 'test/golden/cases/async/project.yaml'));

/** Each type alone as the result of such a function. */
const asyncAlone = [undefined, ...types].map((result) =>
	manifestOf(hostModule('m', [hostFunction('m', 'f', { ...signature([], result), isAsync: true })])),
);

/** The same for a debug build. */
function debugged(manifest: Manifest): Manifest {
	return { ...manifest, build: { ...manifest.build, debug: true } };
}

function oneFunction(params: readonly string[], result?: string): Manifest {
	return manifestOf(hostModule('m', [hostFunction('m', 'f', signature(params, result))]));
}

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'cpybuild-compile-'));
	writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): string {
	const file = join(folder, path);
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
	return file;
}

/** Writes a manifest's bindings: with the TypeScript module, or with the JavaScript one and its declarations. */
function writeBindings(path: string, manifest: Manifest, form: 'ts' | 'js'): void {
	for (const [name, text] of generateBindings(manifest)) {
		if ((name === 'bindings.ts') === (form === 'ts')) write(join(path, name), text);
	}
}

/** Code without comments and layout. */
function bare(code: string): string {
	return transformSync(code, { minify: true, jsc: { target: 'es2022', preserveAllComments: false } }).code;
}

describe('generated bindings', () => {
	test.each([
		['a browser', BROWSER],
		['Node', NODE],
	])('compile with the types of %s', (name, options) => {
		const manifests = [example, wide, rich, waiting, ...asyncAlone, ...alone];
		manifests.push(...[wide, rich, waiting, ...alone].map(debugged));
		const files = manifests.map((manifest, index) => {
			const path = join(name, String(index));
			writeBindings(path, manifest, 'ts');
			return join(path, 'bindings.ts');
		});
		expect(strictTsc(folder, `${options} --noEmit`, files)).toBe('');
	});

	test.each([
		['example', example],
		['wide', wide],
		['rich', rich],
		['waiting', waiting],
		['empty', manifestOf()],
		['exporting', oneExport(signature(all, 'list<u8>'))],
		['debug', debugged(rich)],
	])('in JavaScript are what tsc makes of the TypeScript (%s)', (name, manifest) => {
		writeBindings(join('emit', name), manifest, 'ts');
		expect(strictTsc(folder, `${BROWSER} --outDir out/${name}`, [join('emit', name, 'bindings.ts')])).toBe('');
		const compiled = readFileSync(join(folder, 'out', name, 'bindings.js'), 'utf8');
		expect(bare(generateBindings(manifest).get('bindings.js') ?? '')).toBe(bare(compiled));
	});

	test.each([
		['example', example],
		['wide', wide],
		['rich', rich],
		['waiting', waiting],
	])('declare what tsc declares (%s)', (name, manifest) => {
		writeBindings(join('equal', name, 'ts'), manifest, 'ts');
		writeBindings(join('equal', name, 'js'), manifest, 'js');
		const user = write(
			join('equal', name, 'user.ts'),
			`import type * as Declared from './js/bindings.js';
import type * as Source from './ts/bindings.js';
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const same: Same<typeof Declared, typeof Source> = true;
type Deep<T> = T extends (...parameters: infer P) => infer R ? [P, Deep<R>] : T extends object ? { [K in keyof T]: Deep<T[K]> } : T;
export const deep: Same<Deep<Declared.Host>, Deep<Source.Host>> = true;
export const bindings: Same<Deep<Declared.Bindings>, Deep<Source.Bindings>> = true;
export const wrong: Same<Deep<Declared.Host>, Deep<Source.Bindings>> = false;
`,
		);
		expect(strictTsc(folder, `${NODE} --noEmit`, [user])).toBe('');
	});
});

const right = `
class Counter implements Demo {
	#calls = 0;
	bar(a: number, b: number): number {
		return (a + b) * ++this.#calls;
	}
	fetchPage(url: string, maxBytes: number): Uint8Array {
		return new Uint8Array(Math.min(url.length, maxBytes));
	}
}
const bindings: Bindings = createBindings({ demo: new Counter(), fast: { log: (level, text) => [level, text] } });
export const table: readonly ImportEntry[] = IMPORTS;
export const sum: number = bindings.imports.demo.demo(1, 2);
export const host: Host = { demo: { bar: () => 1, fetchPage: () => new Uint8Array() }, fast: { log() {} } };
`;

/** One mistake per line, each under the comment that expects it. */
const wrong = [
	'createBindings({ demo });',
	'createBindings({ demo: { bar: demo.bar }, fast });',
	`createBindings({ demo: { ...demo, bar: () => 'text' }, fast });`,
	'createBindings({ demo: { ...demo, bar: () => undefined }, fast });',
	'createBindings({ demo: { ...demo, bar: () => 1n }, fast });',
	'createBindings({ demo: { ...demo, bar: async () => 1 }, fast });',
	'createBindings({ demo: { ...demo, bar: (a: string) => a.length }, fast });',
	'createBindings({ demo: { ...demo, bar: (a: number, b: number, c: number) => a + b + c }, fast });',
	'createBindings({ demo: { ...demo, fetchPage: () => [1, 2] }, fast });',
	'createBindings({ demo, fast, slow: {} });',
	'createBindings({ demo: { ...demo, baz: () => 1 }, fast });',
	'createBindings({ demo, fast }).imports.demo.bar(1, 2);',
	'createBindings({ demo, fast }).attach({});',
];

describe.each(['ts', 'js'] as const)('a user of bindings.%s', (form) => {
	const names = 'createBindings, IMPORTS, type Bindings, type Demo, type Host, type ImportEntry';
	const path = `user-${form}`;
	beforeAll(() => writeBindings(path, example, form));

	test('gives them a host, and them to WebAssembly', () => {
		const user = write(join(path, 'right.ts'), `import { ${names} } from './bindings.js';\n${right}`);
		const inBrowser = `
export async function start(module: WebAssembly.Module, wasi: WebAssembly.ModuleImports): Promise<void> {
	const imports: WebAssembly.Imports = { ...bindings.imports, wasi_snapshot_preview1: wasi };
	bindings.attach(await WebAssembly.instantiate(module, imports));
}
`;
		const page = write(join(path, 'page.ts'), `import { ${names} } from './bindings.js';\n${right}${inBrowser}`);
		expect(strictTsc(folder, `${NODE} --noEmit`, [user])).toBe('');
		expect(strictTsc(folder, `${BROWSER} --noEmit`, [page])).toBe('');
	});

	test('is told every mistake', () => {
		const lines = wrong.flatMap((line) => ['// @ts-expect-error', line]);
		const head = `import { createBindings, type Host } from './bindings.js';\ndeclare const host: Host;\nconst { demo, fast } = host;`;
		const user = write(join(path, 'wrong.ts'), [head, ...lines].join('\n'));
		expect(strictTsc(folder, `${NODE} --noEmit`, [user])).toBe('');
	});

	test('may use the host of the example', () => {
		const text = readFileSync(new URL('../../examples/host.ts', import.meta.url), 'utf8');
		const user = write(join(path, 'host.ts'), text.replace('../dist/bindings.js', './bindings.js'));
		expect(strictTsc(folder, `${NODE} --noEmit`, [user])).toBe('');
	});
});
