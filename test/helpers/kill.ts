import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BuildEvent, Report } from '../../src/report.js';
import { CLI } from './cli.js';

/** When a build is killed: so many milliseconds after an event, or after its start. */
export interface Moment {
	readonly after: string;
	readonly delayMs: number;
	/** Without it the build is killed by SIGKILL. */
	readonly signal?: 'SIGINT' | 'SIGKILL';
}

/** Gives numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Names an event in a moment: `step-finished link`, `progress base 120`. */
export function eventName(event: Pick<BuildEvent, 'type'> | Report): string {
	const named = event as { readonly type?: string; readonly id?: string; readonly done?: number };
	return [named.type, named.id, named.done].filter((word) => word !== undefined).join(' ');
}

/** The exit code of a build that was interrupted. */
const INTERRUPTED = 130;

/**
 * Starts a build and kills its process at a moment.
 * @returns The events that it told before, and whether it was killed before it could end.
 */
export function killBuild(
	folder: string,
	args: readonly string[],
	moment: Moment,
): Promise<{ readonly events: readonly string[]; readonly killed: boolean }> {
	const child = spawn(process.execPath, ['--no-warnings', CLI, 'build', '--json', ...args], {
		cwd: folder,
		// As in CI everything is packed, so that it is killed while it does that, too.
		env: { ...process.env, CI: 'true' },
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const events: string[] = [];
	let timer: NodeJS.Timeout | undefined;
	const arm = () => {
		timer ??= setTimeout(() => child.kill(moment.signal ?? 'SIGKILL'), moment.delayMs);
	};
	if (moment.after === 'start') arm();
	createInterface({ input: child.stdout }).on('line', (line) => {
		const name = eventName(JSON.parse(line));
		events.push(name);
		if (name === moment.after) arm();
	});
	return new Promise((resolve) =>
		child.once('close', (code, signal) => {
			clearTimeout(timer);
			resolve({ events, killed: signal !== null || code === INTERRUPTED });
		}),
	);
}

/** What is wrong with an output folder: where its record is, the files must be those that it tells of. */
export function brokenPromises(dist: string): readonly string[] {
	const record = join(dist, 'build.json');
	if (!existsSync(record)) return [];
	const { files }: { files: Record<string, { sha256: string }> } = JSON.parse(readFileSync(record, 'utf8'));
	return Object.entries(files).flatMap(([path, { sha256 }]) => {
		if (!existsSync(join(dist, path))) return [`${path} is missing`];
		const found = createHash('sha256')
			.update(readFileSync(join(dist, path)))
			.digest('hex');
		return found === sha256 ? [] : [`${path} is another file`];
	});
}
