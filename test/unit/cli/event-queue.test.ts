import { expect, test } from 'vitest';
import { createEventQueue } from '../../../src/cli/progress/event-queue.js';

const readAll = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
	const all: T[] = [];
	for await (const value of values) all.push(value);
	return all;
};

test('a late reader gets everything in order', async () => {
	const queue = createEventQueue<number>();
	queue.push(1);
	queue.push(2);
	queue.end();
	expect(await readAll(queue)).toEqual([1, 2]);
});

test('an early reader gets what is pushed while it waits', async () => {
	const queue = createEventQueue<number>();
	const all = readAll(queue);
	for (const value of [1, 2, 3]) {
		await Promise.resolve();
		queue.push(value);
	}
	queue.end();
	expect(await all).toEqual([1, 2, 3]);
});

test('an empty queue ends', async () => {
	const queue = createEventQueue<number>();
	const all = readAll(queue);
	queue.end();
	expect(await all).toEqual([]);
});
