import { expect, test } from 'vitest';
import { canonical, keyOf } from '../../../src/cache/key.js';

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
