import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isProcessAlive } from './cache/process-alive.js';
import { fail } from './diagnostics/diagnostic.js';
import { COMPONENT_FILE } from './steps/component.js';

/** The record of a build in the output folder; where it is, the files beside it are those it tells of. */
export const RECORD = 'build.json';

/**
 * Begins the name of the folder in which new entries wait and old ones are moved aside. It lies in the output
 * folder itself: one that is a mount point shares no file system with what is beside it.
 */
const STAGING = '.cpybuild-';

/**
 * Fills an output folder anew. Everything is made ready first; then each entry takes its place by a rename, and what
 * nobody made anew stays. What a build that was killed had begun, the next one undoes or completes.
 * @param fill Writes the new entries, the record among them, into an empty folder.
 * @throws CpybuildError `usage/out-not-ours` when the folder holds what cpybuild did not make.
 */
export async function refill<T>(out: string, fill: (fresh: string) => Promise<T>): Promise<T> {
	const killed = killedBuilds(out);
	for (const one of killed) putBack(join(one, 'old'), out);
	if (killed.length === 0 || existsSync(join(out, RECORD))) requireRecord(out);
	mkdirSync(out, { recursive: true });
	const staging = mkdtempSync(join(out, `${STAGING}${process.pid}-`));
	const [fresh, old] = [join(staging, 'new'), join(staging, 'old')];
	try {
		for (const folder of [fresh, old]) mkdirSync(folder);
		for (const one of killed) await rm(one, { recursive: true, force: true, maxRetries: 3 });
		const filled = await fill(fresh);
		swap(fresh, old, out);
		return filled;
	} finally {
		rmSync(staging, { recursive: true, force: true, maxRetries: 3 });
	}
}

/** Exchanges the entries of the output folder. The record leaves first and comes last. */
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
 * Says before anything is built what `refill` would say at the end.
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
		const record: { cpybuild?: unknown } = JSON.parse(readFileSync(join(out, RECORD), 'utf8'));
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
