import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readFrames } from '../../../src/engine/frames.js';

const frame = (stream: number, text: string) => {
	const header = Buffer.alloc(8);
	header.writeUInt8(stream);
	header.writeUInt32BE(Buffer.byteLength(text), 4);
	return Buffer.concat([header, Buffer.from(text)]);
};

const bytes = Buffer.concat([frame(1, 'one'), frame(2, ''), frame(2, 'zwölf'), frame(1, 'x'.repeat(300))]);

/** What is written to each stream when the bytes come in pieces of a size. */
async function read(size: number) {
	const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
		bytes.subarray(at * size, (at + 1) * size),
	);
	const written = { stdout: '', stderr: '' };
	for await (const { stream, bytes } of readFrames(Readable.from(pieces))) {
		written[stream] += Buffer.from(bytes).toString('latin1');
	}
	return written;
}

test('output is taken apart, wherever the pieces end in which it comes', async () => {
	const whole = { stdout: `one${'x'.repeat(300)}`, stderr: Buffer.from('zwölf').toString('latin1') };
	const sizes = [1, 2, 3, 7, 8, 9, 11, 100, 1000];
	expect(await Promise.all(sizes.map(read))).toEqual(sizes.map(() => whole));
});
