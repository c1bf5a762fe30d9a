import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDefinition, readSignature, type Term } from '../../../src/contract/type-text.js';

const name = fc.constantFrom('u8', 's64', 'string', 'demo.row', 'acme.billing.list-2', 'my_mod.db-error', '_');

const term: fc.Arbitrary<Term> = fc.letrec<{ term: Term }>((tie) => ({
	term: fc.oneof(
		{ maxDepth: 5 },
		name.map((one): Term => ({ name: one, args: [] })),
		fc.record({
			name: fc.constantFrom('list', 'option', 'result', 'tuple', 'borrow'),
			args: fc.array(tie('term'), { minLength: 1, maxLength: 3 }),
		}),
	),
})).term;

const member = fc.record({ name: fc.constantFrom('a', 'max-bytes', 'from', 'X-1'), type: term });

const text = ({ name: head, args }: Term): string =>
	args.length === 0 ? head : `${head}<${args.map(text).join(', ')}>`;

test('signatures are read as they are written', () => {
	fc.assert(
		fc.property(fc.boolean(), fc.array(member), fc.option(term, { nil: undefined }), (isAsync, params, result) => {
			const list = params.map((one) => `%${one.name}: ${text(one.type)}`).join(', ');
			const written = `${isAsync ? 'async ' : ''}func(${list})${result === undefined ? '' : ` -> ${text(result)}`}`;
			expect(readSignature(written)).toEqual({ isAsync, params, ...(result && { result }) });
		}),
	);
});

test('definitions are read as they are written', () => {
	fc.assert(
		fc.property(fc.array(member), (members) => {
			const record = `record { ${members.map((one) => `${one.name}: ${text(one.type)}`).join(', ')} }`;
			expect(readDefinition(record)).toEqual({ kind: 'record', members });
			const variant = `variant { ${members.map((one) => `${one.name}(${text(one.type)})`).join(', ')} }`;
			expect(readDefinition(variant)).toEqual({ kind: 'variant', members });
			const labels = members.map((one) => ({ name: one.name }));
			expect(readDefinition(`enum { ${labels.map((one) => one.name).join(', ')} }`)).toEqual({
				kind: 'enum',
				members: labels,
			});
		}),
	);
	expect(readDefinition('resource')).toEqual({ kind: 'resource', members: [] });
});

describe('what is no text of a type', () => {
	test.each([
		'',
		'func',
		'func(',
		'func(a)',
		'func(a: )',
		'func(a: list<)',
		'func(a: u8',
		'func() ->',
		'func() u8',
		'func() -> u8 u8',
	])('"%s" is refused', (written) => {
		expect(() => readSignature(written)).toThrow(SyntaxError);
	});

	test.each(['', '{', 'record {', 'record { a: }', 'variant { a(u8 }', 'enum { a } b'])(
		'"%s" is refused',
		(written) => {
			expect(() => readDefinition(written)).toThrow(SyntaxError);
		},
	);
});
