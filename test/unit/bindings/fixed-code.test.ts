import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { isBytes } from '../../../templates/bindings/bytes.js';
import { cut, isExit, isPromise, isStackOverflow, describe as rendering } from '../../../templates/bindings/errors.js';
import { createGuest } from '../../../templates/bindings/guest.js';
import { isWellFormed, liftAscii, lowerAscii } from '../../../templates/bindings/text.js';

describe('well-formed text', () => {
	test.each([
		['', true],
		['abc', true],
		['🐍', true],
		['\ud800', false],
		['\udc00\ud800', false],
		['🐍\udc0d', false],
	])('%# is told with and without the method', (text, expected) => {
		expect(isWellFormed(text)).toBe(expected);
		// Engines before 2023 lack the method; the fallback takes whatever converts to the text.
		expect(isWellFormed({ toString: () => text } as string)).toBe(expected);
	});
});

describe('ASCII text', () => {
	const lift = (bytes: Uint8Array, start: number, size: number) => liftAscii({ ...createGuest(), bytes }, start, size);

	test('is read when it is short, and no more of it', () => {
		const text = '0123456789'.repeat(4);
		const bytes = new TextEncoder().encode(text);
		for (let size = 0; size <= 32; size++) expect(lift(bytes, 0, size)).toBe(text.slice(0, size));
		expect(lift(bytes, 0, 33)).toBe(undefined);
		expect(lift(bytes, 3, 6)).toBe('345678');
		expect(lift(bytes, 8, 32)).toBe(text.slice(8));
	});

	test('is left to the decoder when not all of it is ASCII', () => {
		for (let at = 0; at < 16; at++) {
			const bytes = new Uint8Array(16).fill(97);
			bytes[at] = 0x80;
			expect(lift(bytes, 0, 16)).toBe(undefined);
		}
		expect(lift(Uint8Array.of(0xff), 0, 1)).toBe(undefined);
		expect(lift(Uint8Array.of(97, 0xff), 0, 1)).toBe('a');
		expect(lowerAscii(new Uint8Array(2), 0, 'a\x80')).toBe(false);
	});
});

describe('values of another realm', () => {
	test('are bytes if they are a Uint8Array', () => {
		expect(isBytes(runInNewContext('Uint8Array.of(1)'))).toBe(true);
		expect(isBytes(runInNewContext('Int8Array.of(1)'))).toBe(false);
		expect(isBytes({ [Symbol.toStringTag]: 'Uint8Array' })).toBe(false);
	});

	test('are promises if they have a method then', () => {
		expect(isPromise(runInNewContext('Promise.resolve()'))).toBe(true);
		expect(isPromise(runInNewContext('({ then: 3 })'))).toBe(false);
		expect(isPromise(runInNewContext('({ get then() { throw new Error() } })'))).toBe(false);
	});
});

describe('errors of other engines and libraries', () => {
	test('are stack overflows by their message', () => {
		const firefox = Object.assign(new Error('too much recursion'), { name: 'InternalError' });
		expect(isStackOverflow(firefox)).toBe(true);
		expect(isStackOverflow(new RangeError('Maximum call stack size exceeded.'))).toBe(true);
		expect(isStackOverflow(new Error('too much recursion'))).toBe(false);
		expect(isStackOverflow(new RangeError('Invalid string length'))).toBe(false);
	});

	test.each(['WASIProcExit', 'WASIExitError', 'ComponentExit', 'ExitStatus'])('are exits by the name %s', (name) => {
		const type = { [name]: class extends Error {} }[name] ?? Error;
		expect(isExit(new type())).toBe(true);
		expect(isExit(new Error(name))).toBe(false);
	});
});

test('texts in messages are cut between characters', () => {
	expect(cut('x'.repeat(40))).toBe('x'.repeat(40));
	expect(cut(`${'x'.repeat(39)}🐍🐍`)).toBe(`${'x'.repeat(39)}🐍…`);
	expect(rendering(10n ** 50n)).toBe(`1${'0'.repeat(39)}…n`);
});
