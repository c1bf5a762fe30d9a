import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { sweepLocks, withFreeLock, withLock } from '../../../src/cache/lock.js';

async function temporaryFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-lock-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** A holder that stays until it is let go. */
async function hold(folder: string, name: string, about: string) {
	let end = () => {};
	let ended = Promise.resolve();
	await new Promise<void>((held) => {
		ended = withLock(folder, name, about, () => {
			held();
			return new Promise<void>((resolve) => {
				end = resolve;
			});
		});
	});
	return {
		letGo: async () => {
			end();
			await ended;
		},
	};
}

/** Leaves the socket file of a holder that was killed. */
async function leaveDeadSocket(folder: string, name: string): Promise<void> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(join(folder, 'living'), resolve));
	await rename(join(folder, 'living'), join(folder, name));
	await new Promise((resolve) => server.close(resolve));
}

afterEach(() => {
	vi.unstubAllEnvs();
	vi.useRealTimers();
});

test('of many calls one runs at a time, and the others are told once for whom they wait', async () => {
	const folder = join(await temporaryFolder(), 'locks');
	let inside = 0;
	let most = 0;
	const waited: string[] = [];
	const use = async () => {
		most = Math.max(most, ++inside);
		await new Promise(setImmediate);
		inside--;
	};
	const onWait = (holder: string) => waited.push(holder);
	const first = await hold(folder, 'base', 'base 0');
	const others = [1, 2, 3, 4, 5, 6, 7].map((each) => withLock(folder, 'base', `base ${each}`, use, { onWait }));
	await vi.waitUntil(() => waited.length === 7);
	await first.letGo();
	await Promise.all(others);
	expect(most).toBe(1);
	expect(waited).toEqual(Array(7).fill(`process ${process.pid} (base 0)`));
	expect(await readdir(folder)).toEqual([]);
});

test('locks of different names do not wait for each other', async () => {
	const folder = await temporaryFolder();
	const base = await hold(folder, 'base', 'base');
	expect(await withLock(folder, 'link', 'link', async () => 'linked')).toBe('linked');
	await base.letGo();
});

test('who does not want to wait is told that a lock is held', async () => {
	const folder = await temporaryFolder();
	const use = async () => 'made';
	expect(await withFreeLock(folder, 'base', 'base', use)).toBe('made');
	const holder = await hold(folder, 'base', 'base');
	expect(await withFreeLock(folder, 'base', 'base', use)).toBe(undefined);
	await holder.letGo();
	expect(await withFreeLock(folder, 'base', 'base', use)).toBe('made');
	expect(await readdir(folder)).toEqual([]);
});

test('what fails under a lock lets it go', async () => {
	const folder = await temporaryFolder();
	const failing = withLock(folder, 'base', 'base', async () => {
		throw new Error('no more');
	});
	await expect(failing).rejects.toThrow('no more');
	expect(await readdir(folder)).toEqual([]);
	expect(await withLock(folder, 'base', 'base', async () => 'made')).toBe('made');
});

test('an aborted signal ends the waiting', async () => {
	const folder = await temporaryFolder();
	const holder = await hold(folder, 'base', 'base');
	const abort = new AbortController();
	const waiting = withLock(folder, 'base', 'base', async () => {}, {
		onWait: () => abort.abort(),
		signal: abort.signal,
	});
	await expect(waiting).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
	const late = withLock(folder, 'base', 'base', async () => {}, { signal: abort.signal });
	await expect(late).rejects.toMatchObject({ diagnostics: [{ code: 'build/interrupted' }] });
	await holder.letGo();
	expect(await readdir(folder)).toEqual([]);
});

test('holders that were killed are followed, and removed by the next one', async () => {
	const folder = await temporaryFolder();
	const id = 'cae662172fd450bb';
	await leaveDeadSocket(folder, `${id}-1`);
	await symlink(`${id}-1`, join(folder, `${id}.lock`));
	await symlink(`${id}-2`, join(folder, `${id}-1.next`));
	const whileHeld = await withLock(folder, 'base', 'base', () => readdir(folder));
	expect(whileHeld).toHaveLength(5);
	expect(whileHeld).toEqual(expect.arrayContaining([`${id}-1`, `${id}-1.next`, `${id}-2.next`, `${id}.lock`]));
	expect(await readdir(folder)).toEqual([]);
});

test('a folder whose path is too long for sockets is locked in the folder for temporary files', async () => {
	const temporary = await temporaryFolder();
	vi.stubEnv('TMPDIR', temporary);
	const folder = join(temporary, 'deep'.repeat(20), 'locks');
	const waited: string[] = [];
	const first = await hold(folder, 'base', 'first');
	const onWait = (holder: string) => {
		waited.push(holder);
		void first.letGo();
	};
	await withLock(folder, 'base', 'second', async () => {}, { onWait });
	expect(waited).toEqual([`process ${process.pid} (first)`]);
	expect(await readdir(folder)).toEqual([]);
});

test('where sockets cannot be made there is no lock', async () => {
	const temporary = await temporaryFolder();
	const long = join(temporary, 'deep'.repeat(20));
	await mkdir(long);
	vi.stubEnv('TMPDIR', long);
	const nested = withLock(long, 'base', 'first', () => withLock(long, 'base', 'second', async () => 'both'));
	expect(await nested).toBe('both');
	expect(await readdir(long)).toEqual([]);
});

test('what killed processes left of locks that nobody holds is removed after a day', async () => {
	const folder = await temporaryFolder();
	const holder = await hold(folder, 'base', 'base');
	const held = await readdir(folder);
	await leaveDeadSocket(folder, '0123456789abcdef-1');
	sweepLocks(folder);
	expect((await readdir(folder)).sort()).toEqual(['0123456789abcdef-1', ...held].sort());
	vi.useFakeTimers({ now: Date.now() + 25 * 3600 * 1000, toFake: ['Date'] });
	sweepLocks(folder);
	expect(await readdir(folder)).toEqual(held);
	await holder.letGo();
});
