import {
	chmodSync,
	constants,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { copyFile, cp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { collectComponentFacts, collectFacts } from './bill.js';
import { sha256 } from './cache/key.js';
import { isProcessAlive } from './cache/process-alive.js';
import type { Cpython } from './cpython/choose.js';
import { fail } from './diagnostics/diagnostic.js';
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

const RECORD = 'build.json';
const PROGRAM = 'python.wasm';

/**
 * Begins the name of the folder in which new entries wait and old ones are moved aside. It lies in the output
 * folder itself: one that is a mount point shares no file system with what is beside it.
 */
const STAGING = '.cpybuild-';

/** Says that `bindings.js` is an ES module, whatever the project around the output folder is. */
const MODULE_TYPE = ['package.json', '{ "type": "module" }\n'] as const;

/**
 * Puts a build's results into the output folder. Everything is made ready first; then each entry takes its place by a
 * rename. What a build that was killed had begun, the next one undoes or completes.
 * @param keepLib Whether `lib` and `licenses` are those of this standard library already, and stay.
 * @throws CpybuildError `usage/out-not-ours` when the folder holds what cpybuild did not make.
 */
export async function publish(
	out: string,
	keepLib: boolean,
	distribution: Distribution,
): Promise<Pick<Report, 'artifacts' | 'imports'>> {
	const killed = killedBuilds(out);
	for (const one of killed) putBack(join(one, 'old'), out);
	if (killed.length === 0 || existsSync(join(out, RECORD))) requireRecord(out);
	mkdirSync(out, { recursive: true });
	const staging = mkdtempSync(join(out, `${STAGING}${process.pid}-`));
	try {
		const fresh = join(staging, 'new');
		for (const folder of ['old', 'new']) mkdirSync(join(staging, folder));
		for (const one of killed) await rm(one, { recursive: true, force: true, maxRetries: 3 });
		// The largest files are copied by other threads meanwhile.
		const large = largeFiles(distribution);
		const [{ record, artifacts }] = await Promise.all([
			writeRest(fresh, distribution),
			...large.map(([name, { path }]) => copyFile(path, join(fresh, name), constants.COPYFILE_FICLONE)),
		]);
		// A copy has the permissions of the linker's file; it gets those of a file that is written here.
		for (const [name] of large) chmodSync(join(fresh, name), statSync(join(fresh, RECORD)).mode);
		if (!keepLib) {
			for (const name of ['licenses', 'lib'])
				await cp(join(distribution.stdlib, name), join(fresh, name), { recursive: true });
		}
		swap(fresh, join(staging, 'old'), out);
		const isUsed = (one: Report['imports'][number]) =>
			record.imports.some(({ module, name }) => module === one.module && name === one.name);
		return { artifacts, imports: hostImports(distribution.manifest).filter(isUsed) };
	} finally {
		rmSync(staging, { recursive: true, force: true, maxRetries: 3 });
	}
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

/** Exchanges the entries of the output folder. The record leaves first and comes last: where it is, the files are those it tells of. */
function swap(fresh: string, old: string, out: string): void {
	const incoming = readdirSync(fresh).filter((name) => name !== RECORD);
	const outdated = ['typings', COMPONENT_FILE].filter((name) => !incoming.includes(name));
	try {
		moveAside(RECORD, out, old);
		for (const name of [...outdated, ...incoming]) {
			moveAside(name, out, old);
			if (incoming.includes(name)) renameSync(join(fresh, name), join(out, name));
		}
		renameSync(join(fresh, RECORD), join(out, RECORD));
	} catch (error) {
		putBack(old, out);
		throw error;
	}
}

function moveAside(name: string, out: string, old: string): void {
	if (existsSync(join(out, name))) renameSync(join(out, name), join(old, name));
}

/** Undoes an exchange that did not come to its end: the record, which left first, returns last. */
function putBack(old: string, out: string): void {
	if (existsSync(join(out, RECORD)) || !existsSync(join(old, RECORD))) return;
	const names = readdirSync(old).sort((a, b) => Number(a === RECORD) - Number(b === RECORD));
	for (const name of names) {
		rmSync(join(out, name), { recursive: true, force: true });
		renameSync(join(old, name), join(out, name));
	}
}

/** Folders of builds that were killed while they filled the output folder; where there is one, the folder is ours. */
function killedBuilds(out: string): readonly string[] {
	if (!statSync(out, { throwIfNoEntry: false })?.isDirectory()) return [];
	return readdirSync(out)
		.filter((name) => name.startsWith(STAGING))
		.filter((name) => {
			const pid = Number(name.slice(STAGING.length).split('-')[0]);
			// In containers the number comes back with every start.
			return pid === process.pid || !isProcessAlive(pid);
		})
		.map((name) => join(out, name));
}

/**
 * Says before anything is built what `publish` would say at the end.
 * @throws CpybuildError `usage/out-not-ours` when the folder holds what cpybuild did not make.
 */
export function requireOwnFolder(out: string): void {
	if (killedBuilds(out).length === 0) requireRecord(out);
}

/** Refuses a folder that neither is empty or missing nor has the record of an earlier build. */
function requireRecord(out: string): void {
	const found = statSync(out, { throwIfNoEntry: false });
	if (!found || (found.isDirectory() && readdirSync(out).length === 0)) return;
	try {
		const record: BuildRecord = JSON.parse(readFileSync(join(out, RECORD), 'utf8'));
		if (record.cpybuild === 1) return;
	} catch {
		// Not ours.
	}
	fail({
		code: 'usage/out-not-ours',
		message: found.isDirectory()
			? `the folder "${out}" holds files that cpybuild did not make`
			: `the output folder "${out}" is a file`,
		hint: 'choose another folder with --out, or empty this one; cpybuild replaces "lib", "licenses" and "typings" in it as a whole',
	});
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
