import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findBundled } from '../../../src/sbom/bundled.js';

const EXPAT_H = '#define XML_MAJOR_VERSION 2\n#define XML_MINOR_VERSION 7\n#define XML_MICRO_VERSION 1\n';
const MPDECIMAL_H = '#define MPD_VERSION "2.5.1"\n';

/** What CPython lists of releases in its tree. */
const releases = (versions: Readonly<Record<string, string>>) =>
	JSON.stringify({
		packages: Object.entries(versions).map(([name, versionInfo]) => ({
			name,
			versionInfo,
			downloadLocation: `https://example.org/${name}-${versionInfo}.tar.gz`,
			checksums: [{ algorithm: 'SHA256', checksumValue: 'ab'.repeat(32) }],
		})),
	});

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-sbom-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
	return folder;
}

const table = (...modules: readonly string[]) =>
	modules.map((name) => `extern PyObject* PyInit_${name}(void);\n`).join('');

/** Names and versions of what was found. */
const named = (found: Awaited<ReturnType<typeof findBundled>>) => found.map(({ name, version }) => [name, version]);

test('a library is listed when a module that contains it is built in', async () => {
	const source = await tree({ 'Modules/expat/expat.h': EXPAT_H, 'Modules/_decimal/libmpdec/mpdecimal.h': MPDECIMAL_H });
	expect(named(await findBundled(source, table('pyexpat', '_decimal'), ''))).toEqual([
		['expat', '2.7.1'],
		['mpdecimal', '2.5.1'],
	]);
	expect(await findBundled(source, table('pyexpat'), '')).toEqual([
		{
			name: 'expat',
			version: '2.7.1',
			license: 'MIT',
			purl: 'pkg:github/libexpat/libexpat@R_2_7_1',
			cpe: 'cpe:2.3:a:libexpat_project:libexpat:2.7.1:*:*:*:*:*:*:*',
			place: 'Modules/expat',
			sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
		},
	]);
	expect(named(await findBundled(source, table('pyexpat2'), ''))).toEqual([]);
});

test('the memory allocator is listed when pyconfig.h switches it on', async () => {
	const source = await tree({
		'Objects/mimalloc/static.c': '',
		'Include/internal/mimalloc/mimalloc.h': '#define MI_MALLOC_VERSION 212   // major + 2 digits minor\n',
	});
	expect(named(await findBundled(source, '', '#define WITH_MIMALLOC 1\n'))).toEqual([['mimalloc', '2.1.2']]);
	expect(named(await findBundled(source, '', '/* #undef WITH_MIMALLOC */\n'))).toEqual([]);
});

test("the version is the header's, and a release is named only if it is of that version", async () => {
	const files = { 'Modules/expat/expat.h': EXPAT_H, 'Modules/_decimal/libmpdec/mpdecimal.h': MPDECIMAL_H };
	const source = await tree({ ...files, 'Misc/sbom.spdx.json': releases({ expat: '2.6.3', mpdecimal: '2.5.1' }) });
	const found = await findBundled(source, table('pyexpat', '_decimal'), '');
	expect(found.map(({ version, release }) => [version, release])).toEqual([
		['2.7.1', undefined],
		['2.5.1', { url: 'https://example.org/mpdecimal-2.5.1.tar.gz', sha256: 'ab'.repeat(32) }],
	]);
});

test("a library without a version in its files has that of CPython's list, or none", async () => {
	const files = { 'Modules/_blake2/impl/blake2.h': '' };
	const listed = await tree({ ...files, 'Misc/sbom.spdx.json': releases({ libb2: '0.98.1' }) });
	expect((await findBundled(listed, table('_blake2'), ''))[0]).toMatchObject({
		version: '0.98.1',
		purl: 'pkg:github/BLAKE2/libb2@v0.98.1',
	});
	const [unlisted] = await findBundled(await tree(files), table('_blake2'), '');
	expect(unlisted).toEqual({
		name: 'libb2',
		license: 'CC0-1.0',
		purl: 'pkg:github/BLAKE2/libb2',
		place: 'Modules/_blake2/impl',
		sha256: expect.any(String),
	});
});

test('its hash is that of what sha256sum prints for its files', async () => {
	const source = await tree({
		'Modules/expat/xmlparse.c': 'x',
		'Modules/expat/expat.h': EXPAT_H,
		'Modules/expat/lib/b.c': 'b',
		'Modules/expat/lib/a.c': 'a',
	});
	const [found] = await findBundled(source, table('pyexpat'), '');
	const shell = 'find Modules/expat -type f | LC_ALL=C sort | xargs sha256sum | sha256sum';
	expect(`${found?.sha256}  -\n`).toBe(execFileSync('sh', ['-c', shell], { cwd: source, encoding: 'utf8' }));
});
