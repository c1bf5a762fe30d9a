import { describe, expect, test } from 'vitest';
import { moduleTypes } from '../../../src/manifest/module-types.js';
import { manifestSchema } from '../../../src/manifest/schema.js';
import { printSignature, printType } from '../../../src/wit/print.js';
import { printDefinition } from '../../../src/wit/print-definition.js';
import type { ResourceDefinition, TypeDefinition } from '../../../src/wit/type.js';

/** The types of modules by the texts that declare them. */
function typesOf(texts: Readonly<Record<string, string>>) {
	const modules = Object.fromEntries(Object.entries(texts).map(([name, types]) => [name, { types }]));
	return moduleTypes(manifestSchema.parse({ python: '3.13.5', modules }));
}

function text(definition: TypeDefinition | ResourceDefinition | undefined): string {
	if (definition === undefined) return 'nothing';
	const nameOf = ({ name, owner }: TypeDefinition | ResourceDefinition) => `${owner}.${name}`;
	return printDefinition(definition, { nameOf, docs: true }).join('\n');
}

/** Problems but for what this version does not carry, each with the stretch of its module's text. */
function problems(texts: Readonly<Record<string, string>>): readonly string[] {
	return typesOf(texts)
		.problems.filter(({ message }) => !/^the type "[abe]" is not supported$/.test(message))
		.map(({ code, path = '', start, end, message }) => {
			return `${code} ${path} ${JSON.stringify(texts[path]?.slice(start, end))}: ${message}`;
		});
}

describe('types of modules', () => {
	test('are definitions of every kind, each after those that it uses, with docs', () => {
		const { modules } = typesOf({
			db: `
				/// What is asked for.
				record query { /** In SQL. */ text: string, limit: option<u32>, shape: shape }
				variant shape { circle(f64), none }
				enum color { red, %from }
				flags perms { read, write }
				type rows = list<tuple<string, color>>;
				resource cursor {
					constructor(q: query);
					/// The next one.
					next: func() -> result<rows, color>;
					merge: static func(a: borrow<cursor>, b: cursor) -> cursor;
				}
			`,
		});
		expect(modules.get('db')?.types.map(text)).toMatchInlineSnapshot(`
			[
			  "variant shape {
			  circle(f64),
			  none,
			}",
			  "/// What is asked for.
			record query {
			  /// In SQL.
			  text: string,
			  limit: option<u32>,
			  shape: db.shape,
			}",
			  "enum color {
			  red,
			  %from,
			}",
			  "flags perms {
			  read,
			  write,
			}",
			  "type rows = list<tuple<string, db.color>>;",
			  "resource cursor {
			  constructor(q: db.query);
			  /// The next one.
			  next: func() -> result<db.rows, db.color>;
			  merge: static func(a: borrow<db.cursor>, b: db.cursor) -> db.cursor;
			}",
			]
		`);
		expect(modules.get('db')?.types.map(({ owner }) => owner)).toEqual(new Array(6).fill('db'));
	});

	test('of functions of a resource have all parameters and results', () => {
		const { modules } = typesOf({
			db: 'resource cursor { constructor(); next: func(n: u8) -> string; open: static func(c: borrow<cursor>); }',
		});
		const [cursor] = modules.get('db')?.types ?? [];
		if (cursor?.kind !== 'resource') throw new Error('no resource');
		expect(cursor.functions.map(({ kind, name, signature }) => [kind, name, printSignature(signature)])).toEqual([
			['constructor', 'constructor', 'func() -> cursor'],
			['method', 'next', 'func(self: borrow<cursor>, n: u8) -> string'],
			['static', 'open', 'func(c: borrow<cursor>)'],
		]);
		const self = cursor.functions[1]?.signature.params[0]?.type;
		expect(self?.kind === 'borrow' && self.resource).toBe(cursor);
	});

	test('can be used by other modules, under other names too, and are the same there', () => {
		const { modules } = typesOf({
			db: 'use my-paint.{color, pot as can};\nrecord row { c: color, p: can, b: borrow<can> }',
			my_paint: 'enum color { red } resource pot { mix: func(c: color) -> lid; } record lid { of: own<pot> }',
		});
		const [color, pot, lid] = ['color', 'pot', 'lid'].map((name) => modules.get('my_paint')?.scope.get(name));
		const row = modules.get('db')?.types[0];
		if (row?.kind !== 'record' || lid?.kind !== 'record') throw new Error('no record');
		expect(row.fields.map(({ type }) => printType(type, ({ name, owner }) => `${owner}.${name}`))).toEqual([
			'my_paint.color',
			'my_paint.pot',
			'borrow<my_paint.pot>',
		]);
		expect(row.fields[0]?.type).toEqual({ kind: 'named', definition: color });
		expect(row.fields[1]?.type.kind === 'own' && row.fields[1].type.resource).toBe(pot);
		expect(lid.fields[0]?.type.kind === 'own' && lid.fields[0].type.resource).toBe(pot);
		expect(pot?.kind === 'resource' && pot.functions[0]?.signature.result).toEqual({ kind: 'named', definition: lid });
		expect([...(modules.get('db')?.scope.keys() ?? [])]).toEqual(['color', 'can', 'row']);
	});

	test('have names of other types, which stand for those', () => {
		const { modules } = typesOf({ db: 'type a = u8; type b = a; resource r; type s = r; record t { s: s, b: b }' });
		expect(modules.get('db')?.types.map(text)).toEqual([
			'type a = u8;',
			'type b = db.a;',
			'resource r;',
			'type s = db.r;',
			'record t {\n  s: db.r,\n  b: db.b,\n}',
		]);
	});
});

describe('problems of types', () => {
	test.each([
		['unknown', { db: 'record a { b: strin }' }, ['manifest/unknown-type db "strin": unknown type "strin"']],
		['recursive', { db: 'record a { b: list<a> }' }, ['wit/cycle db "a": the type "a" contains itself']],
		['not closed', { db: 'record a { b: u8' }, ['wit/syntax db "{": the "{" is not closed']],
		['closed twice', { db: 'record a { b: u8 } }' }, ['wit/syntax db "}": there is no "{" for this "}"']],
		['no declaration', { db: 'u8' }, ['wit/syntax db "u8": expected a function or a type, found "u8"']],
		['functions', { db: 'f: func();' }, ['manifest/module-kind db "f": "f" is a function, and "types" is for types']],
		[
			'unsupported',
			{ db: 'type a = stream<u8>; record b { c: list<future>, d: list<u8, 4>, e: a }' },
			[
				'manifest/unsupported-type db "a": the type "stream" is not supported',
				'manifest/unsupported-type db "c": the type "future" is not supported',
				'manifest/unsupported-type db "d": the type "list of a fixed length" is not supported',
			],
		],
		[
			'used of nowhere',
			{ db: 'use paint.{color};' },
			['wit/unknown-name db "paint": the package "cpybuild:project" has no interface or world "paint"'],
		],
	])('%s', (_, texts, expected) => {
		expect(problems(texts)).toEqual(expected);
	});
});
