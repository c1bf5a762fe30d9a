import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readEvents } from '../../../src/engine/json-lines.js';

const bytes = Buffer.from('{"stream":"größer"}\r\n\n{"id":"1","status":"x"}\n{"error":"the end"}');

async function read(size: number) {
	const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
		bytes.subarray(at * size, (at + 1) * size),
	);
	const events = [];
	for await (const event of readEvents(Readable.from(pieces))) events.push(event);
	return events;
}

test('events are read, wherever the pieces end in which they come', async () => {
	const whole = [{ stream: 'größer' }, { id: '1', status: 'x' }, { error: 'the end' }];
	const sizes = [1, 2, 3, 14, 15, 22, 1000];
	expect(await Promise.all(sizes.map(read))).toEqual(sizes.map(() => whole));
});
