import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProcessAlive, processSpace } from './process-alive.js';

/**
 * Says that this process uses the cache from now on, so that nothing that it has looked at is evicted.
 *
 *     users/<processes>-<pid>-<random>     an empty file; its time says when the use began
 *
 * @returns Ends the use.
 */
export function registerUser(folder: string): () => void {
	const file = join(folder, `${processSpace()}-${process.pid}-${randomBytes(6).toString('hex')}`);
	try {
		mkdirSync(folder, { recursive: true });
		writeFileSync(file, '', { flag: 'wx' });
	} catch {
		// In a cache that cannot be written to nothing can be evicted either.
		return () => {};
	}
	return () => rmSync(file, { force: true });
}

/** A file older than this counts for nobody: numbers of processes are used again, and other hosts cannot be asked. */
const LONGEST_USE_MS = 24 * 3600 * 1000;

const USER_NAME = /^(?<processes>.+)-(?<pid>\d+)-[0-9a-f]+$/;

/** When the oldest use began that has not ended, in milliseconds since 1970; `Infinity` when there is none. */
export function oldestUse(folder: string): number {
	let oldest = Number.POSITIVE_INFINITY;
	for (const name of namesIn(folder)) {
		const file = join(folder, name);
		const began = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
		if (began === undefined) continue;
		if (isUser(name, began)) oldest = Math.min(oldest, began);
		else rmSync(file, { force: true });
	}
	return oldest;
}

function isUser(name: string, began: number): boolean {
	if (Date.now() - began > LONGEST_USE_MS) return false;
	const { processes, pid } = USER_NAME.exec(name)?.groups ?? {};
	return processes !== processSpace() || isProcessAlive(Number(pid));
}

function namesIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
		throw error;
	}
}
