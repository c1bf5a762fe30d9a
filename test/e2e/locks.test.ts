import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bundleScript } from '../helpers/bundle.js';
import { seededRandom } from '../helpers/kill.js';

const SEED = Number(process.env.CPYBUILD_TEST_SEED ?? 20261122);

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-locks-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** A script that runs, and the lines that it has written so far. */
interface Script {
	readonly process: ChildProcess;
	readonly lines: readonly string[];
}

function start(file: string, ...args: readonly string[]): Script {
	const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
	onTestFinished(() => void child.kill('SIGKILL'));
	const lines: string[] = [];
	createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
	return { process: child, lines };
}

async function kill({ process: child }: Script): Promise<void> {
	const ended = once(child, 'exit');
	child.kill('SIGKILL');
	await ended;
	expect(child.signalCode).toBe('SIGKILL');
}

test('two processes never hold a lock at once, however many are killed', async () => {
	const folder = await temporaryFolder();
	const script = await bundleScript('count-under-lock', folder);
	const log = join(folder, 'log');
	await writeFile(log, '0\n');
	const random = seededRandom(SEED);
	const startCounting = () => start(script, join(folder, 'locks'), log);
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

/** Starts eight processes that want one entry, and waits until one makes it and the others wait for it. */
async function startEight() {
	const folder = await temporaryFolder();
	const script = await bundleScript('want-entry', folder);
	const scripts = Array.from({ length: 8 }, () => start(script, join(folder, 'cache')));
	await vi.waitUntil(() => scripts.every(({ lines }) => lines.length === 1), { timeout: 60_000 });
	const makers = scripts.filter(({ lines }) => lines[0] === 'making');
	const waiters = scripts.filter(({ lines }) => lines[0] !== 'making');
	const [maker] = makers;
	if (!maker) throw new Error('nobody makes the entry');
	expect(makers).toHaveLength(1);
	const waiting = `waiting for process ${maker.process.pid} (thing)`;
	expect(waiters.map(({ lines }) => lines)).toEqual(Array(7).fill([waiting]));
	return { maker, waiters, waiting };
}

async function ended({ process: child }: Script): Promise<void> {
	if (child.exitCode === null) await once(child, 'exit');
	expect(child.exitCode).toBe(0);
}

test('of eight processes that want one entry one makes it, and the others say for whom they wait', async () => {
	const { maker, waiters, waiting } = await startEight();
	maker.process.stdin?.write('go on\n');
	await Promise.all([maker, ...waiters].map(ended));
	expect(maker.lines).toEqual(['making', 'made']);
	expect(waiters.map(({ lines }) => lines)).toEqual(Array(7).fill([waiting, 'local']));
});

test('when the process that makes an entry is killed, the next one goes on', async () => {
	const { maker, waiters, waiting } = await startEight();
	await kill(maker);
	const isMaking = ({ lines }: Script) => lines.at(-1) === 'making';
	await vi.waitUntil(() => waiters.some(isMaking), { timeout: 60_000 });
	const next = waiters.filter(isMaking);
	expect(next).toHaveLength(1);
	next[0]?.process.stdin?.write('go on\n');
	await Promise.all(waiters.map(ended));
	const others = waiters.filter((waiter) => waiter !== next[0]);
	expect(next[0]?.lines).toEqual([waiting, 'making', 'made']);
	expect(others.map(({ lines }) => lines)).toEqual(Array(6).fill([waiting, 'local']));
});

test('what an open store has given is there until it is closed, however much others evict', async () => {
	const folder = await temporaryFolder();
	const cache = join(folder, 'cache');
	const evictor = start(await bundleScript('evict-all', folder), cache);
	const script = await bundleScript('use-entries', folder);
	const users = Array.from({ length: 3 }, () => start(script, cache, '150'));
	await Promise.all(users.map(ended));
	await kill(evictor);
	expect(evictor.lines.length).toBeGreaterThan(0);
});
