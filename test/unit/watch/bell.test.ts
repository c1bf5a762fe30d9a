import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBell } from '../../../src/watch/bell.js';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** A bell with silence of 50 and bursts of at most 200, and how often somebody who listens all the time has heard it. */
function listen() {
	const controller = new AbortController();
	const bell = createBell({ silence: 50, longest: 200 }, controller.signal);
	const times: number[] = [];
	const start = performance.now();
	const ended = (async () => {
		while (!controller.signal.aborted) {
			await bell.heard();
			times.push(performance.now() - start);
		}
	})();
	return { bell, times, ended, stop: () => controller.abort() };
}

describe('a bell', () => {
	test('is heard once for a burst, when it is over', async () => {
		const { bell, times } = listen();
		for (let change = 0; change < 20; change++) {
			bell.ring();
			await vi.advanceTimersByTimeAsync(2);
		}
		await vi.advanceTimersByTimeAsync(1000);
		expect(times).toEqual([19 * 2 + 50]);
	});

	test('is heard during a burst that does not end', async () => {
		const { bell, times } = listen();
		for (let change = 0; change < 42; change++) {
			bell.ring();
			await vi.advanceTimersByTimeAsync(10);
		}
		await vi.advanceTimersByTimeAsync(1000);
		expect(times).toEqual([200, 400, 460]);
	});

	test('is heard once for each of two bursts', async () => {
		const { bell, times } = listen();
		bell.ring();
		await vi.advanceTimersByTimeAsync(60);
		bell.ring();
		await vi.advanceTimersByTimeAsync(1000);
		expect(times).toEqual([50, 110]);
	});

	test('is heard afterwards by who was busy when it rang', async () => {
		const bell = createBell({ silence: 50, longest: 200 }, new AbortController().signal);
		bell.ring();
		bell.ring();
		await vi.advanceTimersByTimeAsync(1000);
		let heard = 0;
		void bell.heard().then(() => heard++);
		await vi.advanceTimersByTimeAsync(0);
		expect(heard).toBe(1);
		void bell.heard().then(() => heard++);
		await vi.advanceTimersByTimeAsync(1000);
		expect(heard).toBe(1);
	});

	test.each(['silent', 'ringing'])('lets nobody wait after the signal, when it was %s', async (state) => {
		const { bell, ended, stop } = listen();
		if (state === 'ringing') bell.ring();
		await vi.advanceTimersByTimeAsync(10);
		stop();
		await ended;
		expect(vi.getTimerCount()).toBe(0);
	});
});
