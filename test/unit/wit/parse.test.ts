import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSignature } from '../../../src/wit/parse.js';
import { printSignature } from '../../../src/wit/print.js';
import type { ResourceDefinition, Signature, TypeDefinition, WitType } from '../../../src/wit/type.js';
import { primitives } from '../../../src/wit/types.js';

function parsed(text: string): Signature {
	const result = parseSignature(text);
	if (!result.ok) throw new Error(JSON.stringify(result.problems));
	return result.value;
}

function shapeOf({ params, result }: Signature): unknown {
	return { params: params.map(({ name, type }) => ({ name, type })), result };
}

function problems(text: string): readonly string[] {
	const result = parseSignature(text);
	return result.ok ? [] : result.problems.map(({ code, start, end }) => `${code} ${text.slice(start, end)}`);
}

describe('signatures', () => {
	test('parameters keep their order, their types and their places', () => {
		expect(parsed('func(a: s32, max-bytes: list<u8>) -> string')).toEqual({
			params: [
				{ name: 'a', type: { kind: 's32' }, start: 5, end: 6 },
				{ name: 'max-bytes', type: { kind: 'list', element: { kind: 'u8' } }, start: 13, end: 22 },
			],
			result: { kind: 'string' },
		});
	});

	test('a function without parameters and result is possible', () => {
		expect(parsed('func()')).toEqual({ params: [] });
	});

	test('comments, line breaks, escapes and a trailing comma are fine', () => {
		const text = '/* of /* nested */ */ func( // first\n\t%list : u8,\r\n %type: bool , ) -> f64 // done';
		expect(printSignature(parsed(text))).toBe('func(%list: u8, %type: bool) -> f64');
	});

	test('a snake_case name is the kebab-case name', () => {
		expect(printSignature(parsed('func(max_bytes: u32)'))).toBe('func(max-bytes: u32)');
	});

	test('words of the grammar may be names without an escape', () => {
		expect(printSignature(parsed('func(list: u8, func: u8, x: u8)'))).toBe('func(%list: u8, %func: u8, x: u8)');
	});

	test.each(primitives)('%s can be a parameter and a result', (kind) => {
		expect(shapeOf(parsed(`func(a: ${kind}) -> ${kind}`))).toEqual({
			params: [{ name: 'a', type: { kind } }],
			result: { kind },
		});
	});

	test('mistakes in several parameters and the result are all found', () => {
		expect(problems('func(maxBytes: u32, b: strng, c u8, d: stream<u8>, b: u8) -> void')).toEqual([
			'manifest/bad-parameter-name maxBytes',
			'manifest/unknown-type strng',
			'manifest/signature-syntax u8',
			'manifest/unsupported-type stream<u8>',
			'manifest/duplicate-parameter b',
			'manifest/unknown-type void',
		]);
	});

	test('reserved names are refused in either spelling', () => {
		const result = parseSignature('func(not-ok: u8, from: u8)', { reserved: new Set(['not_ok', 'from']) });
		expect(result.ok ? [] : result.problems.map(({ start }) => start)).toEqual([5, 17]);
	});

	test('deep types take no longer than they are long', () => {
		const text = `func(a: ${'tuple<'.repeat(99)}u8${'>'.repeat(99)})`;
		expect(problems(text)).toEqual([]);
	});

	test('hostile nesting is a problem, not a stack overflow', () => {
		expect(problems(`func(a: ${'list<'.repeat(100_000)})`)).toEqual(['manifest/signature-syntax list']);
	});

	test('no text makes the parser throw, and every problem lies inside the text', () => {
		const word = fc.constantFrom(
			'func',
			'(',
			')',
			',',
			':',
			'->',
			'<',
			'>',
			'list',
			'u8',
			'a',
			'%',
			'/*',
			'//',
			'\n',
			'😀',
		);
		const text = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.array(word).map((words) => words.join(' ')),
		);
		fc.assert(
			fc.property(text, (input) => {
				const result = parseSignature(input);
				if (result.ok) return;
				expect(result.problems.length).toBeGreaterThan(0);
				for (const { start, end } of result.problems) {
					expect(0 <= start && start <= end && end <= input.length).toBe(true);
				}
			}),
			{ numRuns: 500 },
		);
	});
});

describe('names of types', () => {
	const row: TypeDefinition = {
		kind: 'record',
		name: 'row',
		owner: 'demo',
		fields: [{ name: 'id', type: { kind: 'u8' } }],
	};
	const file: ResourceDefinition = { kind: 'resource', name: 'file', owner: 'demo', functions: [] };
	const alias: TypeDefinition = {
		kind: 'alias',
		name: 'own-file',
		owner: 'demo',
		type: { kind: 'own', resource: file },
	};
	const lent: TypeDefinition = { kind: 'alias', name: 'lent', owner: 'demo', type: { kind: 'borrow', resource: file } };
	const scope = new Map([row, file, alias, lent].map((one) => [one.name, one] as const));

	function messages(text: string): readonly string[] {
		const result = parseSignature(text, { scope });
		return result.ok
			? []
			: result.problems.map(({ code, message, start, end }) => `${code} ${message} [${text.slice(start, end)}]`);
	}

	test('a signature may name what its scope has, also with an escape', () => {
		const text =
			'func(a: row, b: borrow<file>, c: own<file>, d: %file, e: borrow<own-file>) -> result<list<row>, own-file>';
		const result = parseSignature(text, { scope });
		expect(result.ok && result.value.params.map(({ type }) => type)).toEqual([
			{ kind: 'named', definition: row },
			{ kind: 'borrow', resource: file },
			{ kind: 'own', resource: file },
			{ kind: 'own', resource: file },
			{ kind: 'borrow', resource: file },
		]);
	});

	test('other names are unknown, and only resources have handles', () => {
		expect(messages('func(a: rwo, b: borrow<row>, c: own<u8>, d: column)')).toEqual([
			'manifest/unknown-type unknown type "rwo" [rwo]',
			'wit/impossible-type "row" is not a resource [row]',
			'manifest/signature-syntax "u8" is a word of WIT\'s grammar, not a type [u8]',
			'manifest/unknown-type unknown type "column" [column]',
		]);
	});

	test('a result has no borrowed handle, wherever it is', () => {
		expect(messages('func() -> list<borrow<file>>')).toEqual([
			'wit/impossible-type a result cannot contain a borrowed handle [list<borrow<file>>]',
		]);
		expect(messages('func() -> option<lent>')).toEqual([
			'wit/impossible-type a result cannot contain a borrowed handle [option<lent>]',
		]);
	});

	test('async is kept where it is carried', () => {
		const result = parseSignature('async func(a: u8) -> u8', { carriesAsync: true });
		expect(result.ok && [result.value.isAsync, printSignature(result.value)]).toEqual([
			true,
			'async func(a: u8) -> u8',
		]);
	});
});

describe('printing', () => {
	const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}(-[a-z][a-z0-9]{0,5}){0,2}$/);
	const type: fc.Arbitrary<WitType> = fc.oneof(
		fc.constantFrom(...primitives).map((kind) => ({ kind })),
		fc.constant<WitType>({ kind: 'list', element: { kind: 'u8' } }),
	);

	test('parsing what was printed gives the same signature', () => {
		const params = fc.uniqueArray(fc.record({ name, type }), { selector: (param) => param.name, maxLength: 20 });
		fc.assert(
			fc.property(params, fc.option(type, { nil: undefined }), (list, result) => {
				const signature = {
					params: list.map((param) => ({ ...param, start: 0, end: 0 })),
					...(result === undefined ? {} : { result }),
				};
				expect(shapeOf(parsed(printSignature(signature)))).toEqual(shapeOf(signature));
			}),
		);
	});
});
