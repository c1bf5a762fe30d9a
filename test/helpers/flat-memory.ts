import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'vitest';
import { ROOT } from './cli.js';
import { builtDist } from './dist.js';
import { interpretersOf } from './interpreters.js';

/** Memory of the host that may come and go: what the engine and the tests themselves keep. */
const SLACK = 2 ** 21;

/**
 * Makes calls with values of all kinds and expects the guest's and the host's memory to be as large afterwards as
 * before; with `fails` every second call raises.
 */
export async function expectFlatMemory(version: string, count: number, fails: boolean): Promise<void> {
	const { implementation } = await import(join(ROOT, 'test/e2e/values/host.mjs'));
	const open = await interpretersOf(await builtDist(version, 'values'));
	const program = readFileSync(join(ROOT, 'test/e2e/values/memory.py'), 'utf8');
	const { python, size } = await open(implementation, { 'memory.py': program });
	const work = (calls: number): void => python.run(`import memory; memory.work(${calls}, ${fails ? 'True' : 'False'})`);
	const blocks = () => Number(python.call('memory', 'blocks'));
	const look = () => ({ size: size(), cursors: implementation.demo.Cursor.live });
	work(50_000);
	// The first call of a function loads what calls need.
	blocks();
	const [before, known, heap] = [look(), blocks(), usedHeap()];
	work(count);
	expect(look()).toEqual(before);
	// Python's own caches fill slowly. One block for each call of one of the 32 kinds would be more than this.
	expect(blocks() - known).toBeLessThan(600);
	expect(usedHeap() - heap).toBeLessThan(SLACK);
}

/** Bytes of the host's heap that are in use, after a collection of garbage. */
function usedHeap(): number {
	setFlagsFromString('--expose-gc');
	const collect: () => void = runInNewContext('gc');
	collect();
	return process.memoryUsage().heapUsed;
}
