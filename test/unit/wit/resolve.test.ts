import { describe, expect, test } from 'vitest';
import { Definer } from '../../../src/wit/define.js';
import { printSignature } from '../../../src/wit/print.js';
import type { InterfaceNode, PackageNode, WorldNode } from '../../../src/wit/resolve/model.js';
import { circlesIn, orderByNeed } from '../../../src/wit/resolve/order.js';
import { resolveWit } from '../../../src/wit/resolve.js';

function resolved(files: Readonly<Record<string, string>>, features: readonly string[] = []): PackageNode {
	const result = resolveWit(new Map(Object.entries(files)), { features: new Set(features) });
	return result.ok ? result.main : expect.unreachable(JSON.stringify(result.problems));
}

function world(main: PackageNode, name = 'w'): WorldNode {
	const item = main.items.get(name);
	return item?.kind === 'world' ? item : expect.unreachable(`there is a world "${name}"`);
}

function interfaceOf(main: PackageNode, name: string): InterfaceNode {
	const item = main.items.get(name);
	return item?.kind === 'interface' ? item : expect.unreachable(`there is an interface "${name}"`);
}

describe('resolving', () => {
	test('a world imports what its interfaces need, before them', () => {
		const main = resolved({
			'a.wit': `package ns:p@1.0.0;
				interface top { use middle.{u}; f: func(x: u); }
				interface middle { use ns:dep/base.{t}; type u = list<t>; }
				world w { import log: func(); import top; }`,
			'deps/dep.wit': 'package ns:dep; interface base { type t = u8; }',
		});
		expect([...world(main).imports.keys()]).toEqual(['/ns:dep/base', '/ns:p/middle@1.0.0', '/ns:p/top@1.0.0', 'log']);
	});

	test('an exported interface takes from exports what the world exports, else from imports', () => {
		const main = resolved({
			'a.wit': `package ns:p;
				interface a { resource r; }
				interface b { use a.{r}; }
				interface c { use b.{r}; }
				world w { export b; export c; }`,
		});
		const { imports, exports } = world(main);
		expect([[...imports.keys()], [...exports.keys()]]).toEqual([['/ns:p/a'], ['/ns:p/b', '/ns:p/c']]);
	});

	test('include renames functions, resources and what belongs to them', () => {
		const main = resolved({
			'a.wit': `package ns:p;
				world v { resource r { constructor(); m: func(); } import f: func(); export g: func(); }
				world w { include v with { r as s, f as h, g as k } import f: func(); }`,
		});
		const { imports, exports } = world(main);
		expect([[...imports.keys()], [...exports.keys()]]).toEqual([
			['s', 'f', 'h', '[constructor]s', '[method]s.m'],
			['k'],
		]);
	});

	test('types come after those that they need, else as they stand', () => {
		const main = resolved({
			'a.wit': `package ns:p; interface i {
				record c { x: b, y: list<a> }
				type z = u8;
				type b = option<a>;
				record a { x: u8 }
			}`,
		});
		expect([...interfaceOf(main, 'i').types.keys()]).toEqual(['z', 'a', 'b', 'c']);
	});

	test('gates leave out what is behind them until the feature is enabled', () => {
		const files = {
			'a.wit': `package ns:p; interface i {
				@unstable(feature = x) resource r { @unstable(feature = x) m: func(); }
				@unstable(feature = y) f: func();
				g: func();
			}`,
		};
		const names = (features: readonly string[]) =>
			interfaceOf(resolved(files, features), 'i').functions.map(({ name }) => name);
		expect([names([]), names(['x']), names(['x', 'y'])]).toEqual([
			['g'],
			['[method]r.m', 'g'],
			['[method]r.m', 'f', 'g'],
		]);
	});

	test('signatures keep names, handles and aliases of other interfaces', () => {
		const main = resolved({
			'a.wit': `package ns:p;
				interface types { resource file { constructor(path: string); } type bytes = list<u8>; }
				interface i { use types.{file as f, bytes}; read: func(x: borrow<f>, y: f) -> result<bytes, string>; }`,
		});
		const { functions } = new Definer(({ name }) => name).define(interfaceOf(main, 'i'));
		expect(functions.map(({ name, signature }) => `${name}: ${printSignature(signature)}`)).toEqual([
			'read: func(x: borrow<file>, y: file) -> result<bytes, string>',
		]);
	});

	test('files of a package are one, whichever of them names it', () => {
		const main = resolved({
			'b.wit': 'interface b { use a.{t}; }',
			'a.wit': 'package ns:p; interface a { type t = u8; }',
			'notes.txt': 'no WIT',
			'deps/x/deep/er.wit': 'not looked at',
		});
		expect([...main.items.keys()]).toEqual(['a', 'b']);
	});

	test('what is not carried is no problem of the files', () => {
		const main = resolved({
			'a.wit': 'package ns:p; interface i { f: func() -> stream<u8>; g: func(x: list<u8, 4>); h: func(); }',
		});
		const definer = new Definer(({ name }) => name);
		expect(definer.define(interfaceOf(main, 'i')).functions.map(({ name }) => name)).toEqual(['h']);
		expect(definer.problems.map(({ code }) => code)).toEqual([
			'manifest/unsupported-type',
			'manifest/unsupported-type',
		]);
	});
});

describe('order', () => {
	test('names come after what they need, and circles are found with what is stuck behind them', () => {
		const needs = new Map([
			['a', ['c', 'nothing']],
			['b', []],
			['c', ['b']],
			['x', ['y']],
			['y', ['x']],
			['z', ['x']],
			['self', ['self']],
		]);
		const { order, stuck } = orderByNeed(needs);
		expect([order, circlesIn(stuck)]).toEqual([
			['b', 'c', 'a'],
			[
				['x', 'y', 'x'],
				['self', 'self'],
			],
		]);
	});
});
