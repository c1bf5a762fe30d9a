import { describe, expect, test } from 'vitest';
import { bind, FakeGuest, load, wasm } from './guest.js';
import { example, hostFunction, hostModule, manifestOf, signature } from './manifests.js';

class WASIProcExit extends Error {}
class OwnExit extends WASIProcExit {}
const marked = Object.assign(new Error('deadline'), { [Symbol.for('cpybuild.unwind')]: true });

function overflow(): never {
	return overflow();
}

function thrower(value: unknown): () => never {
	return () => {
		throw value;
	};
}

describe('a host function that throws', () => {
	const hostile = {
		get message() {
			throw new Error('no');
		},
	};
	const proxy = new Proxy(
		{},
		{
			has: thrower(new Error('no')),
			get: thrower(new Error('no')),
			getPrototypeOf: thrower(new Error('no')),
		},
	);
	test.each([
		['an error', new Error('out of numbers'), 'out of numbers'],
		['an error without message', new TypeError(), 'TypeError'],
		['an error with text beyond ASCII', new Error('größer 🐍'), 'größer 🐍'],
		['an error with a lone surrogate', new Error('a\ud800'), 'a\ufffd'],
		['an error with a very long message', new Error('x'.repeat(20_000)), 'x'.repeat(10_000)],
		['an error with a message that is no text', Object.assign(new Error(), { message: 3 }), 'the host threw an Error'],
		['a string', 'out of numbers', 'out of numbers'],
		['a number', 42, 'the host threw 42'],
		['null', null, 'the host threw null'],
		['undefined', undefined, 'the host threw undefined'],
		['a symbol', Symbol('s'), 'the host threw Symbol(s)'],
		['a plain object', { code: 3 }, 'the host threw an Object'],
		['an object without prototype', Object.create(null), 'the host threw an object'],
		['an object with a throwing toString', { toString: thrower(new Error('no')) }, 'the host threw an Object'],
		['an object with a throwing message', hostile, 'the host threw a value that cannot be shown'],
		['a proxy that throws at all', proxy, 'the host threw a value that cannot be shown'],
		['a range error of its own', new RangeError('Invalid array length'), 'Invalid array length'],
	])('%s raises RuntimeError', async (_, value, message) => {
		const { guest, call } = await bind(signature([], 's32'), thrower(value));
		expect(call()).toBe(0);
		expect(guest.raised).toEqual([[0, message]]);
	});

	test.each([
		['s64', 0n],
		['u64', 0n],
		['f64', 0],
		['char', 0],
		['string', undefined],
		[undefined, undefined],
	])('returns what wasm takes for %s', async (type, core) => {
		const { guest, call } = await bind(signature([], type), thrower('no'));
		expect(call(8)).toBe(core);
		expect(guest.raised).toEqual([[0, 'no']]);
	});

	test('can be called again', async () => {
		let calls = 0;
		const { guest, call } = await bind(signature([], 's32'), () => {
			calls++;
			if (calls === 1) throw new Error('not yet');
			return calls;
		});
		expect([call(), call()]).toEqual([0, 2]);
		expect(guest.raised).toEqual([[0, 'not yet']]);
	});
});

describe('where a host function threw', () => {
	/** What the guest is told: messages by `cpybuild_raise`, stacks by `cpybuild_raise_stack`. */
	async function told(debug: boolean, value: unknown): Promise<readonly unknown[]> {
		const manifest = manifestOf(hostModule('demo', [hostFunction('demo', 'f', signature([], 'string'))]));
		const { createBindings } = await load({ ...manifest, build: { ...manifest.build, debug } });
		const bindings = createBindings({ demo: { f: thrower(value) } });
		const guest = new FakeGuest();
		const stacks: string[] = [];
		const cpybuild_raise_stack = (pointer: number, length: number) => stacks.push(guest.text(pointer, length));
		bindings.attach({ exports: { ...guest.exports, cpybuild_raise_stack } });
		bindings.imports.demo?.f?.(8);
		return [guest.raised, stacks];
	}
	const error = Object.assign(new Error('no'), { stack: 'Error: no\n    at f (größe.js:1:2)' });

	test('is told in debug builds', async () => {
		expect(await told(true, error)).toEqual([[[0, 'no']], [error.stack]]);
	});

	test('is not told in others', async () => {
		expect(await told(false, error)).toEqual([[[0, 'no']], []]);
	});

	test.each([['text'], [null], [undefined], [Object.defineProperty({}, 'stack', { get: thrower(1) })]])(
		'is empty where nothing knows it: %#',
		async (value) => {
			const [, stacks] = await told(true, value);
			expect(stacks).toEqual(['']);
		},
	);
});

describe('what unwinds the guest', () => {
	test.each([
		['a trap', new wasm.RuntimeError('unreachable')],
		['the exit of a WASI program', new WASIProcExit('exit with exit code 3')],
		['an exit that is derived from a known one', new OwnExit('exit')],
		['an error that is marked', marked],
	])('%s passes through', async (_, error) => {
		const { guest, call } = await bind(signature([], 's32'), thrower(error));
		expect(() => call()).toThrow(error);
		expect(guest.raised).toEqual([]);
	});

	test('a stack overflow passes through', async () => {
		const { guest, call } = await bind(signature([], 's32'), overflow);
		expect(() => call()).toThrow(new RangeError('Maximum call stack size exceeded'));
		expect(guest.raised).toEqual([]);
	});

	test('a trap of the allocator passes through', async () => {
		const trap = new wasm.RuntimeError('unreachable');
		const { guest, call } = await bind(signature([], 'string'), () => 'text', { cpybuild_realloc: thrower(trap) });
		expect(() => call(8)).toThrow(trap);
		expect(guest.raised).toEqual([]);
	});

	test('the symbol by which node:wasi exits passes through', async () => {
		const { call } = await bind(signature([], 's32'), thrower(Symbol('kExitCode')));
		let caught: unknown;
		try {
			call();
		} catch (error) {
			caught = error;
		}
		expect(String(caught)).toBe('Symbol(kExitCode)');
	});
});

describe('a host', () => {
	test('that lacks functions is told all of them', async () => {
		const { createBindings } = await load(example);
		const f = (): number => 0;
		expect(() => createBindings({ demo: { bar: 3 } })).toThrow(
			new TypeError('the host lacks demo.bar, demo.fetchPage, fast (module)'),
		);
		expect(() => createBindings({ demo: { bar: f, fetchPage: f }, fast: {} })).toThrow(
			new TypeError('the host lacks fast.log'),
		);
		for (const host of [undefined, null, 3]) {
			expect(() => createBindings(host)).toThrow(new TypeError('the host lacks demo (module), fast (module)'));
		}
	});

	test('does not implement what every object inherits', async () => {
		const { createBindings } = await load(
			manifestOf(hostModule('demo', [hostFunction('demo', 'to_string', signature([], 'string'))])),
		);
		expect(() => createBindings({ demo: {} })).toThrow(new TypeError('the host lacks demo.toString'));
		expect(() => createBindings({ demo: { toString: () => 'x' } })).not.toThrow();
	});

	test('may be made of classes, since methods keep their this', async () => {
		class Counter {
			#count = 40;
			bar(a: number, b: number): number {
				this.#count += a + b;
				return this.#count;
			}
			fetchPage(): Uint8Array {
				return Uint8Array.of(this.#count);
			}
		}
		const { createBindings } = await load(example);
		const { imports } = createBindings({ demo: new Counter(), fast: { log() {} } });
		expect(imports.demo?.demo?.(1, 1)).toBe(42);
	});
});

describe('an instance', () => {
	const missing = (names: string): TypeError =>
		new TypeError(`the instance does not export ${names}: is it the python.wasm of these bindings?`);
	const host = { demo: { bar: () => 'no number', fetchPage: () => new Uint8Array() }, fast: { log() {} } };

	test('that lacks exports is told all of them', async () => {
		const { exports } = new FakeGuest();
		const bindings = (await load(example)).createBindings(host);
		expect(() => bindings.attach({ exports: {} })).toThrow(missing('memory, cpybuild_realloc, cpybuild_raise'));
		expect(() => bindings.attach({ exports: { ...exports, memory: undefined } })).toThrow(missing('memory'));
		bindings.attach({ exports });
	});

	test('has bindings of its own', async () => {
		const bindings = (await load(example)).createBindings(host);
		const first = new FakeGuest();
		bindings.attach(first);
		bindings.attach(first);
		expect(() => bindings.attach(new FakeGuest())).toThrow(
			new Error('the bindings have an instance already: call createBindings once per instance'),
		);
	});

	test('that was not attached is missed when it is needed', async () => {
		const { imports } = (await load(example)).createBindings(host);
		const unknown = new Error('the bindings know no instance yet: call attach(instance) after instantiation');
		expect(() => imports.demo?.demo?.(1, 2)).toThrow(unknown);
		expect(() => imports.demo?.fetch_page?.(0, 0, 0, 0)).toThrow(unknown);
		expect(() => imports.fast?.log?.(0, 64, 1)).toThrow(unknown);
	});
});

test('a wasm module calls the host and gets its results with their wasm types', async () => {
	// (module (import "demo" "f" (func (param i64) (result i64))) (memory (export "memory") 1)
	//   (func (export "call") (param i64) (result i64) local.get 0 call 0)) with the exports of the ABI
	// cpybuild_realloc gives 1024, cpybuild_raise does nothing.
	const code = Uint8Array.of(
		...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
		...[1, 20, 3, 0x60, 1, 0x7e, 1, 0x7e, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 1, 0x7f, 0x60, 3, 0x7f, 0x7f, 0x7f, 0],
		...[2, 10, 1, 4, ...Buffer.from('demo'), 1, ...Buffer.from('f'), 0, 0],
		...[3, 4, 3, 0, 1, 2],
		...[5, 3, 1, 0, 1],
		...[7, 53, 4, 6, ...Buffer.from('memory'), 2, 0, 4, ...Buffer.from('call'), 0, 1],
		...[16, ...Buffer.from('cpybuild_realloc'), 0, 2, 14, ...Buffer.from('cpybuild_raise'), 0, 3],
		...[10, 17, 3, 6, 0, 0x20, 0, 0x10, 0, 0x0b, 5, 0, 0x41, 0x80, 0x08, 0x0b, 2, 0, 0x0b],
	);
	const { createBindings } = await load(
		manifestOf(hostModule('demo', [hostFunction('demo', 'f', signature(['a: u64'], 'u64'))])),
	);
	const f = (a: bigint): unknown => (a === 0n ? 'no number' : a);
	const bindings = createBindings({ demo: { f } });
	const instance = new wasm.Instance(new wasm.Module(code), bindings.imports);
	bindings.attach(instance);
	const call = instance.exports.call as (a: bigint) => bigint;
	expect([call(1n), call(2n ** 64n - 1n), call(0n)]).toEqual([1n, -1n, 0n]);
});
