import { chmodSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { collectComponentFacts, collectFacts } from './bill.js';
import { sha256 } from './cache/key.js';
import type { Cpython } from './cpython/choose.js';
import { RECORD, refill } from './dist-folder.js';
import type { StoredFile } from './execute.js';
import { coreType } from './generate/abi/core.js';
import type { Files } from './generate/files.js';
import { importedFunctions } from './manifest/imports.js';
import type { Manifest } from './manifest/manifest.js';
import { ownVersion } from './own-files.js';
import type { Plan } from './plan.js';
import type { Artifact, Report } from './report.js';
import { billOfMaterials, SBOM_FILE } from './sbom/document.js';
import type { CpythonParts } from './sbom/parts.js';
import { COMPONENT_FILE } from './steps/component.js';
import type { ToolchainRecord } from './toolchain/toolchain.js';
import { readImports } from './wasm/read-imports.js';
import { formatExternType, formatFunctionType } from './wasm/types.js';
import { printSignature } from './wit/print.js';

/** What goes into the output folder. */
export interface Distribution {
	/** The linked python.wasm. */
	readonly program: StoredFile;
	/** The component that was made of it, if one was asked for. */
	readonly component?: StoredFile | undefined;
	/** Folder with `lib` and `licenses`; not read where they stay. */
	readonly stdlib: string;
	/** Names the standard library. */
	readonly stdlibKey: string;
	/** What the standard library consists of. */
	readonly parts: CpythonParts;
	/** Generated files for those who use the output folder. */
	readonly interfaces: Files;
	readonly manifest: Manifest;
	readonly plan: Pick<Plan, 'steps'>;
	readonly cpython: Cpython;
	readonly toolchain: ToolchainRecord;
}

/** The record of a build in the output folder; without times and paths, so that equal builds are equal bytes. */
interface BuildRecord {
	readonly cpybuild: 1;
	readonly python: string;
	readonly source: string;
	readonly toolchain: string;
	readonly manifest: string;
	readonly stdlib: string;
	readonly imports: readonly {
		readonly module: string;
		readonly name: string;
		readonly type: string;
		readonly signature?: string;
	}[];
	readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

const PROGRAM = 'python.wasm';

/** Says that `bindings.js` is an ES module, whatever the project around the output folder is. */
const MODULE_TYPE = ['package.json', '{ "type": "module" }\n'] as const;

/**
 * Puts a build's results into the output folder.
 * @param keepLib Whether `lib` and `licenses` are those of this standard library already, and stay.
 * @throws CpybuildError `usage/out-not-ours` when the folder holds what cpybuild did not make.
 */
export async function publish(
	out: string,
	keepLib: boolean,
	distribution: Distribution,
): Promise<Pick<Report, 'artifacts' | 'imports'>> {
	const { record, artifacts } = await refill(out, async (fresh) => {
		const large = largeFiles(distribution);
		// Other threads copy these, while the rest is written here.
		const copying = large.map(([name, { path }]) => copyFile(path, join(fresh, name), constants.COPYFILE_FICLONE));
		const [written] = await Promise.all([writeRest(fresh, distribution), ...copying]);
		// A copy has the permissions of the linker's file; it gets those of a file that is written here.
		for (const [name] of large) chmodSync(join(fresh, name), statSync(join(fresh, RECORD)).mode);
		if (!keepLib) {
			for (const name of ['licenses', 'lib'])
				await cp(join(distribution.stdlib, name), join(fresh, name), { recursive: true });
		}
		return written;
	});
	const isUsed = (one: Report['imports'][number]) =>
		record.imports.some(({ module, name }) => module === one.module && name === one.name);
	return { artifacts, imports: hostImports(distribution.manifest).filter(isUsed) };
}

/** What is copied from the store: name in the folder → file. */
function largeFiles({ program, component }: Distribution): readonly (readonly [string, StoredFile])[] {
	return [[PROGRAM, program] as const, ...(component ? [[COMPONENT_FILE, component] as const] : [])];
}

/** Writes what tells of python.wasm, and what goes with it. */
async function writeRest(fresh: string, distribution: Distribution) {
	const bill = [SBOM_FILE, writeBill(distribution)] as const;
	const texts = [...distribution.interfaces, MODULE_TYPE, bill];
	const large = largeFiles(distribution).map(([name, { path, sha256: hash }]): Artifact => {
		return { path: name, bytes: statSync(path).size, sha256: hash };
	});
	const artifacts = [...large, ...texts.map(([path, text]) => artifactOf(path, text))].sort((a, b) =>
		a.path < b.path ? -1 : 1,
	);
	const record = buildRecord(distribution, artifacts);
	for (const [path, text] of [...texts, [RECORD, `${JSON.stringify(record, undefined, '\t')}\n`] as const]) {
		mkdirSync(dirname(join(fresh, path)), { recursive: true });
		writeFileSync(join(fresh, path), text);
	}
	return { record, artifacts };
}

/** The bill of materials of an output folder. */
function writeBill(distribution: Distribution): string {
	const facts = collectFacts(distribution, distribution.parts);
	const { toolchain, program, component } = distribution;
	return billOfMaterials({
		...facts,
		cpybuild: ownVersion(),
		toolchain,
		wasm: program.sha256,
		...(component && { component: collectComponentFacts(distribution, component.sha256) }),
	});
}

function buildRecord(distribution: Distribution, artifacts: readonly Artifact[]): BuildRecord {
	const { manifest, cpython, toolchain, stdlibKey, program } = distribution;
	const signatures = hostImports(manifest);
	const { source } = cpython;
	return {
		cpybuild: 1,
		python: cpython.version,
		source:
			source.kind === 'path' ? 'a path of the manifest' : source.kind === 'url' ? source.sha256 : source.pin.sha256,
		toolchain: toolchain.name,
		manifest: sha256(manifest.file.text),
		stdlib: stdlibKey,
		imports: readImports(program.path, PROGRAM).map(({ module, name, type }) => {
			const signature = signatures.find((one) => one.module === module && one.name === name)?.signature;
			return { module, name, type: formatExternType(type), ...(signature && { signature }) };
		}),
		files: Object.fromEntries(artifacts.map(({ path, bytes, sha256: hash }) => [path, { bytes, sha256: hash }])),
	};
}

/** The host functions of a manifest as core wasm imports. */
function hostImports(manifest: Manifest): Report['imports'] {
	return manifest.modules
		.flatMap((module) => importedFunctions(module))
		.map(({ module, name, signature }) => ({
			module,
			name,
			signature: printSignature(signature),
			type: formatFunctionType(coreType(signature)),
		}));
}

function artifactOf(path: string, text: string): Artifact {
	const bytes = Buffer.from(text);
	return { path, bytes: bytes.length, sha256: sha256(bytes) };
}
