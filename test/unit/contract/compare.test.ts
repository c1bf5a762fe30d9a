import { describe, expect, test } from 'vitest';
import { type ContractChange, compareContracts } from '../../../src/contract/compare.js';
import type { Contract } from '../../../src/contract/contract.js';

type Types = Readonly<Record<string, string>>;

/** A contract of signatures by Python name, a number of defaults behind `=`. */
function contract(functions: Types, types: Types = {}): Contract {
	const imports = Object.entries(functions).map(([python, text]) => {
		const [signature = '', optional] = text.split(' = ');
		const name = python.split('.').at(-1) ?? '';
		return { module: 'demo', name, python, signature, ...(optional !== undefined && { optional: Number(optional) }) };
	});
	return { format: 1, hash: '', wit: '', imports, exports: [], types };
}

/** Whom a change of `demo.f` breaks, of types that it uses too. */
function broken(was: string, is: string, before: Types = {}, after: Types = before): string {
	const changes = compareContracts(contract({ 'demo.f': was }, before), contract({ 'demo.f': is }, after));
	return [...new Set(changes.flatMap(({ breaks }) => breaks))].sort().join(' ');
}

describe('functions', () => {
	test('equal contracts have no changes', () => {
		const one = contract({ 'demo.f': 'func(q: demo.q)' }, { 'demo.q': 'enum { a }' });
		expect(compareContracts(one, one)).toEqual([]);
	});

	test('a function more breaks hosts, a function less Python code', () => {
		expect(compareContracts(contract({ 'demo.a': 'func()' }), contract({ 'demo.b': 'func() -> u8' }))).toEqual([
			{ kind: 'removed', subject: 'demo.a', was: 'func()', breaks: ['python'] },
			{ kind: 'added', subject: 'demo.b', is: 'func() -> u8', breaks: ['hosts'] },
		] satisfies ContractChange[]);
	});

	test('a second Python name for an import breaks nobody', () => {
		const old = contract({ 'demo.f': 'func()' });
		const now: Contract = {
			...old,
			imports: [...old.imports, ...old.imports.map((one) => ({ ...one, python: 'demo.g' }))],
		};
		expect(compareContracts(old, now)).toEqual([{ kind: 'added', subject: 'demo.g', is: 'func()', breaks: [] }]);
	});

	test('another import name breaks hosts', () => {
		const old = contract({ 'demo.f': 'func()' });
		const now: Contract = { ...old, imports: old.imports.map((one) => ({ ...one, name: 'g' })) };
		expect(compareContracts(old, now)).toEqual([
			{
				kind: 'changed',
				subject: 'demo.f',
				was: 'func(), imported as "demo.f"',
				is: 'func(), imported as "demo.g"',
				breaks: ['hosts'],
			},
		] satisfies ContractChange[]);
	});

	test('a default more breaks nobody, a default less Python code', () => {
		expect(compareContracts(contract({ 'demo.f': 'func(a: u8)' }), contract({ 'demo.f': 'func(a: u8) = 1' }))).toEqual([
			{ kind: 'changed', subject: 'demo.f', was: 'func(a: u8)', is: 'func(a: u8), 1 with default', breaks: [] },
		] satisfies ContractChange[]);
		expect(broken('func(a: u8) = 1', 'func(a: u8)')).toBe('python');
	});

	test.each([
		['a parameter more', 'func()', 'func(a: u8)', 'hosts python'],
		['a parameter with a default more', 'func(a: u8)', 'func(a: u8, b: u8) = 1', 'hosts'],
		['a parameter less', 'func(a: u8)', 'func()', 'hosts python'],
		['another name of a parameter', 'func(a: u8)', 'func(b: u8)', 'hosts python'],
		['another order of parameters', 'func(a: u8, b: u8)', 'func(b: u8, a: u8)', 'hosts python'],
		['a wider parameter', 'func(a: u8)', 'func(a: s16)', 'hosts'],
		['a narrower parameter', 'func(a: s16)', 'func(a: u8)', 'hosts python'],
		['a signed parameter for an unsigned one of its size', 'func(a: u8)', 'func(a: s8)', 'hosts python'],
		['a wider result', 'func() -> u8', 'func() -> u32', 'hosts python'],
		['a narrower result', 'func() -> u32', 'func() -> u8', 'hosts'],
		['a parameter that may be None', 'func(a: string)', 'func(a: option<string>)', 'hosts'],
		['a parameter that may no longer be None', 'func(a: option<string>)', 'func(a: string)', 'hosts python'],
		['a result that may be None', 'func() -> string', 'func() -> option<string>', 'hosts python'],
		['a result that is never None', 'func() -> option<string>', 'func() -> string', 'hosts'],
		['a result more', 'func()', 'func() -> u8', 'hosts python'],
		['an error more', 'func() -> result<u8>', 'func() -> result<u8, string>', 'hosts'],
		['an error less', 'func() -> result<u8, string>', 'func() -> result<u8>', 'hosts python'],
		['an array of other numbers', 'func(a: list<u8>)', 'func(a: list<u16>)', 'hosts python'],
		['a list of wider things', 'func(a: list<option<u8>>)', 'func(a: list<option<u16>>)', 'hosts'],
		['a tuple of one more', 'func(a: tuple<u8>)', 'func(a: tuple<u8, u8>)', 'hosts python'],
		['a text for a character', 'func(a: char)', 'func(a: string)', 'hosts'],
		['an async function', 'func(a: char)', 'async func(a: char)', 'hosts'],
	])('%s', (_, was, is, expected) => {
		expect(broken(was, is)).toBe(expected);
	});
});

describe('exports', () => {
	const exported = (signature: string, more: Partial<Contract['exports'][number]> = {}): Contract => ({
		...contract({}),
		exports: [{ name: 'billing#quote', python: 'acme.quote', host: 'billing.quote', signature, ...more }],
	});

	test('one more breaks Python code, one less hosts', () => {
		const [none, one] = [contract({}), exported('func()')];
		expect(compareContracts(none, one)).toEqual([
			{ kind: 'added', subject: 'exports.billing.quote', is: 'func() by acme.quote', breaks: ['python'] },
		] satisfies ContractChange[]);
		expect(compareContracts(one, none)).toEqual([
			{ kind: 'removed', subject: 'exports.billing.quote', was: 'func() by acme.quote', breaks: ['hosts'] },
		] satisfies ContractChange[]);
	});

	test('another function of Python breaks Python code, another core export hosts', () => {
		expect(compareContracts(exported('func()'), exported('func()', { python: 'acme.price' }))).toMatchObject([
			{ breaks: ['python'] },
		]);
		expect(compareContracts(exported('func()'), exported('func()', { name: 'quote' }))).toEqual([
			{
				kind: 'changed',
				subject: 'exports.billing.quote',
				was: 'func() by acme.quote, exported as "billing#quote"',
				is: 'func() by acme.quote, exported as "quote"',
				breaks: ['hosts'],
			},
		] satisfies ContractChange[]);
	});

	test.each([
		['a narrower parameter', 'func(a: u16)', 'func(a: u8)', ['hosts']],
		['a wider parameter', 'func(a: u8)', 'func(a: u16)', ['hosts', 'python']],
		['another name of a parameter', 'func(a: u8)', 'func(b: u8)', ['hosts']],
		['a parameter more', 'func()', 'func(a: u8)', ['hosts', 'python']],
		['a wider result', 'func() -> u8', 'func() -> u16', ['hosts']],
		['a narrower result', 'func() -> u16', 'func() -> u8', ['hosts', 'python']],
		['an error more', 'func() -> u8', 'func() -> result<u8, string>', ['hosts']],
		['an error less', 'func() -> result<u8, string>', 'func() -> u8', ['hosts', 'python']],
		['a wider error', 'func() -> result<u8, u8>', 'func() -> result<u16, u16>', ['hosts']],
		['another error', 'func() -> result<u8, string>', 'func() -> result<u8>', ['hosts', 'python']],
	] as const)('%s', (_, was, is, breaks) => {
		expect(compareContracts(exported(was), exported(is))).toMatchObject([{ breaks }]);
	});

	test('what Python code makes and gets is the other way round', () => {
		const one = (signature: string, text: string): Contract => ({ ...exported(signature), types: { 'acme.t': text } });
		const breaks = (signature: string) =>
			compareContracts(one(signature, 'enum { a }'), one(signature, 'enum { a, b }')).map((change) => change.breaks);
		expect(breaks('func() -> acme.t')).toEqual([['hosts']]);
		expect(breaks('func(t: acme.t)')).toEqual([['hosts', 'python']]);
	});
});

describe('types', () => {
	const given = 'func(a: demo.t)';
	const got = 'func() -> list<demo.t>';
	test.each([
		['a field more in what Python makes', given, 'record { a: u8 }', 'record { a: u8, b: u8 }', 'hosts python'],
		['a field more at the end of what it gets', got, 'record { a: u8 }', 'record { a: u8, b: u8 }', 'hosts'],
		['a field more at the start of what it gets', got, 'record { a: u8 }', 'record { b: u8, a: u8 }', 'hosts python'],
		['a field less', got, 'record { a: u8, b: u8 }', 'record { a: u8 }', 'hosts python'],
		['a wider field of what Python makes', given, 'record { a: u8 }', 'record { a: u16 }', 'hosts'],
		['a wider field of what it gets', got, 'record { a: u8 }', 'record { a: u16 }', 'hosts python'],
		['a case more of what Python makes', given, 'variant { a(u8) }', 'variant { b, a(u8) }', 'hosts'],
		['a case more of what it gets', got, 'enum { a }', 'enum { a, b }', 'hosts python'],
		['a case less', given, 'enum { a, b }', 'enum { a }', 'hosts python'],
		['a payload more', given, 'variant { a }', 'variant { a(u8) }', 'hosts python'],
		['a flag more', got, 'flags { a }', 'flags { a, b }', 'hosts'],
		['another kind', given, 'enum { a }', 'flags { a }', 'hosts python'],
	])('%s', (_, signature, was, is, expected) => {
		expect(broken(signature, signature, { 'demo.t': was }, { 'demo.t': is })).toBe(expected);
	});

	test('a change is told once, where it is', () => {
		const types = (text: string) => ({ 'demo.inner': text, 'demo.outer': 'record { i: demo.inner }' });
		const one = (text: string) => contract({ 'demo.f': 'func(o: demo.outer)' }, types(text));
		expect(compareContracts(one('enum { a }'), one('enum { a, b }'))).toEqual([
			{ kind: 'changed', subject: 'demo.inner', was: 'enum { a }', is: 'enum { a, b }', breaks: ['hosts'] },
		] satisfies ContractChange[]);
	});

	test('a type that no function uses breaks no host', () => {
		expect(broken('func()', 'func()', { 'demo.t': 'enum { a }' }, { 'demo.t': 'enum { a, b }' })).toBe('');
		expect(broken('func()', 'func()', {}, { 'demo.t': 'enum { a }' })).toBe('');
		expect(broken('func()', 'func()', { 'demo.t': 'enum { a }' }, {})).toBe('python');
	});

	test('types that contain themselves by way of resources end', () => {
		const types = { 'demo.node': 'resource', 'demo.pair': 'record { a: demo.node, b: borrow<demo.node> }' };
		expect(broken('func(p: demo.pair)', 'func(p: demo.pair) -> u8', types)).toBe('hosts python');
	});
});
