import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processSpace } from './process-alive.js';

/** Runs `use` with an empty folder in `tmp`, which is removed afterwards. */
export async function withScratch<T>(tmp: string, use: (folder: string) => Promise<T>): Promise<T> {
	await mkdir(tmp, { recursive: true });
	const folder = await mkdtemp(join(tmp, `${processSpace()}-${process.pid}-`));
	try {
		return await use(folder);
	} finally {
		await removeScratch(folder);
	}
}

/** Removes a scratch folder. */
export async function removeScratch(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
