import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { canonical, type Key, sha256, sha256OfFile } from './cache/key.js';
import { packageFolder } from './own-files.js';
import type { Report } from './report.js';
import type { CpythonParts } from './sbom/parts.js';
import type { SettledOptions } from './settle.js';

/** What the last build of an output folder read and wrote, so that the next one can see at once that it has nothing to do. */
interface LastBuild {
	/** Options and program that made it. */
	readonly made: string;
	/** Absolute path → sha256 of each file that the build read beside CPython and toolchain; null where there was none. */
	readonly inputs: Readonly<Record<string, string | null>>;
	readonly outputs: OutputStamps;
	readonly stdlib?: StdlibRecord;
	readonly report: Report;
}

/** Hashes of the paths, sizes and times of all files below the output folder. */
interface OutputStamps {
	/** Of what `STANDING` names. */
	readonly standing: string;
	readonly others: string;
}

/** What was made of the standard library: it stays from build to build, and has nearly all files of the folder. */
const STANDING = ['lib', 'licenses'];

/** The standard library of an output folder. */
export interface StdlibRecord {
	readonly key: Key;
	/** What of it goes into the bill of materials. */
	readonly parts: CpythonParts;
}

/** The standard library that the last build left in the output folder, as its record tells. */
export interface LeftStdlib extends StdlibRecord {
	readonly stamp: string;
	/** The whole record, by which one sees whether another build came in between. */
	readonly record: string;
}

/** The report of the last build, if it would be the same again: same options, same inputs, outputs untouched. */
export function findUnchanged(options: SettledOptions): Report | undefined {
	const last = readLastBuild(options);
	if (!last || last.made !== madeBy(options)) return undefined;
	for (const [path, hash] of Object.entries(last.inputs)) if (hashOf(path) !== hash) return undefined;
	const { standing, others } = stampOutputs(options.out);
	return standing === last.outputs.standing && others === last.outputs.others ? last.report : undefined;
}

/** Reads whether the last build left a standard library in the output folder, this one. */
export function readLeftStdlib(options: SettledOptions, key: Key): LeftStdlib | undefined {
	const record = readRecord(options);
	const last = parseRecord(record);
	if (record === undefined || last?.stdlib?.key !== key) return undefined;
	return { ...last.stdlib, stamp: last.outputs.standing, record };
}

/**
 * Looks whether a standard library is still as it was left. It looks at one folder after the other and lets others
 * work in between.
 */
export async function findStandingStdlib(options: SettledOptions, left: LeftStdlib): Promise<LeftStdlib | undefined> {
	const lines: string[] = [];
	for (const some of stampLines(options.out, STANDING)) {
		lines.push(...some);
		await setImmediate();
	}
	return hashLines(lines) === left.stamp ? left : undefined;
}

/** Whether no other build has touched the output folder since somebody looked. */
export function isStillStanding(options: SettledOptions, { record }: LeftStdlib): boolean {
	return readRecord(options) === record;
}

/** What a finished build knows, besides the files that it read and its report. */
export interface BuildNotes {
	/** The text of the lock file, if the build itself has written it; else it is an input like the others. */
	readonly lock?: string | undefined;
	/** With its stamp if it stood there before. */
	readonly stdlib?: StdlibRecord & { readonly stamp?: string };
}

/** Records a finished build, unless a file that it read has changed since it began: nobody knows what it read then. */
export function recordBuild(
	options: SettledOptions,
	inputs: Iterable<string>,
	report: Report,
	{ lock, stdlib }: BuildNotes = {},
): void {
	const paths = [...inputs, ...(lock === undefined ? [options.lockFile] : [])];
	// A toolchain that was asked for may work the next time, which no file of the project tells.
	if (report.warnings.some(({ code }) => code === 'toolchain/not-found')) return;
	const began = Date.now() - report.ms;
	if (paths.some((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > began)) return;
	const last: LastBuild = {
		made: madeBy(options),
		inputs: {
			...Object.fromEntries(paths.map((path) => [path, hashOf(path)])),
			...(lock !== undefined && { [options.lockFile]: sha256(lock) }),
		},
		outputs: stampOutputs(options.out, stdlib?.stamp),
		...(stdlib && { stdlib: { key: stdlib.key, parts: stdlib.parts } }),
		// What was wrong with the cache is past.
		report: { ...report, warnings: report.warnings.filter(({ code }) => !code.startsWith('cache/')) },
	};
	const file = recordFile(options);
	mkdirSync(dirname(file), { recursive: true });
	const arriving = `${file}.${process.pid}`;
	writeFileSync(arriving, JSON.stringify(last));
	renameSync(arriving, file);
}

/** Forgets the last build: while outputs are being exchanged they are those of no build. */
export function forgetBuild(options: SettledOptions): void {
	rmSync(recordFile(options), { force: true });
}

function readLastBuild(options: SettledOptions): LastBuild | undefined {
	return parseRecord(readRecord(options));
}

function readRecord(options: SettledOptions): string | undefined {
	try {
		return readFileSync(recordFile(options), 'utf8');
	} catch {
		return undefined;
	}
}

function parseRecord(record: string | undefined): LastBuild | undefined {
	try {
		return JSON.parse(record ?? '');
	} catch {
		return undefined;
	}
}

/** One record for each output folder, beside the manifest. */
function recordFile(options: SettledOptions): string {
	return join(options.state, `last-build-${sha256(options.out).slice(0, 12)}.json`);
}

function madeBy(options: SettledOptions): string {
	const { manifest, machine, toolchain, compiler, launcher, wasiSdk, seed } = options;
	const image = options.container?.name;
	const program = programStamp();
	return canonical({ manifest, machine, image, toolchain, compiler, launcher, wasiSdk, seed, program });
}

/** Changes with cpybuild: `index.js` names the files of its code by their contents, `package.json` comes with all else. */
function programStamp(): string {
	const folder = packageFolder();
	const { size, mtimeMs } = statSync(join(folder, 'package.json'));
	const index = join(folder, 'lib/src/index.js');
	return `${size} ${mtimeMs} ${existsSync(index) ? sha256OfFile(index) : ''}`;
}

function hashOf(path: string): string | null {
	const found = statSync(path, { throwIfNoEntry: false });
	if (!found) return null;
	// A source tree of CPython has thousands of files: their stamps must do.
	return found.isDirectory() ? stamp(path, readdirSync(path)) : sha256OfFile(path);
}

/** @param standing The stamp of what stands, where it is known. */
function stampOutputs(out: string, standing?: string): OutputStamps {
	const names = isFolder(out) ? readdirSync(out) : [];
	const [inside, others] = [true, false].map((stands) => names.filter((name) => STANDING.includes(name) === stands));
	return { standing: standing ?? stamp(out, inside ?? []), others: stamp(out, others ?? []) };
}

/** Changes with the path, size or time of any file at or below some paths in a folder. */
function stamp(folder: string, paths: readonly string[]): string {
	return hashLines([...stampLines(folder, paths)].flat());
}

function hashLines(lines: readonly string[]): string {
	return sha256([...lines].sort().join('\n'));
}

/** A line for each file at or below some paths in a folder; what is read at once comes at once. */
function* stampLines(folder: string, paths: readonly string[]): Iterable<readonly string[]> {
	const folders: string[] = [];
	const lines: string[] = [];
	for (const path of paths) {
		const stat = statSync(`${folder}/${path}`, { throwIfNoEntry: false });
		if (stat?.isDirectory()) folders.push(path);
		else lines.push(stat ? `${path} ${stat.size} ${stat.mtimeMs}` : `${path} gone`);
	}
	yield lines;
	for (const below of folders) {
		yield* stampLines(
			folder,
			readdirSync(`${folder}/${below}`).map((name) => `${below}/${name}`),
		);
	}
}

function isFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
