import type { Report } from '../report.js';
import type { Bell } from './bell.js';
import type { Look } from './look.js';

/** How a build ended while files were followed. */
export type WatchedBuild = { readonly report: Report } | { readonly error: unknown };

/** What rounds of building consist of. */
export interface Rounds {
	/** The files that decide what the next build makes; where nobody knows them, at least those of before. */
	readonly filesRead: (before: readonly string[]) => Promise<readonly string[]>;
	/** Follows files: every change of them rings the bell. */
	readonly lookAt: (files: readonly string[]) => Look;
	readonly bell: Bell;
	readonly build: () => Promise<Report>;
	/** Is told how each build ended and which files are followed; the next one waits for it. */
	readonly tell: (built: WatchedBuild, files: readonly string[]) => void | Promise<void>;
	/** Ends the rounds. */
	readonly signal: AbortSignal;
}

/**
 * Builds, and again after every burst of changes; one that comes while a build runs starts another one after it.
 * A build that fails ends nothing. One that finds nothing to do after one that went well is not told of.
 */
export async function buildInRounds(rounds: Rounds): Promise<void> {
	const { bell, build, tell, signal } = rounds;
	let files: readonly string[] = [];
	let look: Look | undefined;
	let last: WatchedBuild | undefined;
	// What is found by reading files may have changed before they were looked at, so they are read once more then.
	const follow = async (): Promise<void> => {
		for (;;) {
			look?.close();
			look = rounds.lookAt(files);
			const found = await rounds.filesRead(files);
			if (areEqual(found, files)) return;
			files = found;
		}
	};
	try {
		while (!signal.aborted) {
			await follow();
			const built = await settle(build);
			if (signal.aborted) return;
			if (isNews(built, last)) await tell(built, files);
			last = built;
			await bell.heard();
		}
	} finally {
		look?.close();
	}
}

async function settle(build: () => Promise<Report>): Promise<WatchedBuild> {
	try {
		return { report: await build() };
	} catch (error) {
		return { error };
	}
}

function isNews(built: WatchedBuild, last: WatchedBuild | undefined): boolean {
	return 'error' in built || built.report.status === 'built' || last === undefined || 'error' in last;
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
	const known = new Set(some);
	return known.size === new Set(others).size && others.every((file) => known.has(file));
}
