import { mkdirSync } from 'node:fs';
import { listContents } from '../cache/contents.js';
import { evict } from '../cache/evict.js';
import { layoutOf } from '../cache/layout.js';
import { leftovers, sweep } from '../cache/sweep.js';
import { lookForDamage, verifyEntries } from '../cache/verify.js';
import { nativeMachine } from '../machine/native.js';
import type { SettledOptions } from '../settle.js';
import { sizeOf } from './disk.js';
import type { Finding, FindingId, Fix } from './finding.js';
import { findEmbedded, npmInstall, variablesOfNpm } from './npm.js';

/** What was done about a finding. */
export interface Fixed {
	readonly id: FindingId;
	/** Whether it worked. */
	readonly done: boolean;
	/** What was done, or why it did not work. */
	readonly what: string;
}

/** Each says what it did. */
const FIXES: Readonly<Record<Fix, (options: SettledOptions) => string | Promise<string>>> = {
	'create-cache': createCache,
	'drop-damaged': dropDamaged,
	'sweep-cache': sweepCache,
	'shrink-cache': shrinkCache,
	'install-embedded': installEmbedded,
};

/** Repairs what is safe to repair, one thing after the other; one that fails is left to the user. */
export async function applyFixes(findings: readonly Finding[], options: SettledOptions): Promise<readonly Fixed[]> {
	const fixed: Fixed[] = [];
	const done = new Set<Fix>();
	for (const { id, fix } of findings) {
		if (fix === undefined || done.has(fix)) continue;
		done.add(fix);
		try {
			fixed.push({ id, done: true, what: await FIXES[fix](options) });
		} catch (error) {
			options.signal?.throwIfAborted();
			fixed.push({ id, done: false, what: error instanceof Error ? error.message : String(error) });
		}
	}
	return fixed;
}

function createCache({ cacheDir }: SettledOptions): string {
	mkdirSync(cacheDir, { recursive: true });
	return `made the folder ${cacheDir}`;
}

async function dropDamaged({ cacheDir, signal }: SettledOptions): Promise<string> {
	const layout = layoutOf(cacheDir);
	const { damaged } = await lookForDamage(layout, listContents(layout).entries, { signal });
	const names = new Map(damaged.map((one) => [`${one.kind}/${one.key}`, one]));
	const removed = await verifyEntries(layout, [...names.values()], { signal, keep: false });
	const entries = new Set(removed.map(({ kind, key }) => `${kind}/${key}`)).size;
	return `removed what was damaged of ${entries === 1 ? '1 entry' : `${entries} entries`} of the cache`;
}

async function sweepCache({ cacheDir }: SettledOptions): Promise<string> {
	const layout = layoutOf(cacheDir);
	const { length } = leftovers(layout);
	sweep(layout);
	return `removed ${length === 1 ? 'a folder' : `${length} folders`} that killed processes left in the cache`;
}

async function shrinkCache({ cacheDir, cacheLimit, signal }: SettledOptions): Promise<string> {
	const { before, after } = await evict(layoutOf(cacheDir), cacheLimit, { signal });
	return `shrank the cache from ${sizeOf(before)} to ${sizeOf(after)}`;
}

async function installEmbedded(options: SettledOptions): Promise<string> {
	const embedded = findEmbedded(options.manifest);
	const { package: name, wanted, folder = '/' } = embedded;
	const argv = npmInstall(embedded);
	const { path, environment, signal } = options;
	const installing = await nativeMachine(path).run({ argv, cwd: folder, env: variablesOfNpm(environment) }, { signal });
	if (installing.exitCode !== 0) {
		throw new Error(`"${argv.join(' ')}" failed: ${installing.output.trim().split('\n').at(-1) ?? ''}`);
	}
	return `installed ${name} ${wanted} in ${folder}`;
}
