import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256OfFile } from '../../src/cache/key.js';
import { CPYTHON_PINS } from '../../src/cpython/pins.js';
import { ROOT } from '../helpers/cli.js';
import { references, schemaErrors } from '../helpers/cyclonedx.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';

/** Libraries in the trees of the pinned releases, by hand: as their sources say. */
const BUNDLED = {
	'3.13.5': [
		['expat', '2.7.1', 'MIT'],
		['HACL*', 'bb3d0dc8d9d15a5cd51094d5b69e70aa09005ff0', 'MIT OR Apache-2.0'],
		['libb2', '0.98.1', 'CC0-1.0'],
		['macholib', '1.0', 'MIT'],
		['mimalloc', '2.1.2', 'MIT'],
		['mpdecimal', '2.5.1', 'BSD-2-Clause'],
	],
	'3.11.2': [
		['expat', '2.5.0', 'MIT'],
		['libb2', undefined, 'CC0-1.0'],
		['LibTomCrypt', undefined, 'public domain'],
		['macholib', '1.0', 'MIT'],
		['mpdecimal', '2.5.1', 'BSD-2-Clause'],
		['tiny_sha3', undefined, 'MIT'],
	],
} as const;

interface Listed {
	readonly name: string;
	readonly version?: string;
	readonly hashes?: readonly { readonly content: string }[];
	readonly licenses?: readonly { readonly expression?: string; readonly license?: { readonly name: string } }[];
	readonly components?: readonly Listed[];
}

test.each(VERSIONS)('the bill of materials of %s tells what is in dist, and what made it', async (version) => {
	const dist = await builtDist(version);
	const document = await readFile(join(dist, 'sbom.cdx.json'), 'utf8');
	expect(await schemaErrors(document)).toEqual([]);
	const { named, used } = references(document);
	expect(named).toEqual([...new Set(named)]);
	expect(used.filter((ref) => !named.includes(ref))).toEqual([]);

	const { metadata, components }: { metadata: { component: Listed }; components: readonly Listed[] } =
		JSON.parse(document);
	expect(metadata.component.hashes?.[0]?.content).toBe(sha256OfFile(join(dist, 'python.wasm')));
	const pin = CPYTHON_PINS.find((one) => one.version === version);
	expect(components[0]).toMatchObject({
		name: 'CPython',
		version,
		externalReferences: [{ type: 'distribution', url: pin?.url, hashes: [{ alg: 'SHA-256', content: pin?.sha256 }] }],
	});
	const license = ({ licenses }: Listed) => licenses?.[0]?.expression ?? licenses?.[0]?.license?.name;
	const libraries = components.slice(1, 1 + BUNDLED[version].length);
	expect(libraries.map((one) => [one.name, one.version, license(one)])).toEqual(BUNDLED[version]);
	expect(components.slice(1 + libraries.length).map(({ name }) => name)).toEqual([
		'wasi-libc',
		'compiler-rt',
		'native',
		'cpybuild',
		'clang',
	]);
	const parts = (name: string) => components.find((one) => one.name === name)?.components ?? [];
	expect(parts('native').map(({ name, hashes }) => [name, hashes?.[0]?.content])).toEqual([
		['native.c', sha256OfFile(join(dist, '../native.c'))],
	]);
	const programs = parts('clang').map(({ name }) => name);
	expect(['clang', 'wasm-ld', 'llvm-ar', 'llvm-ranlib'].filter((one) => !programs.includes(one))).toEqual([]);

	const record = JSON.parse(await readFile(join(dist, 'build.json'), 'utf8'));
	expect(record.files['sbom.cdx.json']).toEqual({
		bytes: Buffer.byteLength(document),
		sha256: sha256OfFile(join(dist, 'sbom.cdx.json')),
	});
});

test('the README names everything that dist holds', async () => {
	const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
	const list = readme.match(/`dist\/` holds (.*?) Mounted as/s)?.[1] ?? '';
	const entries = [...list.matchAll(/`([^`]+)`/g)].flatMap(([, path = '']) => {
		const [, stem, endings] = path.match(/^(.*)\{(.*)\}$/) ?? [];
		const paths = stem !== undefined && endings !== undefined ? endings.split(',').map((end) => stem + end) : [path];
		return paths.map((one) => one.split('/')[0] ?? '');
	});
	expect(entries.sort()).toEqual(readdirSync(await builtDist()).sort());
});
