import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Json, sha256 } from './cache/key.js';
import type { SettledOptions } from './settle.js';
import type { Step } from './steps/step.js';

/** What a step was made of, as plain data. */
export interface StepRecord {
	readonly id: string;
	/** Names the output in the store: sha256 of inputs and of the keys of needs, in hexadecimal. */
	readonly key: string;
	/** Everything that can change the output, contents of files by sha256; docs/cache.md explains the names. */
	readonly inputs: Json;
	/** Ids of the steps whose outputs it reads → their keys. */
	readonly needs: Readonly<Record<string, string>>;
}

/** A step as a record. */
export function recordStep({ id, key, inputs, needs }: Step): StepRecord {
	return { id, key, inputs, needs: Object.fromEntries(needs.map((need) => [need.id, need.key])) };
}

/**
 * Keeps what a finished build was made of, for `cpybuild explain`. It is apart from the record that the next build
 * reads: a build that has nothing to do need not read this.
 */
export function recordPlan(options: SettledOptions, steps: readonly Step[]): void {
	const file = recordFile(options);
	mkdirSync(dirname(file), { recursive: true });
	const arriving = `${file}.${process.pid}`;
	writeFileSync(arriving, JSON.stringify(steps.map(recordStep)));
	renameSync(arriving, file);
}

/** What the last build of an output folder that went well was made of. */
export function readLastPlan(options: SettledOptions): readonly StepRecord[] | undefined {
	try {
		return JSON.parse(readFileSync(recordFile(options), 'utf8'));
	} catch {
		return undefined;
	}
}

/** One record for each output folder, beside the manifest. */
function recordFile({ state, out }: SettledOptions): string {
	return join(state, `last-plan-${sha256(out).slice(0, 12)}.json`);
}
