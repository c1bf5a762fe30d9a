import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256, sha256OfFile } from '../cache/key.js';

/** A library of others whose source lies in CPython's tree, and which gets into `dist`. */
export interface BundledLibrary {
	readonly name: string;
	/** Missing where the source does not tell it. */
	readonly version?: string;
	/** SPDX expression, or words where SPDX has none for it. */
	readonly license: string;
	readonly purl: string;
	readonly cpe?: string;
	/** The part of CPython's tree that it is. */
	readonly place: string;
	/** sha256 of what `sha256sum` prints for the files there, sorted by path. */
	readonly sha256: string;
	/** The release that CPython took it from, where CPython says so and the version is still the one in the tree. */
	readonly release?: { readonly url: string; readonly sha256: string };
}

/** How a library is found in a tree. */
interface Known {
	readonly name: string;
	readonly license: string;
	readonly purl: (version: string | undefined) => string;
	readonly cpe?: (version: string) => string;
	/** A folder or a file of CPython's tree. */
	readonly place: string;
	/** Files of `place` by this pattern alone belong to it. */
	readonly files?: RegExp;
	/** What of CPython contains it: it is in `dist` when one of these modules is built in. */
	readonly modules?: readonly string[];
	/** A switch in `pyconfig.h` that says whether it is compiled. */
	readonly define?: string;
	/** The version, in a file of the tree. */
	readonly version?: { readonly file: string; readonly read: (text: string) => string | undefined };
	/** Its name in `Misc/sbom.spdx.json`, which CPython has since 3.12. */
	readonly spdx?: string;
}

const number = (text: string, macro: string) => text.match(new RegExp(`#define ${macro}\\s+(\\d+)`))?.[1];
const at = (version: string | undefined, prefix = '') => (version === undefined ? '' : `@${prefix}${version}`);

const KNOWN: readonly Known[] = [
	{
		name: 'expat',
		license: 'MIT',
		purl: (version) => `pkg:github/libexpat/libexpat${at(version?.replaceAll('.', '_'), 'R_')}`,
		cpe: (version) => `cpe:2.3:a:libexpat_project:libexpat:${version}:*:*:*:*:*:*:*`,
		place: 'Modules/expat',
		modules: ['pyexpat'],
		version: {
			file: 'Modules/expat/expat.h',
			read: (text) => ['MAJOR', 'MINOR', 'MICRO'].map((part) => number(text, `XML_${part}_VERSION`)).join('.'),
		},
		spdx: 'expat',
	},
	{
		name: 'HACL*',
		license: 'MIT OR Apache-2.0',
		purl: (version) => `pkg:github/hacl-star/hacl-star${at(version)}`,
		place: 'Modules/_hacl',
		modules: ['_md5', '_sha1', '_sha2', '_sha3', '_blake2', '_hmac'],
		version: {
			file: 'Modules/_hacl/refresh.sh',
			read: (text) => text.match(/^expected_hacl_star_rev=(\w+)$/m)?.[1],
		},
		spdx: 'hacl-star',
	},
	{
		name: 'libb2',
		license: 'CC0-1.0',
		purl: (version) => `pkg:github/BLAKE2/libb2${at(version, 'v')}`,
		cpe: (version) => `cpe:2.3:a:blake2:libb2:${version}:*:*:*:*:*:*:*`,
		place: 'Modules/_blake2/impl',
		modules: ['_blake2'],
		spdx: 'libb2',
	},
	{
		name: 'LibTomCrypt',
		license: 'public domain',
		purl: (version) => `pkg:github/libtom/libtomcrypt${at(version, 'v')}`,
		place: 'Modules',
		// Until 3.11, when HACL* took its place.
		files: /^(md5|sha1|sha256|sha512)module\.c$/,
		modules: ['_sha256', '_sha512'],
	},
	{
		name: 'macholib',
		license: 'MIT',
		purl: (version) => `pkg:pypi/macholib${at(version)}`,
		// Part of ctypes, which is in the standard library whether its C half is built or not.
		place: 'Lib/ctypes/macholib',
		version: {
			file: 'Lib/ctypes/macholib/__init__.py',
			read: (text) => text.match(/^__version__ = '([\d.]+)'$/m)?.[1],
		},
		spdx: 'macholib',
	},
	{
		name: 'mimalloc',
		license: 'MIT',
		purl: (version) => `pkg:github/microsoft/mimalloc${at(version, 'v')}`,
		cpe: (version) => `cpe:2.3:a:microsoft:mimalloc:${version}:*:*:*:*:*:*:*`,
		place: 'Objects/mimalloc',
		define: 'WITH_MIMALLOC',
		version: {
			file: 'Include/internal/mimalloc/mimalloc.h',
			read: (text) => number(text, 'MI_MALLOC_VERSION')?.split('').join('.'),
		},
		spdx: 'mimalloc',
	},
	{
		name: 'mpdecimal',
		license: 'BSD-2-Clause',
		purl: (version) => `pkg:generic/mpdecimal${at(version)}`,
		cpe: (version) => `cpe:2.3:a:bytereef:mpdecimal:${version}:*:*:*:*:*:*:*`,
		place: 'Modules/_decimal/libmpdec',
		modules: ['_decimal'],
		version: {
			file: 'Modules/_decimal/libmpdec/mpdecimal.h',
			read: (text) => text.match(/#define MPD_VERSION "([^"]+)"/)?.[1],
		},
		spdx: 'mpdecimal',
	},
	{
		name: 'tiny_sha3',
		license: 'MIT',
		purl: (version) => `pkg:github/mjosaarinen/tiny_sha3${at(version)}`,
		place: 'Modules/_sha3',
		modules: ['_sha3'],
	},
];

/**
 * Finds what a build takes of the libraries in CPython's tree.
 * @param inittab `Modules/config.c` of the build: the table of builtin modules.
 * @param pyconfig `pyconfig.h` of the build.
 */
export async function findBundled(tree: string, inittab: string, pyconfig: string): Promise<readonly BundledLibrary[]> {
	const releases = await readReleases(tree);
	const found: BundledLibrary[] = [];
	for (const known of KNOWN) {
		if (!existsSync(join(tree, known.place)) || !isBuilt(known, inittab, pyconfig)) continue;
		const release = releases.find(({ name }) => name === known.spdx);
		const version = (await readVersion(tree, known)) ?? release?.version;
		const cpe = version && known.cpe?.(version);
		found.push({
			name: known.name,
			...(version && { version }),
			license: known.license,
			purl: known.purl(version),
			...(cpe && { cpe }),
			place: known.place,
			sha256: await hashFiles(tree, known),
			// CPython's own list is not always up to date: 3.13.5 has expat 2.7.1 and lists 2.6.3.
			...(release && release.version === version && { release: { url: release.url, sha256: release.sha256 } }),
		});
	}
	return found;
}

function isBuilt({ modules, define }: Known, inittab: string, pyconfig: string): boolean {
	if (define) return new RegExp(`^#define ${define} 1$`, 'm').test(pyconfig);
	return !modules || modules.some((name) => new RegExp(`\\bPyInit_${name}\\b`).test(inittab));
}

async function readVersion(tree: string, { version }: Known): Promise<string | undefined> {
	if (!version || !existsSync(join(tree, version.file))) return undefined;
	return version.read(await readFile(join(tree, version.file), 'utf8'));
}

async function hashFiles(tree: string, { place, files }: Known): Promise<string> {
	const entries = await readdir(join(tree, place), { recursive: files === undefined, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile() && (files?.test(entry.name) ?? true))
		.map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
		.filter((path) => !path.includes('__pycache__'))
		.sort();
	return sha256(paths.map((path) => `${sha256OfFile(join(tree, path))}  ${path}\n`).join(''));
}

interface Release {
	readonly name: string;
	readonly version: string;
	readonly url: string;
	readonly sha256: string;
}

/** What CPython itself says of the releases in its tree. */
async function readReleases(tree: string): Promise<readonly Release[]> {
	const file = join(tree, 'Misc/sbom.spdx.json');
	if (!existsSync(file)) return [];
	const { packages }: SpdxDocument = JSON.parse(await readFile(file, 'utf8'));
	return packages.map((one) => ({
		name: one.name,
		version: one.versionInfo,
		url: one.downloadLocation,
		sha256: one.checksums.find(({ algorithm }) => algorithm === 'SHA256')?.checksumValue ?? '',
	}));
}

interface SpdxDocument {
	readonly packages: readonly {
		readonly name: string;
		readonly versionInfo: string;
		readonly downloadLocation: string;
		readonly checksums: readonly { readonly algorithm: string; readonly checksumValue: string }[];
	}[];
}
