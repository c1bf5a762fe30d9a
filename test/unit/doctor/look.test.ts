import { expect, test, vi } from 'vitest';
import { judged, look, seenOf } from '../../../src/doctor/look.js';

test('a look gives what it saw', async () => {
	const seen = await look(10, () => 42);
	expect(seen).toEqual({ seen: 42 });
	expect(seenOf(seen)).toBe(42);
	expect(judged('cache', seen, (number) => [{ id: 'cache.size', state: 'ok', found: String(number) }])).toEqual([
		{ id: 'cache.size', state: 'ok', found: '42' },
	]);
});

test('what goes wrong is a finding', async () => {
	const seen = await look(10, () => Promise.reject(new Error('the disk is on fire')));
	expect(seenOf(seen)).toBeUndefined();
	expect(judged('disk', seen, () => [])).toEqual([
		{
			id: 'disk.examined',
			state: 'warning',
			found: 'the disks could not be examined',
			means: 'whether a build works is not known as far as this is concerned',
			details: ['the disk is on fire'],
		},
	]);
});

test('one that takes too long is told to end, and is a finding', async () => {
	vi.useFakeTimers();
	try {
		let ended = false;
		const looking = look(7, (signal) => {
			signal.addEventListener('abort', () => {
				ended = true;
			});
			return new Promise(() => {});
		});
		await vi.advanceTimersByTimeAsync(6999);
		expect(ended).toBe(false);
		await vi.advanceTimersByTimeAsync(1);
		expect(await looking).toEqual({ unseen: 'no answer within 7 s' });
		expect(ended).toBe(true);
	} finally {
		vi.useRealTimers();
	}
});

test('Ctrl-C ends all looks', async () => {
	const interrupt = new AbortController();
	const looking = look(
		10,
		(signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
		interrupt.signal,
	);
	interrupt.abort(new Error('Ctrl-C'));
	await expect(looking).rejects.toThrow('Ctrl-C');
	await expect(look(10, () => 1, interrupt.signal)).rejects.toThrow('Ctrl-C');
});
