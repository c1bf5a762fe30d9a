import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { processSpace } from './process-alive.js';

/** Runs `use` with an empty folder in `tmp`, which is removed afterwards. */
export async function withScratch<T>(tmp: string, use: (folder: string) => Promise<T>): Promise<T> {
	mkdirSync(tmp, { recursive: true });
	const folder = mkdtempSync(join(tmp, `${processSpace()}-${process.pid}-`));
	try {
		return await use(folder);
	} finally {
		removeScratch(folder);
	}
}

/** Removes a scratch folder; at once, since mostly little is left in it, and a build waits for that. */
export function removeScratch(folder: string): void {
	rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
