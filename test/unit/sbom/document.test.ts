import { expect, test } from 'vitest';
import { type BuildFacts, billOfMaterials } from '../../../src/sbom/document.js';
import { references, schemaErrors } from '../../helpers/cyclonedx.js';

const hash = (digit: string) => digit.repeat(64);

/** A build that has everything that a document can tell of. */
const FACTS: BuildFacts = {
	cpybuild: '1.2.3',
	cpython: {
		version: '3.13.5',
		url: 'https://www.python.org/ftp/python/3.13.5/Python-3.13.5.tar.xz',
		sha256: hash('1'),
		bundled: [
			{
				name: 'expat',
				version: '2.7.1',
				license: 'MIT',
				purl: 'pkg:github/libexpat/libexpat@R_2_7_1',
				cpe: 'cpe:2.3:a:libexpat_project:libexpat:2.7.1:*:*:*:*:*:*:*',
				place: 'Modules/expat',
				sha256: hash('2'),
				release: { url: 'https://github.com/libexpat/libexpat/releases/expat-2.7.1.tar.gz', sha256: hash('3') },
			},
			{
				name: 'LibTomCrypt',
				license: 'public domain',
				purl: 'pkg:github/libtom/libtomcrypt',
				place: 'Modules',
				sha256: hash('4'),
			},
		],
		patches: ['--- a/x.c\n+++ b/x.c\n'],
	},
	toolchain: {
		name: 'embedded sysroot, clang 19.1.7',
		identity: {
			target: 'wasm32-wasip1',
			compiler: 'Debian clang version 19.1.7 (3~deb12u1)',
			programs: { 'wasm-ld': hash('6'), clang: hash('5') },
			libraries: { 'libLLVM.so.19.1': hash('7') },
			headers: hash('8'),
			sysroot: hash('9'),
		},
	},
	modules: [
		{
			name: 'fast',
			files: { 'native/fast.h': hash('b'), 'native/fast.c': hash('a') },
			libraries: [{ path: 'lib/libfast.a', sha256: hash('c') }],
		},
	],
	wasm: hash('d'),
	component: {
		sha256: hash('e'),
		jco: '1.2.3',
		adapter: { path: 'lib/adapter.wasm', sha256: hash('f') },
		tools: { version: '0.1.2', files: { 'wasm-tools.js': hash('0'), 'wasm-tools.core.wasm': hash('1') } },
	},
};

const document = billOfMaterials(FACTS);
const parsed = JSON.parse(document);
const find = (name: string) => parsed.components.find((one: { readonly name: string }) => one.name === name);

test('the document is valid CycloneDX 1.6', async () => {
	expect(await schemaErrors(document)).toEqual([]);
	expect(await schemaErrors(document.replace('"version": 1,', '"version": 0,'))).not.toEqual([]);
});

test('every reference names one component', () => {
	const { named, used } = references(document);
	expect(named).toEqual([...new Set(named)]);
	expect(used.filter((ref) => !named.includes(ref))).toEqual([]);
	expect(used).toEqual([
		'python.wasm',
		'cpython',
		'wasi-libc',
		'compiler-rt',
		'module/fast',
		'cpybuild',
		'cpython',
		'cpython/expat',
		'cpython/LibTomCrypt',
		'component/python.component.wasm',
		'python.wasm',
		'component/adapter',
	]);
});

test('equal facts give equal bytes, and other facts another serial number', () => {
	expect(billOfMaterials(structuredClone(FACTS))).toBe(document);
	const other = JSON.parse(billOfMaterials({ ...FACTS, wasm: hash('e') }));
	expect(parsed.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
	expect(other.serialNumber).not.toBe(parsed.serialNumber);
	expect({ ...other, serialNumber: '' }).toMatchObject({
		components: parsed.components,
		dependencies: parsed.dependencies,
	});
});

test('CPython is named with its tarball and with what was changed in it', () => {
	expect(find('CPython')).toMatchObject({
		version: '3.13.5',
		hashes: [{ alg: 'SHA-256', content: hash('1') }],
		licenses: [{ expression: 'PSF-2.0' }],
		purl: `pkg:generic/cpython@3.13.5?checksum=sha256%3A${hash('1')}&download_url=https%3A%2F%2Fwww.python.org%2Fftp%2Fpython%2F3.13.5%2FPython-3.13.5.tar.xz`,
		pedigree: { patches: [{ type: 'unofficial', diff: { text: { content: '--- a/x.c\n+++ b/x.c\n' } } }] },
		externalReferences: [{ type: 'distribution', url: FACTS.cpython.url }],
	});
});

test("a source of the user's has no address, and no patches are not mentioned", () => {
	const { url: _, ...cpython } = FACTS.cpython;
	const { components } = JSON.parse(billOfMaterials({ ...FACTS, cpython: { ...cpython, patches: [] } }));
	expect(components[0]).toEqual({
		type: 'application',
		'bom-ref': 'cpython',
		name: 'CPython',
		version: '3.13.5',
		description: 'The interpreter and its standard library',
		scope: 'required',
		hashes: [{ alg: 'SHA-256', content: hash('1') }],
		licenses: [{ expression: 'PSF-2.0' }],
		cpe: 'cpe:2.3:a:python:python:3.13.5:*:*:*:*:*:*:*',
		purl: 'pkg:generic/cpython@3.13.5',
		properties: [
			{ name: 'cpybuild:hash-of', value: "the source that the manifest names, a tarball or a tree's files" },
		],
	});
});

test('the toolchain is listed as what made the software, with the hash of every file', () => {
	const { scope, version, cpe, components } = find('clang');
	expect({ scope, version, cpe }).toEqual({
		scope: 'excluded',
		version: '19.1.7',
		cpe: 'cpe:2.3:a:llvm:clang:19.1.7:*:*:*:*:*:*:*',
	});
	expect(
		components.map(({ name, hashes }: { name: string; hashes: { content: string }[] }) => [name, hashes[0]?.content]),
	).toEqual([
		['clang', hash('5')],
		['wasm-ld', hash('6')],
		['libLLVM.so.19.1', hash('7')],
		['headers', hash('8')],
	]);
});

test('the clang of an npm package is named by that', () => {
	const identity = { ...FACTS.toolchain.identity, compiler: '@yowasp/clang 22.0.0-git20542-10' };
	const { components } = JSON.parse(billOfMaterials({ ...FACTS, toolchain: { name: '', identity } }));
	expect(components.find(({ name }: { readonly name: string }) => name === 'clang')).toMatchObject({
		version: '22.0.0-git20542-10',
		purl: 'pkg:npm/%40yowasp/clang@22.0.0-git20542-10',
	});
});

test("a module's C files and libraries are listed by the paths of its manifest", () => {
	expect(find('fast').components).toEqual(
		[
			['module/fast/native/fast.c', 'native/fast.c', hash('a')],
			['module/fast/native/fast.h', 'native/fast.h', hash('b')],
			['module/fast/libs/lib/libfast.a', 'lib/libfast.a', hash('c')],
		].map(([ref, name, content]) => ({ type: 'file', 'bom-ref': ref, name, hashes: [{ alg: 'SHA-256', content }] })),
	);
});

test('a component is listed with its adapter, and with the tools that made it', () => {
	const [component, adapter, tools] = ['python.component.wasm', 'wasi_snapshot_preview1.command', 'wasm-tools'].map(
		find,
	);
	expect(component).toMatchObject({ type: 'file', hashes: [{ alg: 'SHA-256', content: hash('e') }] });
	expect(adapter).toMatchObject({
		version: '1.2.3',
		scope: 'required',
		hashes: [{ alg: 'SHA-256', content: hash('f') }],
		licenses: [{ expression: 'Apache-2.0 WITH LLVM-exception' }],
		purl: 'pkg:npm/%40bytecodealliance/jco@1.2.3#lib/adapter.wasm',
	});
	expect(tools).toMatchObject({ version: '0.1.2', scope: 'excluded' });
	expect(tools.components.map(({ name }: { readonly name: string }) => name)).toEqual([
		'wasm-tools.core.wasm',
		'wasm-tools.js',
	]);
});

test('without a component none of that is listed', () => {
	const { component: _, ...rest } = FACTS;
	const names = JSON.parse(billOfMaterials(rest)).components.map(({ name }: { readonly name: string }) => name);
	expect(names).toEqual(['CPython', 'expat', 'LibTomCrypt', 'wasi-libc', 'compiler-rt', 'fast', 'cpybuild', 'clang']);
});
