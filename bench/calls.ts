import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Samples } from './measure.js';
import { runProgram } from './measure.js';
import { CPYBUILD, emptyFolder, ROOT } from './project.js';

/** Names of the cases in `guest/calls.py`, for ratios. */
export const CALLS = {
	ignoring: 'C function that ignores its arguments',
	reading: 'C function that reads two ints',
	stub: "stub of the host function, with C in the host's place",
	host: 'host function (s32, s32) -> s32',
} as const;

/** Calls from Python in the interpreter that `cpybuild run` starts, in nanoseconds. */
export async function measureCalls(rounds: number): Promise<Samples> {
	const folder = await emptyFolder('calls');
	await cp(join(ROOT, 'bench/guest'), folder, { recursive: true });
	await runProgram([...CPYBUILD, 'build', '--quiet'], { cwd: folder });
	const run = ['run', 'dist', '--host', 'host.mjs', '--dir', '.::/bench', '--', '/bench/calls.py', String(rounds)];
	const output = await runProgram([...CPYBUILD, ...run], { cwd: folder });
	const samples: Record<string, number[]> = JSON.parse(output);
	return new Map(Object.entries(samples));
}
