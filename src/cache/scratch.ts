import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive } from './process-alive.js';

/** Runs `use` with an empty folder in `tmp`, which is removed afterwards. */
export async function withScratch<T>(tmp: string, use: (folder: string) => Promise<T>): Promise<T> {
	await mkdir(tmp, { recursive: true });
	const folder = await mkdtemp(join(tmp, `${hostname()}-${process.pid}-`));
	try {
		return await use(folder);
	} finally {
		await remove(folder);
	}
}

/** The name of a scratch folder; a host's name may have hyphens, and another's may begin as this one's. */
const SCRATCH_NAME = /^(?<host>.+)-(?<pid>\d+)-[^-]{6}$/;

/** Removes what processes of this host left behind that are no longer alive. */
export async function sweepScratch(tmp: string): Promise<void> {
	for (const name of await readdir(tmp)) {
		const made = SCRATCH_NAME.exec(name)?.groups;
		if (made?.host !== hostname()) continue;
		if (!isProcessAlive(Number(made.pid))) await remove(join(tmp, name));
	}
}

async function remove(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
