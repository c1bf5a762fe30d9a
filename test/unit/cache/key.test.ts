import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { canonical, keyOf, sha256, sha256OfFile } from '../../../src/cache/key.js';

test('equal data gives equal text, whatever the order of its names', () => {
	expect(canonical({ b: [1, null, 'ü'], a: { d: true, c: undefined } })).toBe('{"a":{"d":true},"b":[1,null,"ü"]}');
	expect(canonical({ a: { d: true }, b: [1, null, 'ü'] })).toBe('{"a":{"d":true},"b":[1,null,"ü"]}');
});

test('keys differ by id, inputs and needs', () => {
	const need = keyOf('need', {}, {});
	const keys = [
		keyOf('one', { a: 1 }, {}),
		keyOf('two', { a: 1 }, {}),
		keyOf('one', { a: '1' }, {}),
		keyOf('one', { a: [1] }, {}),
		keyOf('one', { a: 1 }, { need }),
		keyOf('one', { a: 1 }, { other: need }),
	];
	expect(new Set(keys).size).toBe(keys.length);
	for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
});

test.each([0, 1, 524_287, 524_288, 524_289, 1_600_000])('a file of %d bytes is hashed whole', async (size) => {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-key-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const content = Buffer.from(Array.from({ length: size }, (_, at) => (at * at) % 251));
	await writeFile(join(folder, 'file'), content);
	expect(sha256OfFile(join(folder, 'file'))).toBe(sha256(content));
});
