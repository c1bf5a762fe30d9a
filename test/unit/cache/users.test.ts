import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processSpace } from '../../../src/cache/process-alive.js';
import { oldestUse, registerUser } from '../../../src/cache/users.js';

/** The number of a process that has ended: the largest that Linux gives. */
const ENDED = 4_194_304;
const HOUR = 3600;

async function usersFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-users-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return join(folder, 'users');
}

async function writeUser(folder: string, name: string, hoursAgo: number): Promise<number> {
	const seconds = Math.floor(Date.now() / 1000) - hoursAgo * HOUR;
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, name), '');
	await utimes(join(folder, name), seconds, seconds);
	return seconds * 1000;
}

test('a use counts from its registration to its end', async () => {
	const folder = await usersFolder();
	expect(oldestUse(folder)).toBe(Number.POSITIVE_INFINITY);
	const ends = [registerUser(folder), registerUser(folder)];
	const names = await readdir(folder);
	expect(names).toHaveLength(2);
	const began = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs));
	expect(oldestUse(folder)).toBe(Math.min(...began));
	for (const end of ends) end();
	expect(await readdir(folder)).toEqual([]);
	expect(oldestUse(folder)).toBe(Number.POSITIVE_INFINITY);
});

test('the uses of processes that have ended do not count, and are forgotten', async () => {
	const folder = await usersFolder();
	const mine = `${processSpace()}-${process.pid}-01`;
	await writeUser(folder, `${processSpace()}-${ENDED}-02`, 3);
	const began = await writeUser(folder, mine, 2);
	expect(oldestUse(folder)).toBe(began);
	expect(await readdir(folder)).toEqual([mine]);
});

test('the uses of other hosts and containers count for a day', async () => {
	const folder = await usersFolder();
	const began = await writeUser(folder, `other-host.4026531836-${ENDED}-01`, 23);
	await writeUser(folder, `other-host.4026531836-${ENDED}-02`, 25);
	expect(oldestUse(folder)).toBe(began);
	expect(await readdir(folder)).toEqual([`other-host.4026531836-${ENDED}-01`]);
});

test('a cache that cannot be written to is used all the same', async () => {
	const folder = await usersFolder();
	await writeFile(folder, 'in the way');
	expect(registerUser(folder)).not.toThrow();
});
