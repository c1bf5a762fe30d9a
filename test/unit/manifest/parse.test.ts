import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { HostFunction, Manifest } from '../../../src/manifest/manifest.js';
import { parseManifest } from '../../../src/manifest/parse.js';
import type { PathKind } from '../../../src/manifest/path-kind.js';

const allFiles = (): PathKind => 'file';

function manifestOf(text: string, kindOf: (path: string) => PathKind = allFiles): Manifest {
	const parsed = parseManifest({ path: 'project.yaml', text }, { folder: '/work', kindOf, readWit: () => new Map() });
	if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
	return parsed.manifest;
}

function messagesOf(text: string, kindOf: (path: string) => PathKind = allFiles): readonly string[] {
	const parsed = parseManifest({ path: 'project.yaml', text }, { folder: '/work', kindOf, readWit: () => new Map() });
	return parsed.ok ? [] : parsed.diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

function functionOf(yaml: string): HostFunction {
	const [module] = manifestOf(`python: "3.13.5"\nmodules: { demo: { functions: { bar: ${yaml} } } }\n`).modules;
	const [only] = module?.kind === 'host' ? module.functions : [];
	if (only === undefined) throw new Error('no function');
	return only;
}

describe('a manifest', () => {
	test('gets its defaults', () => {
		const { build, modules, python, folder } = manifestOf('python: "3.13.5"\nmodules: {}\n');
		expect(build).toEqual({
			machine: 'native',
			container: { kind: 'base', name: 'ghcr.io/python/wasicontainer:latest' },
			toolchain: 'auto',
			launcher: 'none',
			optimize: 'release',
			debug: false,
			pydebug: false,
			component: false,
			memory: { initial: 20 * 2 ** 20, max: 2 ** 30 },
			stack: 8 * 2 ** 20,
		});
		expect([modules, python.version, python.minor, folder]).toEqual([[], '3.13.5', '3.13', '/work']);
	});

	test('may name an image of its own, or what the devcontainer starts from', () => {
		const chosen = (container: string) =>
			manifestOf(`python: "3.13.5"\nmodules: {}\nbuild: { machine: container, container: ${container} }\n`).build;
		expect(chosen('{ image: localhost:5000/team/wasi }')).toMatchObject({
			machine: 'container',
			container: { kind: 'image', name: 'localhost:5000/team/wasi:latest' },
		});
		expect(chosen('{ base: "debian:trixie" }').container).toEqual({ kind: 'base', name: 'debian:trixie' });
	});

	test('may name a WASI-SDK by version, with a hash of its own', () => {
		const chosen = (toolchain: string) => {
			const { build } = manifestOf(`python: "3.13.5"\nmodules: {}\nbuild: { toolchain: ${toolchain} }\n`);
			return [build.toolchain, build.ownWasiSdk];
		};
		const sha256 = 'AB'.repeat(32);
		expect([
			chosen('wasi-sdk'),
			chosen('wasi-sdk@24'),
			chosen('wasi-sdk@24.0'),
			chosen(`{ wasi-sdk: 25, sha256: ${sha256} }`),
			chosen(`{ wasi-sdk: "25.0", sha256: { arm64-macos: ${sha256} }, url: "https://example.org/{platform}.tgz" }`),
		]).toEqual([
			['wasi-sdk', undefined],
			['wasi-sdk@24', undefined],
			['wasi-sdk@24', undefined],
			['wasi-sdk@25', { sha256: 'ab'.repeat(32) }],
			['wasi-sdk@25', { sha256: { 'arm64-macos': 'ab'.repeat(32) }, url: 'https://example.org/{platform}.tgz' }],
		]);
	});

	test('of this repository is valid', () => {
		const { modules } = manifestOf(readFileSync('project.yaml', 'utf8'));
		expect(modules.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['host demo', 'native fast']);
	});

	test('may name a source by path or by address', () => {
		const path = manifestOf('python: { version: "3.13.5", source: { path: ../cpython } }\nmodules: {}\n').python.source;
		const sha256 = 'AB'.repeat(32);
		const url = manifestOf(
			`python: { version: "3.13.5", source: { url: "https://example.org/a.tgz", sha256: ${sha256} } }\nmodules: {}\n`,
		).python.source;
		expect([path, url]).toEqual([
			{ kind: 'path', path: '/cpython' },
			{ kind: 'url', url: 'https://example.org/a.tgz', sha256: 'ab'.repeat(32) },
		]);
	});

	test('keeps the order of modules and functions', () => {
		const text =
			'python: "3.13.5"\nmodules: { z: { functions: { b: "func()", a: "func()" } }, a: { functions: {} } }\n';
		const { modules } = manifestOf(text);
		expect(modules.map(({ name }) => name)).toEqual(['z', 'a']);
		expect(modules[0]?.kind === 'host' ? modules[0].functions.map(({ name }) => name) : []).toEqual(['b', 'a']);
	});

	test('takes sizes with units and in bytes', () => {
		const { build } = manifestOf(
			'python: "3.13.5"\nmodules: {}\nbuild: { memory: { initial: 1310720, max: 4GiB }, stack: 64KiB }\n',
		);
		expect([build.memory, build.stack]).toEqual([{ initial: 1310720, max: 2 ** 32 }, 65536]);
	});

	test('follows aliases', () => {
		const text =
			'python: "3.13.5"\nmodules:\n  a: { functions: &shared { f: "func()" } }\n  b: { functions: *shared }\n';
		expect(manifestOf(text).modules.map((one) => (one.kind === 'host' ? one.functions[0]?.importModule : ''))).toEqual([
			'a',
			'b',
		]);
	});
});

describe('a host function', () => {
	test('is imported under the names of module and function unless it says otherwise', () => {
		const short = functionOf('"func()"');
		const long = functionOf('{ signature: "func()", import_module: "an env", import_name: "ns:pkg/f#g" }');
		expect([short.importModule, short.importName, long.importModule, long.importName]).toEqual([
			'demo',
			'bar',
			'an env',
			'ns:pkg/f#g',
		]);
	});

	test('knows the place of its name and of its signature', () => {
		const { span, signatureSpan } = functionOf("{ signature: 'func(a: s32)', doc: x }");
		expect([span, signatureSpan].map(({ file, start, end }) => file.text.slice(start, end))).toEqual([
			'bar',
			'func(a: s32)',
		]);
	});

	test('has exact defaults, by WIT name', () => {
		const signature = 'func(a: u64, b-c: s64, d: f32, e: f64, f: char, g: list<u8>, h: list<u8>, i: bool, j: u8)';
		const values =
			'a: 18446744073709551615, b_c: -9223372036854775808, d: .inf, e: 1, f: "🐍", g: "é", h: [0, 255], i: false, j: 0xff';
		const { defaults } = functionOf(`{ signature: "${signature}", defaults: { ${values} } }`);
		expect(Object.entries(defaults)).toEqual([
			['a', 18446744073709551615n],
			['b-c', -9223372036854775808n],
			['d', Number.POSITIVE_INFINITY],
			['e', 1],
			['f', '🐍'],
			['g', Uint8Array.of(0xc3, 0xa9)],
			['h', Uint8Array.of(0, 255)],
			['i', false],
			['j', 255],
		]);
	});

	test('has no default for a parameter that is called like a method of objects', () => {
		expect(functionOf('"func(constructor: u8)"').defaults.constructor).toBe(undefined);
	});
});

describe('a C module', () => {
	test('has absolute paths, macros as text and imports', () => {
		const text = `python: "3.13.5"
modules:
  fast:
    sources: [native/fast.c, /abs/other.c]
    include: [native]
    define: { A: true, B: 1.10, C: '"x"' }
    cflags: [-Wall]
    libs: [libfast.a]
    imports: { log: "func(level: u8, text: string)" }
`;
		const [module] = manifestOf(text, (path) => (path === '/work/native' ? 'folder' : 'file')).modules;
		expect(module).toMatchObject({
			kind: 'native',
			sources: ['/work/native/fast.c', '/abs/other.c'],
			include: ['/work/native'],
			define: { A: '1', B: '1.10', C: '"x"' },
			cflags: ['-Wall'],
			libs: ['/work/libfast.a'],
			imports: [{ name: 'log', importModule: 'fast', importName: 'log' }],
		});
	});
});

describe('mistakes', () => {
	test('of shape do not hide mistakes that rules find, and come in the order of the text', () => {
		const text = `python: 3.13
extra: 1
modules:
  json: { functions: { f: "func(a: int)" } }
  fast: { sources: 7, imports: { g: { signature: "func(b: u8)", defaults: { b: 256 }, doc: 1 } } }
build: { debug: 1, stack: 3 }
`;
		expect(messagesOf(text)).toEqual([
			'manifest/unquoted-version: 3.13 without quotes is a number, not a version',
			'manifest/unknown-key: unknown key "extra"',
			`manifest/reserved-name: the module name "json" belongs to Python's standard library`,
			'manifest/unknown-type: unknown type "int"',
			'manifest/wrong-type: "sources" must be a list, not 7',
			'manifest/bad-default: the default of "b" does not fit its type, u8',
			'manifest/wrong-type: "doc" must be a text, not 1',
			'manifest/wrong-type: "debug" must be true or false, not 1',
			'manifest/bad-size: 3 is not a multiple of 16 bytes',
		]);
	});

	test('in an anchor that is used twice are reported once', () => {
		const text = 'python: "3.13.5"\nmodules:\n  a: &m { doc: 1, functions: {} }\n  b: *m\n';
		expect(messagesOf(text)).toEqual(['manifest/wrong-type: "doc" must be a text, not 1']);
	});

	test.each([
		['[', 20_000],
		['{a: ', 20_000],
		['- ', 20_000],
	])('deep nesting of "%s" is reported and ends', (piece, times) => {
		expect(messagesOf(piece.repeat(times)).length).toBeGreaterThan(0);
	});

	test('a cyclic alias is reported as a wrong value', () => {
		expect(messagesOf('python: "3.13.5"\nmodules: &m\n  a: *m\n').length).toBeGreaterThan(0);
	});

	test('a comment, a longer text and a block that hold a signature are not unquoted signatures', () => {
		const text = `python: "3.13.5"
modules: # example: func(a: s32)
  a:
    doc: "write f: func(a: s32)"
    functions:
      f: "func(a: s32)" # not f: func(a: s32)
  b:
    doc: |
      f: func(a: s32)
    functions: {}
`;
		expect(messagesOf(text)).toEqual([]);
	});
});
