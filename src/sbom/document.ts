import { sha256 } from '../cache/key.js';
import type { ToolchainRecord } from '../toolchain/toolchain.js';
import type { BundledLibrary } from './bundled.js';
import { type Component, fileComponent, hashes, hashOf, spdx } from './component.js';
import { ADAPTER_REF, type ComponentFacts, componentParts } from './component-parts.js';
import type { CpythonParts } from './parts.js';
import { buildTools, systemLibraries } from './toolchain-components.js';

/** Everything that the bill of materials of an output folder tells. */
export interface BuildFacts {
	/** cpybuild's own version. */
	readonly cpybuild: string;
	readonly cpython: CpythonFacts;
	readonly toolchain: ToolchainRecord;
	/** The manifest's modules with C code. */
	readonly modules: readonly ModuleFacts[];
	/** sha256 of python.wasm. */
	readonly wasm: string;
	/** Only where a component was asked for. */
	readonly component?: ComponentFacts;
}

/** The CPython of a build. */
export interface CpythonFacts extends CpythonParts {
	readonly version: string;
	/** Canonical place of the tarball; missing for a source of the user's. */
	readonly url?: string;
	/** sha256 of the tarball, or of the tree. */
	readonly sha256: string;
}

/** What of the user's a module consists of; paths as the manifest's folder sees them. */
export interface ModuleFacts {
	readonly name: string;
	/** C files and headers → sha256. */
	readonly files: Readonly<Record<string, string>>;
	/** Static libraries, in link order. */
	readonly libraries: readonly { readonly path: string; readonly sha256: string }[];
}

/** The file's name in the output folder. */
export const SBOM_FILE = 'sbom.cdx.json';

const PYTHON_WASM = 'python.wasm';
const CPYTHON = 'cpython';

/**
 * The bill of materials in CycloneDX's JSON: what is in the output folder, and what made it. It follows from the facts
 * alone: no time, and no random number, so that equal builds stay equal bytes.
 */
export function billOfMaterials(facts: BuildFacts): string {
	const bundled = facts.cpython.bundled.map(bundledComponent);
	const modules = facts.modules.map(moduleComponent);
	const system = systemLibraries(facts.toolchain);
	const cpython = cpythonComponent(facts.cpython);
	const cpybuild = cpybuildComponent(facts.cpybuild);
	const tools = buildTools(facts.toolchain);
	const component = facts.component ? componentParts(facts.component) : [];
	const refs = (components: readonly Component[]) => components.map((one) => one['bom-ref']);
	const content = {
		metadata: {
			tools: { components: [{ ...cpybuild, 'bom-ref': 'cpybuild-tool' }] },
			component: {
				type: 'application',
				'bom-ref': PYTHON_WASM,
				name: PYTHON_WASM,
				version: facts.cpython.version,
				hashes: hashes(facts.wasm),
			},
		},
		components: [cpython, ...bundled, ...system, ...modules, cpybuild, tools, ...component],
		dependencies: [
			{ ref: PYTHON_WASM, dependsOn: refs([cpython, ...system, ...modules, cpybuild]) },
			{ ref: CPYTHON, dependsOn: refs(bundled) },
			...component.slice(0, 1).map((one) => ({ ref: one['bom-ref'], dependsOn: [PYTHON_WASM, ADAPTER_REF] })),
		],
	};
	const document = {
		$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		serialNumber: `urn:uuid:${uuidOf(sha256(JSON.stringify(content)))}`,
		version: 1,
		...content,
	};
	return `${JSON.stringify(document, undefined, '\t')}\n`;
}

function cpythonComponent({ version, url, sha256: hash, patches }: CpythonFacts): Component {
	const from = url && `?checksum=sha256%3A${hash}&download_url=${encodeURIComponent(url)}`;
	return {
		type: 'application',
		'bom-ref': CPYTHON,
		name: 'CPython',
		version,
		description: 'The interpreter and its standard library',
		scope: 'required',
		hashes: hashes(hash),
		licenses: spdx('PSF-2.0'),
		cpe: `cpe:2.3:a:python:python:${version}:*:*:*:*:*:*:*`,
		purl: `pkg:generic/cpython@${version}${from ?? ''}`,
		...(patches.length > 0 && {
			pedigree: { patches: patches.map((content) => ({ type: 'unofficial', diff: { text: { content } } })) },
		}),
		...(url && { externalReferences: [{ type: 'distribution', url, hashes: hashes(hash) }] }),
		properties: hashOf(url ? 'the source tarball' : "the source that the manifest names, a tarball or a tree's files"),
	};
}

function bundledComponent(library: BundledLibrary): Component {
	const { name, version, license, purl, cpe, place, release } = library;
	return {
		type: 'library',
		'bom-ref': `${CPYTHON}/${name}`,
		name,
		...(version && { version }),
		scope: 'required',
		hashes: hashes(library.sha256),
		licenses: license === 'public domain' ? [{ license: { name: license } }] : spdx(license),
		...(cpe && { cpe }),
		purl,
		...(release && {
			externalReferences: [{ type: 'distribution', url: release.url, hashes: hashes(release.sha256) }],
		}),
		properties: hashOf(`the lines of sha256sum for its files below ${place} of CPython, sorted by path`),
	};
}

function moduleComponent({ name, files, libraries }: ModuleFacts): Component {
	const owner = `module/${name}`;
	const sources = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
	return {
		type: 'library',
		'bom-ref': owner,
		name,
		description: "A module of the manifest's",
		scope: 'required',
		components: [
			...sources.map(([path, hash]) => fileComponent(owner, path, hash)),
			...libraries.map(({ path, sha256: hash }) => fileComponent(`${owner}/libs`, path, hash)),
		],
	};
}

/** It made the document, and its code connects modules with their host functions. */
function cpybuildComponent(version: string): Component {
	return {
		type: 'application',
		'bom-ref': 'cpybuild',
		name: 'cpybuild',
		version,
		scope: 'required',
		licenses: spdx('Apache-2.0'),
		purl: `pkg:npm/cpybuild@${version}`,
	};
}

/** A version 8 UUID, the one whose bits are free, of a hash. */
function uuidOf(hash: string): string {
	const variant = ((Number.parseInt(hash.charAt(16), 16) & 0b11) | 0b1000).toString(16);
	return [
		hash.slice(0, 8),
		hash.slice(8, 12),
		`8${hash.slice(13, 16)}`,
		`${variant}${hash.slice(17, 20)}`,
		hash.slice(20, 32),
	].join('-');
}
