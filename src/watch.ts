import { resolve } from 'node:path';
import { CpybuildError } from './diagnostics/diagnostic.js';
import { filesRead } from './prepare.js';
import { loadManifest } from './project.js';
import type { Report } from './report.js';
import type { SettledOptions } from './settle.js';
import { createBell } from './watch/bell.js';
import { lookAt } from './watch/look.js';
import { buildInRounds, type Rounds } from './watch/rounds.js';

/** What to follow, and what to do about changes. */
export interface Watching extends Pick<Rounds, 'tell' | 'signal'> {
	readonly options: SettledOptions;
	readonly build: () => Promise<Report>;
	/** Whether to look at the files every second, where the system does not tell of changes. */
	readonly poll: boolean;
}

/** Editors write a file in several steps, and version control many files one after the other. */
const PATIENCE = { silence: 50, longest: 1000 };

const POLL_EVERY = 1000;

/** Builds, and again whenever something changes that decides what the build makes; ends with the signal. */
export async function watch({ options, build, tell, signal, poll }: Watching): Promise<void> {
	const bell = createBell(PATIENCE, signal);
	await buildInRounds({
		filesRead: (before) => filesOf(options, before),
		lookAt: (files) => lookAt(files, bell.ring, { every: POLL_EVERY, poll }),
		bell,
		build,
		tell,
		signal,
	});
}

/** The files that a build reads. A wrong manifest does not tell; then those from before matter, and what it misses. */
async function filesOf(options: SettledOptions, before: readonly string[]): Promise<readonly string[]> {
	try {
		return [options.lockFile, ...filesRead(await loadManifest(options.manifestName))];
	} catch (error) {
		return [...new Set([options.manifest, options.lockFile, ...before, ...missedFiles(error, options)])];
	}
}

/** WIT files with mistakes, and files that the manifest names in vain: it will be right when they are. */
function missedFiles(error: unknown, options: SettledOptions): readonly string[] {
	if (!(error instanceof CpybuildError)) return [];
	return error.diagnostics.flatMap(({ code, span }) => {
		if (span && resolve(span.file.path) !== options.manifest) return [resolve(span.file.path)];
		if (code !== 'manifest/missing-file' || !span) return [];
		const written = span.file.text.slice(span.start, span.end).replace(/^(["'])(.*)\1$/, '$2');
		return [resolve(options.manifest, '..', written)];
	});
}
