import { describe, expect, test } from 'vitest';
import { qualified } from '../../../src/contract/contract.js';
import { readWorld } from '../../../src/manifest/wit-folder.js';
import { printSignature } from '../../../src/wit/print.js';

const files = (texts: Readonly<Record<string, string>>) => new Map(Object.entries(texts));

describe('the modules of a world', () => {
	test('are its interfaces, those that they use, and what it imports by itself', () => {
		const { modules, problems } = readWorld(
			files({
				'shop.wit': `
					package acme:the-shop@1.2.0;
					/// Sells.
					interface %from {
						use money:units/amounts.{amount};
						/// Asks for a price.
						ask-price: func(of: string) -> u32;
					}
					world python {
						import %from;
						import log: interface { line: func(text: string); }
						import now: func() -> u64;
						export run: func();
					}
				`,
				'deps/money.wit': 'package money:units; interface amounts { type amount = u64; }',
			}),
			{},
		);
		expect(problems.filter(({ message }) => message !== 'the type "amount" is not supported')).toEqual([]);
		expect(
			modules.map(({ name, importModule, interface: own, doc, functions }) => ({
				name,
				importModule,
				...(own && { own }),
				...(doc && { doc }),
				functions: functions.map((one) => `${one.name}: ${printSignature(one.signature)}`),
			})),
		).toMatchInlineSnapshot(`
			[
			  {
			    "functions": [],
			    "importModule": "money:units/amounts",
			    "name": "money.units.amounts",
			    "own": {
			      "name": "amounts",
			      "package": "money:units",
			    },
			  },
			  {
			    "doc": "Sells.",
			    "functions": [
			      "ask-price: func(of: string) -> u32",
			    ],
			    "importModule": "acme:the-shop/from@1.2.0",
			    "name": "acme.the_shop.from_",
			    "own": {
			      "name": "from",
			      "package": "acme:the-shop@1.2.0",
			    },
			  },
			  {
			    "functions": [
			      "line: func(text: string)",
			    ],
			    "importModule": "log",
			    "name": "log",
			  },
			  {
			    "functions": [
			      "now: func() -> u64",
			    ],
			    "importModule": "$root",
			    "name": "python",
			  },
			]
		`);
	});

	test('and what it exports are functions for Python code', () => {
		const { exports, problems } = readWorld(
			files({
				'w.wit': `
					package acme:billing@1.0.0;
					interface invoices {
						/// Counts.
						how-many: func(%from: string) -> u32;
					}
					world python {
						export invoices;
						export hooks: interface { start: func(); }
						export run: func(code: u8);
					}
				`,
			}),
			{},
		);
		expect(problems).toEqual([]);
		expect(
			exports.map(({ name, pythonModule, interface: own, functions }) => ({
				name,
				pythonModule,
				...(own && { own }),
				functions: functions.map((one) => `${one.exportName}: ${printSignature(one.signature)}`),
			})),
		).toEqual([
			{
				name: 'invoices',
				pythonModule: 'acme.billing.invoices',
				own: { package: 'acme:billing@1.0.0', name: 'invoices' },
				functions: ['acme:billing/invoices@1.0.0#how-many: func(%from: string) -> u32'],
			},
			{ name: 'hooks', pythonModule: 'hooks', functions: ['hooks#start: func()'] },
			{ name: 'python', pythonModule: 'python', functions: ['run: func(code: u8)'] },
		]);
	});

	test('have the classes of what Python code implements beside it', () => {
		const { modules, exports, problems } = readWorld(
			files({
				'w.wit': `package a:b;
					world w {
						export rows;
						export x: interface {
							use rows.{row};
							use things.{pot, lid};
							f: func(a: list<row>, l: lid) -> result<borrowed, string>;
							record borrowed { of: u8 }
						}
						export plain: interface { f: func(); }
					}
					interface rows { record row { a: u8 } type page = list<row>; all: func() -> page; }
					interface things { resource pot; record lid { of: u8 } }`,
			}),
			{},
		);
		expect(problems).toEqual([]);
		expect(modules.map(({ name, types, isExported }) => [name, types.map((one) => one.name), isExported])).toEqual([
			['a.b.things', ['pot', 'lid'], undefined],
			['a.b.rows_types', ['row', 'page'], true],
			['x_types', ['borrowed'], true],
		]);
		expect(exports.map(({ pythonModule, typesModule }) => [pythonModule, typesModule])).toEqual([
			['a.b.rows', 'a.b.rows_types'],
			['x', 'x_types'],
			['plain', 'plain_types'],
		]);
		const [, x] = exports;
		expect(x?.functions.map(({ signature }) => printSignature(signature, qualified))).toEqual([
			'func(a: list<a.b.rows_types.row>, l: a.b.things.lid) -> result<x_types.borrowed, string>',
		]);
	});

	test('are also what the world exports, which Python code then implements under another name', () => {
		const { modules, exports, problems } = readWorld(
			files({
				'w.wit': `package a:b;
					world w {
						import handler;
						export handler;
						import log: func();
						export start: func() -> options;
						record options { a: u8 }
					}
					interface handler { record row { a: u8 } handle: func(r: row) -> row; }`,
			}),
			{},
		);
		expect(problems).toEqual([]);
		expect(modules.map(({ name, types }) => [name, types.map((one) => one.name)])).toEqual([
			['a.b.handler', ['row']],
			['w', ['options']],
		]);
		expect(
			exports.map(({ pythonModule, functions }) => [
				pythonModule,
				functions.map((one) => [one.exportName, printSignature(one.signature, qualified)]),
			]),
		).toEqual([
			['a.b.handler_exports', [['a:b/handler#handle', 'func(r: a.b.handler.row) -> a.b.handler.row']]],
			['w_exports', [['start', 'func() -> w.options']]],
		]);
	});

	test('are also what it includes of other worlds, with the types of those', () => {
		const text =
			'package a:b; world one { record row { id: u8 } import get: func() -> row; } world two { include one; }';
		const { modules } = readWorld(files({ 'w.wit': text }), { world: 'two' });
		expect(
			modules.map(({ name, types, functions }) => [
				name,
				types.map(({ owner }) => owner),
				functions.map(({ signature }) => printSignature(signature, qualified)),
			]),
		).toEqual([['two', ['two'], ['func() -> two.row']]]);
	});

	test('cannot have resources that Python code implements', () => {
		const { problems } = readWorld(
			files({ 'w.wit': 'package a:b; world w { export x: interface { resource pot; record lid { of: u8 } } }' }),
			{},
		);
		expect(problems.map(({ message, hint }) => [message, hint])).toEqual([
			[
				'"pot" is a resource of an interface that Python code implements, which is not supported',
				'define it in an interface that the host implements, and "use" it from there',
			],
		]);
	});

	test('are those of the world that is named, with its features', () => {
		const texts = files({
			'w.wit': `package a:b;
				world one { import a: func(); }
				world two { import b: func(); @unstable(feature = x) import c: func(); }`,
		});
		const names = (features: readonly string[]) =>
			readWorld(texts, { world: 'two', features }).modules.map(({ name, functions }) => [
				name,
				functions.map((one) => one.name),
			]);
		expect(names([])).toEqual([['two', ['b']]]);
		expect(names(['x'])).toEqual([['two', ['b', 'c']]]);
	});

	test.each([
		[
			'package a:b;',
			undefined,
			'the package "a:b" has no world',
			'declare what Python imports: world python { import …; }',
		],
		['package a:b; world c {}', 'd', 'the package "a:b" has no world "d"', 'it has "c"'],
		['package a:b; world python {}', 'pyton', 'the package "a:b" has no world "pyton"', 'did you mean "python"?'],
		['package a:b;', 'd', 'the package "a:b" has no world "d"', 'it has no worlds'],
	])('%s has none for %s', (text, world, message, hint) => {
		expect(readWorld(files({ 'w.wit': text }), { world }).choice).toMatchObject({ message, hint });
	});
});
