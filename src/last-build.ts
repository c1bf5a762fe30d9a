import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonical, sha256, sha256OfFile } from './cache/key.js';
import { packageFolder } from './own-files.js';
import type { Report } from './report.js';
import type { SettledOptions } from './settle.js';

/** What the last build of an output folder read and wrote, so that the next one can see at once that it has nothing to do. */
interface LastBuild {
	/** Options and program that made it. */
	readonly made: string;
	/** Absolute path → sha256 of each file that the build read beside CPython and toolchain; null where there was none. */
	readonly inputs: Readonly<Record<string, string | null>>;
	/** Path below the output folder → size and times. */
	readonly outputs: Stamps;
	readonly report: Report;
}

/** Path → size and times of a file. */
type Stamps = Readonly<Record<string, string>>;

/** The report of the last build, if it would be the same again: same options, same inputs, outputs untouched. */
export function findUnchanged(options: SettledOptions): Report | undefined {
	const last = readLastBuild(options);
	if (!last || last.made !== madeBy(options)) return undefined;
	for (const [path, hash] of Object.entries(last.inputs)) if (hashOf(path) !== hash) return undefined;
	if (!areEqual(stampFiles(options.out), last.outputs)) return undefined;
	return last.report;
}

/** Whether the standard library in the output folder is as the last build left it. */
export function isLibUntouched(options: SettledOptions): boolean {
	const last = readLastBuild(options);
	if (!last) return false;
	const lib = (stamps: Stamps) =>
		Object.fromEntries(Object.entries(stamps).filter(([path]) => path.startsWith('lib/')));
	return areEqual(lib(stampFiles(options.out)), lib(last.outputs));
}

/**
 * Records a finished build, unless a file that it read has changed since it began: nobody knows what it read then.
 * @param lock The text of the lock file, if the build itself has written it; else it is an input like the others.
 */
export function recordBuild(options: SettledOptions, inputs: Iterable<string>, report: Report, lock?: string): void {
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
		outputs: stampFiles(options.out),
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
	try {
		return JSON.parse(readFileSync(recordFile(options), 'utf8'));
	} catch {
		return undefined;
	}
}

/** One record for each output folder, beside the manifest. */
function recordFile(options: SettledOptions): string {
	return join(options.state, `last-build-${sha256(options.out).slice(0, 12)}.json`);
}

function areEqual(some: Stamps, others: Stamps): boolean {
	const paths = Object.keys(some);
	return paths.length === Object.keys(others).length && paths.every((path) => some[path] === others[path]);
}

function madeBy(options: SettledOptions): string {
	const { manifest, toolchain, compiler, launcher, wasiSdk, seed } = options;
	return canonical({ manifest, toolchain, compiler, launcher, wasiSdk, seed, program: programStamp() });
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
	return found.isDirectory() ? sha256(canonical(stampFiles(path))) : sha256OfFile(path);
}

/** Size and times of every file below a folder. */
function stampFiles(folder: string): Record<string, string> {
	const stamps: Record<string, string> = {};
	const visit = (below: string) => {
		for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
			const path = below === '' ? entry.name : `${below}/${entry.name}`;
			if (entry.isDirectory()) visit(path);
			else {
				const stat = statSync(join(folder, path), { throwIfNoEntry: false });
				stamps[path] = stat ? `${stat.size} ${stat.mtimeMs}` : 'gone';
			}
		}
	};
	if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) visit('');
	return stamps;
}
