/** cpybuild as a library: what the commands do, for programs. This is the only door; nothing else is importable. */
import type { Imported } from './cache/archive.js';
import type { CacheContents } from './cache/contents.js';
import type { Evicted } from './cache/evict.js';
import type { Verified } from './cache/verify.js';
import type { ExportedCache } from './cache-archive.js';
import type { CacheFolder, CacheOptions } from './cache-contents.js';
import type { CacheKey } from './cache-key.js';
import type { ComparedContracts } from './compared-contracts.js';
import type { Examination } from './doctor.js';
import type { Files } from './generate/files.js';
import type { FileDifference, WrittenFiles } from './generate/output.js';
import type { RunOptions } from './host/run.js';
import type { InitializedProject } from './init.js';
import type { InspectedModule } from './inspect.js';
import { findUnchanged } from './last-build.js';
import type { Manifest } from './manifest/manifest.js';
import type { Explanation, PlannedStep } from './planned.js';
import type { BuildOptions, Report } from './report.js';
import { settleOptions } from './settle.js';
import type { Upgrade } from './upgrade.js';
import type { WatchedBuild } from './watch/rounds.js';

export type { ArchivedEntry, Imported } from './cache/archive.js';
export type { CacheContents, CachedBlob, CachedDownload, CachedEntry } from './cache/contents.js';
export type { Evictable, Evicted } from './cache/evict.js';
export type { Damage, Verified } from './cache/verify.js';
export type { ExportedCache } from './cache-archive.js';
export type { CacheFolder, CacheOptions } from './cache-contents.js';
export type { CacheKey } from './cache-key.js';
export type { ComparedContracts } from './compared-contracts.js';
export type { Broken, ContractChange } from './contract/compare.js';
export type { Contract, ContractFunction } from './contract/contract.js';
export type { Diagnostic, DiagnosticCode, Note, SourceFile, Span } from './diagnostics/diagnostic.js';
export { CpybuildError } from './diagnostics/diagnostic.js';
export type { Finding, FindingId, Fix, State } from './doctor/finding.js';
export type { Fixed } from './doctor/fix.js';
export type { Examination } from './doctor.js';
export type { InputChange, StepChange } from './explain.js';
export type { Files } from './generate/files.js';
export type { FileDifference, WrittenFiles } from './generate/output.js';
export type { GrantedFolder } from './host/job.js';
export type { RunOptions } from './host/run.js';
export type { InitializedProject } from './init.js';
export type { InspectedModule } from './inspect.js';
export type { StepRecord } from './last-plan.js';
export type { LockChange } from './lock/changes.js';
export type { HostFunction, HostModule, Manifest, Module, NativeModule } from './manifest/manifest.js';
export type { Explanation, PlannedStep } from './planned.js';
export type { Artifact, BuildEvent, BuildOptions, Listener, Report, StepStatus } from './report.js';
export type { Upgrade } from './upgrade.js';
export type { WasmModule } from './wasm/module.js';
export type { WatchedBuild } from './watch/rounds.js';
export type { Param, Signature, WitType } from './wit/type.js';

// Every function loads what it needs when it is called: a build that has nothing to do loads no parser.

/**
 * Builds python.wasm and its bindings from a manifest.
 * @throws CpybuildError with every problem that the user can act on.
 */
export async function build(options: BuildOptions = {}): Promise<Report> {
	const start = performance.now();
	const settled = settleOptions(options, process.env);
	const last = findUnchanged(settled);
	if (last) return { ...last, status: 'up-to-date', steps: [], ms: performance.now() - start };
	const { buildChanged } = await import('./build.js');
	return buildChanged(settled);
}

/** What `watchBuild` takes: a build's options, and how changes are noticed. */
export interface WatchOptions extends Omit<BuildOptions, 'signal'> {
	/** Looks at the files every second, where the system does not tell of changes: network drives, some containers. */
	readonly poll?: boolean;
}

/**
 * Builds, and again whenever the manifest, a C file, a header, a library or `cpybuild.lock` changes, until the signal
 * ends it. A build that fails ends nothing, and one with nothing to do is not told of.
 * @param onBuild Is told how each build ended, and which files are followed; the next build waits for it.
 */
export async function watchBuild(
	options: WatchOptions,
	onBuild: (built: WatchedBuild, files: readonly string[]) => void | Promise<void>,
	signal: AbortSignal,
): Promise<void> {
	const { watch } = await import('./watch.js');
	const { poll = false, ...building } = options;
	const settled = settleOptions(building, process.env);
	await watch({ options: settled, build: () => build({ ...building, signal }), tell: onBuild, signal, poll });
}

/**
 * What `build` would do, step by step, and what each step is made of. It runs no step.
 * @throws CpybuildError for a manifest that is wrong, or when there is no toolchain.
 */
export async function planBuild(options: BuildOptions = {}): Promise<readonly PlannedStep[]> {
	return (await import('./planned.js')).planSteps(settleOptions(options, process.env));
}

/**
 * Why `build` would make anything again: which input of which step differs from the last build of the output folder
 * that went well. It runs no step.
 * @throws CpybuildError for a manifest that is wrong, or when there is no toolchain.
 */
export async function explainBuild(options: BuildOptions = {}): Promise<Explanation> {
	return (await import('./planned.js')).explainSteps(settleOptions(options, process.env));
}

/**
 * Whether this machine can build a manifest, and what it lacks; with `fix` what is safe to repair is repaired.
 * A manifest or a lock that is wrong is a finding too.
 */
export async function examine({ fix = false, ...options }: ExamineOptions = {}): Promise<Examination> {
	return (await import('./doctor.js')).examineMachine(settleOptions(options, process.env), { fix });
}

/** What `examine` takes: which build is meant, and whether what is safe to repair is repaired. */
export interface ExamineOptions extends Omit<BuildOptions, 'jobs' | 'onEvent'> {
	readonly fix?: boolean;
}

/** What `upgrade` takes. */
export interface UpgradeOptions
	extends Pick<
		BuildOptions,
		'manifest' | 'cacheDir' | 'machine' | 'image' | 'toolchain' | 'compiler' | 'signal' | 'onEvent'
	> {
	/** Shows what would change, and writes nothing. */
	readonly dryRun?: boolean;
}

/**
 * Locks anew: the newest pinned release of the manifest's minor version of CPython, which is written into the manifest,
 * and the toolchain of this machine.
 * @throws CpybuildError for a manifest or a lock that is wrong, or when there is no toolchain.
 */
export async function upgrade({ dryRun = false, ...options }: UpgradeOptions = {}): Promise<Upgrade> {
	return (await import('./upgrade.js')).upgradeLock(settleOptions(options, process.env), { dryRun });
}

/**
 * Reads and validates a manifest.
 * @throws CpybuildError with all mistakes in it, each with its place.
 */
export async function readManifest(path: string): Promise<Manifest> {
	return (await import('./project.js')).loadManifest(path);
}

/** Everything that is generated from a manifest: C stubs, Setup lines, the patch for CPython, stub files, bindings. */
export async function generate(manifest: Manifest): Promise<Files> {
	return (await import('./project.js')).generateProject(manifest);
}

/** Writes generated files into a folder, where they differ, and removes those of an earlier call that are no longer made. */
export async function writeFiles(files: Files, folder: string): Promise<WrittenFiles> {
	return (await import('./generate/output.js')).writeFiles(files, folder);
}

/** Compares generated files with those in a folder. */
export async function checkFiles(files: Files, folder: string): Promise<FileDifference> {
	return (await import('./generate/output.js')).checkFiles(files, folder);
}

/** Runs the interpreter of a dist folder with a host module, in a thread of its own; gives Python's exit code. */
export async function runInterpreter(options: RunOptions): Promise<number> {
	return (await import('./host/run.js')).runInterpreter(options);
}

/**
 * What a wasm module declares: imports, exports, sections.
 * @throws CpybuildError for a file that is no core wasm module.
 */
export async function inspectModule(path: string): Promise<InspectedModule> {
	return (await import('./inspect.js')).inspectModule(path);
}

/** The WIT text of a manifest: an interface for each module that calls the host, and a world that imports them. */
export async function printWit(manifest: Manifest): Promise<string> {
	return (await import('./project.js')).printProjectWit(manifest);
}

/**
 * What changed between two interpreters, each a built python.wasm or a manifest, and whom it breaks.
 * @throws CpybuildError for a manifest that is wrong, or a module without a contract.
 */
export async function compareContracts(old: string, now: string): Promise<ComparedContracts> {
	return (await import('./compared-contracts.js')).compareFiles(old, now);
}

/** Writes a starter project into a folder; files that exist are only overwritten with `force`. */
export async function initProject(
	folder: string,
	options: { readonly force?: boolean } = {},
): Promise<InitializedProject> {
	return (await import('./init.js')).initProject(folder, { force: options.force ?? false });
}

/** Where the cache is, and how much it may hold; looks at no disk. */
export async function locateCache(options: CacheOptions = {}): Promise<CacheFolder> {
	return (await import('./cache-contents.js')).findCache(options, process.env);
}

/** What lies in a cache. Nothing is verified. */
export async function listCache(options: CacheOptions = {}): Promise<CacheFolder & CacheContents> {
	return (await import('./cache-contents.js')).listFolder(options, process.env);
}

/** Reads all of a cache, and removes what is damaged; with `keep` it stays. */
export async function verifyCache(
	options: CacheOptions & { readonly keep?: boolean } = {},
): Promise<{ readonly path: string } & Verified> {
	return (await import('./cache-contents.js')).verifyFolder(options, process.env);
}

/** Removes from a cache what was not used for the longest time; what running builds use stays. */
export async function shrinkCache(
	options: CacheOptions & { readonly maxBytes?: number } = {},
): Promise<CacheFolder & Evicted> {
	return (await import('./cache-contents.js')).shrinkFolder(options, process.env);
}

/**
 * Under which name CI can keep the cache of a build. It runs no step.
 * @throws CpybuildError for a manifest that is wrong, or when there is neither lock file nor toolchain.
 */
export async function cacheKey(options: BuildOptions = {}): Promise<CacheKey> {
	return (await import('./cache-key.js')).computeCacheKey(settleOptions(options, process.env));
}

/**
 * Writes what a build needs into an archive, for machines without network.
 * @throws CpybuildError `cache/incomplete` when the build has not been made.
 */
export async function exportCache(file: string, options: BuildOptions = {}): Promise<ExportedCache> {
	return (await import('./cache-archive.js')).exportBuild(settleOptions(options, process.env), file);
}

/**
 * Takes the entries of an archive into a cache; what is good there stays as it is.
 * @throws CpybuildError `cache/bad-archive` before anything is taken.
 */
export async function importCache(
	file: string,
	options: CacheOptions = {},
): Promise<{ readonly path: string } & Imported> {
	return (await import('./cache-archive.js')).importArchive(file, options, process.env);
}
