import { describe, expect, test } from 'vitest';
import { contractOf } from '../../../src/contract/contract.js';
import { outlineOf } from '../../../src/contract/outline.js';
import { printWit } from '../../../src/contract/print-wit.js';
import { decodeContract, encodeContract } from '../../../src/contract/section.js';
import { CpybuildError } from '../../../src/diagnostics/diagnostic.js';
import { hostFunction, hostModule, manifest, nativeModule, signature } from '../generate/manifest.js';
import { database } from './definitions.js';

describe('printWit', () => {
	test('writes an interface for each module, with what it uses of others, and the world', () => {
		expect(printWit(outlineOf(database), { docs: true })).toMatchInlineSnapshot(`
			"package cpybuild:project;

			/// A database.
			interface db {
			  use paint.{color};

			  /// What is asked for.
			  ///
			  /// In two paragraphs.
			  record query {
			    /// In SQL.
			    text: string,
			    limit: option<u32>,
			    color: color,
			  }

			  resource open-cursor {
			    constructor(q: query);
			    /// The next one.
			    next-row: func() -> option<string>;
			    count: static func() -> u32;
			  }

			  type rows = list<string>;

			  variant shape {
			    circle(f64),
			    none,
			  }

			  flags perms {
			    read,
			    write,
			  }

			  /// Asks.
			  ask: func(q: query, max-rows: u32) -> result<rows, color>;
			}

			interface paint {
			  /// What there is.
			  enum color {
			    red,
			    /// A keyword of Python.
			    %from,
			  }

			  mix: func() -> color;
			}

			world python {
			  import db;
			  import paint;
			}
			"
		`);
	});

	test('leaves out doc comments', () => {
		expect(printWit(outlineOf(database), { docs: false })).not.toContain('///');
	});

	test('names Python names as WIT can, each once', () => {
		const names = ['fetch_page', 'getURL', '_get_url', 'x_1', 'x1', 'getx', 'get_x', 'list'];
		const functions = names.map((name) => hostFunction(name, signature({})));
		expect(
			outlineOf(manifest([hostModule('my_mod', functions)])).imports.map(({ name, functions }) => [
				name,
				functions.map((one) => one.name),
			]),
		).toEqual([['my-mod', ['fetch-page', 'get-url', 'get-url-n2', 'x1', 'x1-n2', 'getx', 'get-x-n2', 'list']]]);
	});

	test('puts interfaces of other packages after the own ones', () => {
		const invoices = {
			...hostModule('acme.billing', [hostFunction('get_row', signature({}))]),
			interface: { package: 'acme:billing@1.0.0', name: 'invoices' },
		};
		const [get] = invoices.functions;
		if (get === undefined) throw new Error('no function');
		const module = { ...invoices, functions: [{ ...get, importName: 'get-row' }] };
		const fast = nativeModule('fast', { imports: [hostFunction('log', signature({ text: 'string' }))] });
		expect(printWit(outlineOf(manifest([module, fast])), { docs: true })).toMatchInlineSnapshot(`
			"package cpybuild:project;

			interface fast {
			  log: func(text: string);
			}

			world python {
			  import acme:billing/invoices@1.0.0;
			  import fast;
			}

			package acme:billing@1.0.0 {
			  interface invoices {
			    get-row: func();
			  }
			}
			"
		`);
	});

	test('exports what Python code implements, under names that no module has', () => {
		const exported = {
			name: 'demo',
			pythonModule: 'acme.billing',
			typesModule: 'acme.billing_types',
			span: hostModule('demo').span,
			doc: 'Prices.',
			functions: [
				{
					name: 'get_price',
					pythonFunction: 'price',
					exportName: 'demo#get_price',
					signature: signature({ of: 'string' }, 'u32'),
					span: hostModule('demo').span,
					signatureSpan: hostModule('demo').span,
				},
			],
		};
		const one = { ...manifest([hostModule('demo', [hostFunction('bar', signature({}))])]), exports: [exported] };
		expect(printWit(outlineOf(one), { docs: true })).toBe(`package cpybuild:project;

interface demo {
  bar: func();
}

/// Prices.
interface demo-n2 {
  get-price: func(of: string) -> u32;
}

world python {
  import demo;
  export demo-n2;
}
`);
		expect(contractOf(one).exports).toEqual([
			{
				name: 'demo#get_price',
				python: 'acme.billing.price',
				host: 'demo.get_price',
				signature: 'func(of: string) -> u32',
			},
		]);
	});

	test('leaves out modules that neither call the host nor define types', () => {
		expect(printWit(outlineOf(manifest([nativeModule('fast'), hostModule('demo')])), { docs: true })).toBe(
			'package cpybuild:project;\n\nworld python {\n}\n',
		);
	});
});

describe('contractOf', () => {
	test('lists imports and types by their full names, aliases resolved', () => {
		const { wit, hash, ...contract } = contractOf(database);
		expect(contract).toMatchInlineSnapshot(`
			{
			  "exports": [],
			  "format": 1,
			  "imports": [
			    {
			      "module": "db",
			      "name": "[constructor]open-cursor",
			      "python": "db.OpenCursor",
			      "signature": "func(q: db.query) -> db.open-cursor",
			    },
			    {
			      "module": "db",
			      "name": "[method]open-cursor.next-row",
			      "python": "db.OpenCursor.next_row",
			      "signature": "func(self: borrow<db.open-cursor>) -> option<string>",
			    },
			    {
			      "module": "db",
			      "name": "[static]open-cursor.count",
			      "python": "db.OpenCursor.count",
			      "signature": "func() -> u32",
			    },
			    {
			      "module": "demo",
			      "name": "ask",
			      "optional": 1,
			      "python": "db.ask",
			      "signature": "func(q: db.query, max-rows: u32) -> result<list<string>, paint.color>",
			    },
			    {
			      "module": "demo",
			      "name": "mix",
			      "python": "paint.mix",
			      "signature": "func() -> paint.color",
			    },
			  ],
			  "types": {
			    "db.open-cursor": "resource",
			    "db.perms": "flags { read, write }",
			    "db.query": "record { text: string, limit: option<u32>, color: paint.color }",
			    "db.shape": "variant { circle(f64), none }",
			    "paint.color": "enum { red, from }",
			  },
			}
		`);
		const { imports, exports } = outlineOf(database);
		const [db] = imports;
		if (db === undefined) throw new Error('no interface');
		const inOrder = ['open-cursor', 'perms', 'query', 'rows', 'shape'];
		const types = inOrder.flatMap((name) => db.types.filter((one) => one.name === name));
		expect(wit).toBe(printWit({ imports: [{ ...db, types }, ...imports.slice(1)], exports }, { docs: false }));
		expect(hash).toMatch(/^[0-9a-f]{64}$/);
	});

	test('has another hash when a default is added, and the same without docs', () => {
		const contract = (more: Parameters<typeof hostFunction>[2]) =>
			contractOf(manifest([hostModule('demo', [hostFunction('bar', signature({ a: 's32' }), more)])])).hash;
		expect(contract({ doc: 'Adds.' })).toBe(contract({}));
		expect(contract({ defaults: { a: 1 } })).not.toBe(contract({}));
	});
});

describe('the section', () => {
	test('gives back what was put in', () => {
		const contract = contractOf(database);
		expect(decodeContract(encodeContract(contract), 'x.wasm')).toEqual(contract);
	});

	test.each([
		['no JSON', '{'],
		['a text', '""'],
		['another format', JSON.stringify({ ...contractOf(database), format: 2 })],
		[
			'a function without a signature',
			JSON.stringify({ ...contractOf(database), imports: [{ module: 'a', name: 'b', python: 'c' }] }),
		],
		[
			'a signature that is none',
			JSON.stringify({
				...contractOf(database),
				imports: [{ module: 'a', name: 'b', python: 'c', signature: 'func(' }],
			}),
		],
		['a type that is none', JSON.stringify({ ...contractOf(database), types: { a: 'record { b: list< }' } })],
		['types that are no texts', JSON.stringify({ ...contractOf(database), types: { a: 1 } })],
	])('%s is refused', (_, text) => {
		const messages = () => {
			try {
				return decodeContract(new TextEncoder().encode(text), 'x.wasm');
			} catch (error) {
				return error instanceof CpybuildError ? error.message : error;
			}
		};
		expect(messages()).toBe('usage/broken-contract: the contract in "x.wasm" cannot be read');
	});
});
