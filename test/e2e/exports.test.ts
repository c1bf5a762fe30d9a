import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import {
	createWasi,
	type HostBindings,
	InterpreterEnded,
	type MemoryTree,
	memoryMount,
	PythonError,
	WASI_MODULE,
} from '../../runtime/index.js';
import { nodeMount } from '../../runtime/node/index.js';
import { wasm } from '../../src/webassembly.js';
import { cpybuild, ROOT } from '../helpers/cli.js';
import { VERSIONS } from '../helpers/dist.js';
import { interpretersOf } from '../helpers/interpreters.js';

/** What the manifest in `programs/exports.yaml` exports, as the generated bindings declare it. */
interface Exports {
	readonly billing: {
		quote(item: string, count: number): number;
		reset(): void;
		render(template: Uint8Array, title: string): Uint8Array;
		describe(): string;
		nest(depth: number): number;
		missing(): void;
	};
	readonly everyType: Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;
}

const MODULES = {
	'billing.py': `import demo
price = 1.5
def quote(item, count):
    if item == "wrong":
        return "no number"
    if item == "free":
        raise ValueError("größe")
    return len(item) * count * price
def forget_all():
    global price
    price = 0.0
def render(template, title):
    assert type(template) is bytes
    return memoryview(template + title.encode()) if title else bytearray(template)
def describe():
    return "größe 🐍 " + demo.ask("who")
def nest(depth):
    return 0 if depth == 0 else int(demo.ask(str(depth - 1))) + 1
`,
	'every_type.py': `scalars = many = lambda *values: repr(values)
truth = lambda of: not of
small = lambda of: -of
character = lambda of: chr(ord(of) + 1)
long = lambda of: -of
`,
};

const ACME: MemoryTree = { '__init__.py': '', 'billing.py': MODULES['billing.py'] };

/** The files of a folder as text. */
function readTree(folder: string): MemoryTree {
	return Object.fromEntries(
		readdirSync(folder, { withFileTypes: true }).map((entry) => {
			const path = join(folder, entry.name);
			return [entry.name, entry.isDirectory() ? readTree(path) : readFileSync(path, 'utf8')];
		}),
	);
}

/**
 * Builds a manifest of this repository, or the one in a folder, for a version of CPython, where later runs find it up to
 * date; the dist folder.
 */
async function built(manifest: string, name: string, version: string): Promise<string> {
	const folder = join(ROOT, '.cpybuild/test', `${name}-${version}`);
	await mkdir(folder, { recursive: true });
	const isFile = manifest.endsWith('.yaml');
	const text = await readFile(join(ROOT, manifest, isFile ? '' : 'project.yaml'), 'utf8');
	await writeFile(join(folder, 'project.yaml'), text.replace(/^python: .*$/m, `python: "${version}"`));
	if (!isFile) await cp(join(ROOT, manifest, 'wit'), join(folder, 'wit'), { recursive: true });
	const { code, stderr } = await cpybuild(['build'], { cwd: folder });
	if (code !== 0) throw new Error(`the interpreter with exports did not build:\n${stderr}`);
	return join(folder, 'dist');
}

/** What a function throws, with its class. */
function thrown(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		return `${error instanceof PythonError ? 'PythonError ' : ''}${error}`;
	}
	return expect.unreachable('nothing was thrown');
}

/** The functions of the golden case `exports-of-values`. */
type Sales = Readonly<Record<string, (...values: readonly unknown[]) => unknown>>;

/** The golden case `exports-in-wit`. */
interface Shop {
	readonly plain: Sales;
	readonly rows: Sales;
	readonly reports: Sales;
	readonly scans: Sales;
	readonly plugin: Sales;
	readonly about: Sales;
}

describe.each(VERSIONS)('CPython %s', (version) => {
	let dist: string;
	let open: (ask: (question: string) => string) => Promise<
		Exports & {
			readonly close: () => void;
			readonly size: () => number;
			readonly raw: (name: string) => (...core: readonly number[]) => unknown;
		}
	>;

	beforeAll(async () => {
		dist = await built('test/e2e/programs/exports.yaml', 'exports', version);
		const interpreters = await interpretersOf<Exports>(dist);
		open = async (ask) => {
			const { python, size, raw } = await interpreters(
				{ demo: { ask } },
				{ acme: ACME, 'every_type.py': MODULES['every_type.py'] },
			);
			return { ...python.exports, close: () => python.close(), size, raw };
		};
	});

	describe('functions that Python code implements', () => {
		test('take and give values of all simple types', async () => {
			const { billing, everyType } = await open((question) => question.toUpperCase());
			expect(billing.quote('apple', 3)).toBe(22.5);
			expect(billing.describe()).toBe('größe 🐍 WHO');
			expect(new TextDecoder().decode(billing.render(new TextEncoder().encode('<b>'), 'títle'))).toBe('<b>títle');
			expect(billing.render(new Uint8Array([0, 255]), '')).toEqual(new Uint8Array([0, 255]));
			billing.reset();
			expect(billing.quote('apple', 3)).toBe(0);
			const scalars = [
				true,
				-128,
				255,
				-32768,
				65535,
				-1,
				0xffffffff,
				-(2n ** 63n),
				2n ** 64n - 1n,
				0.5,
				Math.PI,
				'🐍',
			];
			expect(everyType.scalars?.(...scalars)).toBe(
				"(True, -128, 255, -32768, 65535, -1, 4294967295, -9223372036854775808, 18446744073709551615, 0.5, 3.141592653589793, '🐍')",
			);
			const many = [1, 2n, true, 4, 5.5, 'sechs', -7, new Uint8Array([8]), '9', 10.5, -11, 12, -13n, 14, -15];
			expect(everyType.many?.(...many)).toBe(
				"(1, 2, True, 4, 5.5, 'sechs', -7, b'\\x08', '9', 10.5, -11, 12, -13, 14, -15)",
			);
			const results = [
				['truth', true],
				['small', -127],
				['character', 'a'],
				['long', 7n],
			] as const;
			expect(results.map(([name, value]) => everyType[name]?.(value))).toEqual([false, 127, 'b', -7n]);
		});

		test('throw the exceptions that they raise, and work afterwards', async () => {
			const { billing, everyType } = await open(() => {
				throw new Error('the host says no');
			});
			expect(
				[
					() => billing.quote('free', 3),
					() => billing.quote('wrong', 3),
					() => billing.missing(),
					() => billing.describe(),
					() => everyType.small?.(-128),
					() => everyType.long?.(2n ** 63n + 1n),
				].map(thrown),
			).toEqual([
				'PythonError ValueError: größe',
				'PythonError TypeError: the result of billing.quote() must be float, not str',
				"PythonError AttributeError: module 'acme.billing' has no attribute 'missing'",
				expect.stringMatching(/^PythonError .*: the host says no$/),
				'PythonError OverflowError: the result of every_type.small() must be between -128 and 127',
				'PythonError OverflowError: the result of every_type.long() must be between -9223372036854775808 and 9223372036854775807',
			]);
			expect(billing.quote('apple', 3)).toBe(22.5);
		});

		test('tell where they raise', async () => {
			const { billing } = await open(() => '');
			try {
				billing.quote('free', 3);
				expect.unreachable();
			} catch (error) {
				expect(error).toBeInstanceOf(PythonError);
				expect((error as PythonError).frames).toEqual([{ file: '/app/acme/billing.py', line: 7, name: 'quote' }]);
			}
		});

		test('are called with values of their types only', async () => {
			const { billing, everyType } = await open(() => '');
			const quote = billing.quote as (...values: readonly unknown[]) => unknown;
			expect(
				[
					() => quote(3, 3),
					() => quote('x', -1),
					() => quote('x', 1.5),
					() => quote('x'),
					() => quote('\ud800', 1),
					() => everyType.character?.('ab'),
					() => everyType.long?.(1),
					() => (billing.render as (...values: readonly unknown[]) => unknown)([1], 'x'),
				].map(thrown),
			).toEqual([
				'TypeError: billing.quote: the host passed 3 at item, not a string',
				'RangeError: billing.quote: the host passed -1 at count, out of the range of a u32',
				'TypeError: billing.quote: the host passed 1.5 at count, not a u32',
				'TypeError: billing.quote: the host passed undefined at count, not a u32',
				'TypeError: billing.quote: the host passed "\\ud800" at item, which has a lone surrogate',
				'TypeError: every_type.character: the host passed "ab" at of, not one character',
				'TypeError: every_type.long: the host passed 1 at of, not a u64 (bigint)',
				'TypeError: billing.render: the host passed an Array at template, not a list<u8> (Uint8Array)',
			]);
		});

		test('and host functions call each other to a depth of 50', async () => {
			const python = await open((question) => String(python.billing.nest(Number(question))));
			expect(python.billing.nest(50)).toBe(50);
		});

		test('need no more memory after 100,000 calls, a tenth of which fails', async () => {
			const { billing, everyType, size } = await open((question) => question.repeat(100));
			const call = (count: number) => {
				for (let index = 0; index < count; index++) {
					everyType.truth?.(true);
					billing.quote('apple', 3);
					billing.render(new Uint8Array(5000), 'title');
					billing.describe();
					if (index % 2 === 0) thrown(() => billing.quote('free', 1));
				}
			};
			call(1000);
			const before = size();
			call(22_000);
			expect(size() - before).toBe(0);
		});

		test('refuse wild pointers, and work afterwards', async () => {
			const { billing, size, raw } = await open(() => '');
			const wild = [
				() => raw('billing#quote')(size() - 4, 100, 1),
				() => raw('billing#quote')(1, 0xffffffff, 1),
				() => raw('acme:billing/pages@1.0.0#render')(16, 8, 0xfffffff0, 64),
				() => raw('every_type#many')(64),
				() => raw('every_type#many')(size() - 8),
				() => raw('every_type#character')(0xd800),
				() => raw('every_type#small')(200),
				() => raw('cpybuild_run')(16, 0xffffff00, 0, 0),
				() => raw('cpybuild_initialize')(16, 0xffffff00),
			];
			const refused = wild.map((call) => {
				call();
				return raw('cpybuild_last_error')() !== 0;
			});
			expect(refused).toEqual(wild.map(() => true));
			expect(billing.quote('apple', 3)).toBe(22.5);
		});

		test('end with the program that _start has run', async () => {
			const { createBindings } = await import(pathToFileURL(join(dist, 'bindings.js')).href);
			const bindings: HostBindings<Exports> & { readonly exports: Exports } = createBindings({
				demo: { ask: () => String(bindings.exports.billing.nest(0)) },
			});
			const chunks: Uint8Array[] = [];
			const wasi = createWasi({
				args: ['python', '-c', 'import demo; print(demo.ask(""))'],
				env: { PYTHONPATH: '/app' },
				stdout: { terminal: false, write: (source) => chunks.push(source.slice()) && source.length },
				mounts: [
					{ guest: '/', mount: nodeMount(dist) },
					{ guest: '/app', mount: memoryMount({ acme: ACME }, { writable: false }) },
				],
			});
			const module = await wasm.compile(await readFile(join(dist, 'python.wasm')));
			const instance = await wasm.instantiate(module, { ...bindings.imports, [WASI_MODULE]: wasi.imports });
			bindings.attach(instance);
			expect([wasi.start(instance), Buffer.concat(chunks).toString()]).toEqual([0, '0\n']);
			const late = [() => bindings.exports.billing.quote('apple', 1), () => bindings.exports.billing.reset()];
			expect(late.map(thrown)).toEqual([
				'PythonError RuntimeError: the interpreter was closed',
				'PythonError RuntimeError: the interpreter was closed',
			]);
		});

		test('end with their interpreter', async () => {
			const python = await open(() => '');
			python.close();
			expect(thrown(() => python.billing.quote('apple', 1))).toBe('InterpreterEnded: the interpreter was closed');
			expect(() => python.billing.quote('apple', 1)).toThrow(InterpreterEnded);
		});
	});

	describe('values with parts', () => {
		const MODULE = `import shop
def total(items, factor):
    assert all(type(one) is shop.Item for one in items)
    return sum(one.price or 0 for one in items) * (1 if factor is None else factor)
def order(order):
    return order
def paint(color, rights):
    return shop.Color.GREEN if rights == shop.Rights.READ | shop.Rights.WRITE else color
def nested(of, result):
    global seen
    seen = repr((of, result))
    return of
def tuple(of):
    return [len(of[1]), of[2][0]], of[0]
def wide(*orders):
    return orders
def outcome(of):
    return [of, 3] if of.value == 7 else [of]
def flagged():
    return shop.Rights.WRITE
`;
		const item = (name: unknown, price?: number, color = 'red') => ({ name, color, price });
		let openSales: () => Promise<{ readonly sales: Sales; readonly size: () => number }>;

		beforeAll(async () => {
			const dist = await built('test/golden/cases/exports-of-values/project.yaml', 'exports-of-values', version);
			const interpreters = await interpretersOf<{ readonly sales: Sales }>(dist);
			openSales = async () => {
				const { python, size } = await interpreters({}, { 'sales.py': MODULE });
				return { sales: python.exports.sales, size };
			};
		});

		test('cross both ways', async () => {
			const { sales } = await openSales();
			expect(sales.total?.([item('a', 1.5), item('größe'), item('c', 3)], 2)).toBe(9);
			expect(sales.total?.([], undefined)).toBe(0);
			const orders = [
				{ tag: 'nothing' },
				{ tag: 'one', val: item('x', 1) },
				{ tag: 'many', val: [item('y', 2), item('z')] },
				{ tag: 'number', val: 1.5 },
				{ tag: 'long', val: 2n ** 64n - 1n },
			];
			expect(orders.map((order) => sales.order?.(order))).toEqual(orders);
			expect(sales.wide?.(...orders, orders[1])).toEqual([...orders, orders[1]]);
			expect(sales.paint?.('red', { read: true, write: true })).toBe('green');
			expect(sales.paint?.('red', { read: true })).toBe('red');
			const some = { tag: 'some', val: undefined };
			expect(sales.nested?.(some, { tag: 'ok', val: ['a'] })).toEqual(some);
			expect(sales.tuple?.([7, new Float64Array(3), new Uint16Array([9])])).toEqual([new Uint16Array([3, 9]), 7]);
			expect(sales.outcome?.({ tag: 'err', val: 'e' })).toEqual([{ tag: 'err', val: 'e' }]);
			expect(sales.flagged?.()).toEqual({ read: false, write: true });
		});

		test('are named where they are wrong', async () => {
			const { sales } = await openSales();
			expect(
				[
					() => sales.total?.([item('a'), item('b', 1, 'blue')], 1),
					() => sales.total?.([item('a'), item(3)], 1),
					() => sales.order?.({ tag: 'few' }),
					() => sales.outcome?.({ tag: 'ok', val: 7 }),
				].map(thrown),
			).toEqual([
				'TypeError: sales.total: the host passed "blue" at items[1].color, not a color',
				'TypeError: sales.total: the host passed 3 at items[1].name, not a string',
				'TypeError: sales.order: the host passed "few" at order.tag, not a case of an order',
				"PythonError TypeError: a part of the result of sales.outcome() is wrong: 'result[1]' must be Ok or Err, not int",
			]);
		});

		test('need no more memory after 20,000 calls', async () => {
			const { sales, size } = await openSales();
			const order = { tag: 'many', val: [item('y'.repeat(100), 2), item('z')] };
			const call = (count: number) => {
				for (let index = 0; index < count; index++) {
					sales.order?.(order);
					sales.wide?.(order, order, order, order, order, order);
					if (index % 2 === 0) thrown(() => sales.outcome?.({ tag: 'ok', val: 7 }));
				}
			};
			call(500);
			const before = size();
			call(8000);
			expect(size() - before).toBe(0);
		});
	});

	describe('errors, types and resources', () => {
		const MODULES = join(ROOT, 'test/e2e/programs/shop');
		let openShop: () => Promise<
			Shop & { readonly events: string[]; readonly newCursor: (name: string) => object; readonly size: () => number }
		>;

		beforeAll(async () => {
			const dist = await built('test/golden/cases/exports-in-wit', 'exports-in-wit', version);
			const interpreters = await interpretersOf<Shop>(dist);
			openShop = async () => {
				const events: string[] = [];
				class Cursor {
					#left = 3;
					readonly #name: string;
					constructor(name: string) {
						this.#name = name;
					}
					next() {
						return this.#left === 0 ? undefined : `${this.#name}${this.#left--}`;
					}
					[Symbol.dispose](): void {
						events.push(`${this.#name} disposed`);
					}
				}
				const host = {
					acmeShopStore: { Cursor },
					clock: { now: () => 12n },
					plugin: { note: (line: string) => events.push(line) },
				};
				const { python, size } = await interpreters(host, readTree(MODULES));
				return { ...python.exports, events, newCursor: (name) => new Cursor(name), size };
			};
		});

		/** What a function throws: its class and its payload. */
		function error(run: () => unknown): unknown {
			try {
				run();
			} catch (thrown) {
				const { name, payload, message } = thrown as Error & { readonly payload?: unknown };
				return payload === undefined ? [name, message] : [name, payload];
			}
			return expect.unreachable('nothing was thrown');
		}

		test('an exception of the declared class is the error of a result, any other one throws as itself', async () => {
			const { rows, plain, reports } = await openShop();
			expect(rows.load?.(1n)).toEqual({ id: 1n, name: 'größe', state: 'fresh' });
			expect(rows.load?.(0n)).toEqual({ id: 0n, name: undefined, state: 'fresh' });
			const runs = [
				() => rows.load?.(2n),
				() => rows.load?.(6n),
				() => rows.load?.(3n),
				() => rows.load?.(4n),
				() => rows.load?.(5n),
				() => rows.check?.({ id: 0n, name: undefined, state: 'done' }),
				() => rows.check?.({ id: 0n, name: 'x', state: 'gone' }),
				() => rows.clear?.(true),
				() => plain.parse?.('x'),
				() => reports.make?.([]),
			];
			expect(runs.map(error)).toEqual([
				['ProblemException', { tag: 'locked', val: 'done' }],
				['ProblemException', { tag: 'unknown', val: 6n }],
				['KeyError', '3'],
				['TypeError', 'the result of rows.load() must be acme.shop.rows_types.Row, not str'],
				['TypeError', "a part of the error of rows.load() is wrong: 'error.value' must be int, not str"],
				['StringException', 'no name'],
				['TypeError', 'rows.check: the host passed "gone" at row.state, not a state'],
				['ResultException', ''],
				['StringException', "invalid literal for int() with base 10: 'x'"],
				['ProblemException', { tag: 'unknown', val: 0n }],
			]);
			expect(rows.check?.({ id: 0n, name: 'x', state: 'done' })).toBe(undefined);
			expect(rows.clear?.(false)).toBe(undefined);
			expect(plain.parse?.('-7')).toBe(-7);
			const row = { id: 1n, name: undefined, state: 'done' };
			expect(reports.make?.([row, row])).toEqual({ title: '2 rows', rows: [row, row] });
		});

		test('a world has functions and interfaces by itself', async () => {
			const { plugin, about, events } = await openShop();
			expect([about.name?.(), plugin.start?.({ names: ['Zoë', 'x'] }), events]).toEqual([
				'shop at 12',
				2,
				['Zoë', 'x'],
			]);
			expect(error(() => plugin.start?.({ names: [] }))).toEqual(['StringException', 'no names']);
		});

		test('resources are lent to Python code for a call, and taken back', async () => {
			const { scans, newCursor, events } = await openShop();
			const cursor = newCursor('a');
			expect(scans.count?.(cursor, 1)).toBe(1);
			expect(scans.count?.(cursor, 9)).toBe(2);
			expect(scans.all?.([newCursor('b'), newCursor('c'), cursor])).toEqual(['b3', 'b2', 'b1', 'c3', 'c2', 'c1']);
			expect(scans.seen?.()).toBe(
				"ValueError('the acme.shop.store.Cursor was borrowed for a call that has ended'), " +
					`AttributeError("'NoneType' object has no attribute 'next'"), <acme.shop.store.Cursor, handle 1, taken back>`,
			);
			const misuses = ['return', 'with', 'late'].map((how) => error(() => scans.misuse?.(newCursor('m'), how)));
			expect(misuses).toEqual([
				['ValueError', 'the acme.shop.store.Cursor is borrowed, so that it cannot be given away'],
				['ValueError', 'the acme.shop.store.Cursor was dropped'],
				['ValueError', 'the acme.shop.store.Cursor was borrowed for a call that has ended'],
			]);
			expect(scans.seen?.()).toMatch(/^<acme.shop.store.Cursor, handle 1, borrowed>, /);
			expect(events).toEqual([]);
		});

		test('resources change hands, and come back as the same objects', async () => {
			const { scans, newCursor, events } = await openShop();
			const kept = newCursor('kept');
			expect(scans.keep?.(kept)).toBe(3);
			expect(scans.give?.()).toBe(kept);
			expect(error(() => scans.give?.())).toEqual(['ValueError', 'the acme.shop.store.Cursor was given away']);
			const other = newCursor('other');
			expect(scans.keep?.(other)).toBe(3);
			expect(events).toEqual([]);
			scans.keep?.(newCursor('last'));
			expect(events).toEqual(['other disposed']);
			const cursor = newCursor('x');
			expect(scans.exchange?.(cursor, 'label')).toEqual([cursor, 'LABEL']);
			expect(error(() => scans.exchange?.(cursor, 'error'))).toEqual(['CursorException', cursor]);
			// The host got nothing, so that it is Python's, and dropped there.
			expect(error(() => scans.exchange?.(newCursor('lost'), 'wrong'))).toEqual([
				'TypeError',
				"a part of the result of scans.exchange() is wrong: 'result[1]' must be str, not int",
			]);
			expect(events).toEqual(['other disposed', 'lost disposed']);
			expect(error(() => scans.exchange?.({}, ''))).toEqual([
				'TypeError',
				'scans.exchange: the host passed an Object at cursor, not a cursor (object with next)',
			]);
		});

		test('need no more memory after 10,000 calls', async () => {
			const { scans, rows, newCursor, size } = await openShop();
			const call = (count: number) => {
				for (let index = 0; index < count; index++) {
					scans.count?.(newCursor('a'), 1);
					scans.all?.([newCursor('b'), newCursor('c')]);
					scans.keep?.(newCursor('d'));
					error(() => rows.load?.(6n));
					error(() => rows.check?.({ id: 0n, name: undefined, state: 'done' }));
				}
			};
			call(200);
			const before = size();
			call(2000);
			expect(size() - before).toBe(0);
		});
	});
});
