import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { withLock } from '../../src/cache/lock.js';
import { ROOT } from '../helpers/cli.js';
import { seededRandom } from '../helpers/kill.js';

const SEED = Number(process.env.CPYBUILD_TEST_SEED ?? 20261122);

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-locks-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

function start(script: string, ...args: readonly string[]): ChildProcess {
	return spawn(process.execPath, [join(ROOT, 'test/helpers', script), ...args], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
}

test('two processes never hold a lock at once, however many are killed', async () => {
	const folder = await temporaryFolder();
	const log = join(folder, 'log');
	await writeFile(log, '0\n');
	const random = seededRandom(SEED);
	const startCounting = () => start('count-under-lock.mjs', join(folder, 'locks'), log);
	const children = Array.from({ length: 6 }, startCounting);
	for (let round = 0; round < 80; round++) {
		await setTimeout(random() * 60);
		const at = Math.floor(random() * children.length);
		const [killed] = children.splice(at, 1, startCounting());
		if (killed) await kill(killed);
	}
	await Promise.all(children.map(kill));
	const numbers = readFileSync(log, 'utf8').trimEnd().split('\n').map(Number);
	expect(numbers, `seed ${SEED}`).toEqual(numbers.map((_, index) => index));
});

test('when a holder is killed the next one goes on', async () => {
	const folder = await temporaryFolder();
	const holder = start('hold-lock.mjs', folder, 'base');
	onTestFinished(() => void holder.kill('SIGKILL'));
	if (holder.stdout) await once(holder.stdout, 'data');
	const waited: string[] = [];
	const onWait = (by: string) => {
		waited.push(by);
		holder.kill('SIGKILL');
	};
	expect(await withLock(folder, 'base', 'base', async () => 'made', { onWait })).toBe('made');
	expect(waited).toEqual([`process ${holder.pid} (holding base)`]);
});

async function kill(child: ChildProcess): Promise<void> {
	const ended = once(child, 'exit');
	child.kill('SIGKILL');
	await ended;
	expect(child.signalCode).toBe('SIGKILL');
}
