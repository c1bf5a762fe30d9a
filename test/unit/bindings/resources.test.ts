import { describe, expect, test } from 'vitest';
import { type CoreValue, FakeGuest, load } from './guest.js';
import { hostFunction, hostModule, manifestOf } from './manifests.js';
import { func, list, resource, result, tuple } from './types.js';

const counter = resource('counter', (self) => {
	const own = { kind: 'own', resource: self } as const;
	const borrow = { kind: 'borrow', resource: self } as const;
	return [
		{ kind: 'constructor', name: 'constructor', signature: func({ start: 's32' }, own) },
		{ kind: 'method', name: 'next-value', signature: func({ self: borrow, by: 's32' }, 's32') },
		{ kind: 'static', name: 'merge', signature: func({ a: own, b: borrow }, own) },
	];
});
const token = resource('token', () => []);
const own = { kind: 'own', resource: counter } as const;

const manifest = manifestOf(
	hostModule(
		'demo',
		[
			hostFunction('demo', 'all', func({}, list(tuple('string', own)))),
			hostFunction('demo', 'take', func({ tokens: list({ kind: 'own', resource: token }) })),
			hostFunction('demo', 'open', func({}, result(own, 'string'))),
			hostFunction('demo', 'issue', func({}, { kind: 'own', resource: token })),
		],
		undefined,
		[counter, token],
	),
);

/** Objects whose end is noted. */
const disposed: unknown[] = [];

class Counter {
	value: number;
	constructor(value: number) {
		if (value < 0) throw new RangeError('no negative numbers');
		this.value = value;
	}
	nextValue(by: number): number {
		this.value += by;
		return this.value;
	}
	static merge(a: Counter, b: Counter): Counter {
		return new Counter(a.value + b.value);
	}
	[Symbol.dispose](): void {
		disposed.push(this.value);
		if (this.value === 13) throw new Error('unlucky');
	}
}

async function connect(more: object = {}) {
	disposed.length = 0;
	const taken: unknown[] = [];
	const demo = {
		Counter,
		all: (): unknown => [],
		take: (tokens: unknown) => taken.push(tokens),
		open: (): unknown => new Counter(1),
		issue: (): unknown => ({}),
		...more,
	};
	const bindings = (await load(manifest)).createBindings({ demo });
	const guest = new FakeGuest();
	bindings.attach(guest);
	const call = (name: string, ...values: readonly CoreValue[]): CoreValue | undefined =>
		bindings.imports.demo?.[name]?.(...values);
	return { guest, call, taken };
}

describe('a resource', () => {
	test('is made, used and dropped by its handle', async () => {
		const { call, guest } = await connect();
		const first = call('[constructor]counter', 5) ?? 0;
		const second = call('[constructor]counter', 7) ?? 0;
		expect([first, second]).toEqual([1, 2]);
		expect(call('[method]counter.next-value', first, 1)).toBe(6);
		expect(call('[method]counter.next-value', second, -1)).toBe(6);
		expect(call('[resource-drop]counter', first)).toBe(undefined);
		expect(disposed).toEqual([6]);
		expect(guest.raised).toEqual([]);
	});

	test('is the host’s again when the guest gives it away, and its handle is free', async () => {
		const { call } = await connect();
		const a = call('[constructor]counter', 5) ?? 0;
		const b = call('[constructor]counter', 7) ?? 0;
		const merged = call('[static]counter.merge', a, b) ?? 0;
		expect(merged).toBe(a);
		expect(call('[method]counter.next-value', merged, 0)).toBe(12);
		expect(call('[method]counter.next-value', b, 0)).toBe(7);
		expect(disposed).toEqual([]);
	});

	test.each([
		['none', 0],
		['unknown', 9],
		['negative', -1],
		['dropped', 1],
		['of another resource', 2],
	])('with a handle that is %s stops the guest', async (_, handle) => {
		const { call } = await connect();
		call('[resource-drop]counter', call('[constructor]counter', 5) ?? 0);
		// Handle 2 is a token, since 1 is taken by another one.
		call('issue');
		expect(call('issue')).toBe(2);
		for (const [name, path] of [
			['[method]counter.next-value', 'demo.Counter.next_value'],
			['[resource-drop]counter', 'demo.Counter'],
		] as const) {
			expect(() => call(name, handle, 1)).toThrow(
				new RangeError(`${path}: the guest passed the handle ${handle >>> 0}, which is none of demo.counter`),
			);
		}
	});

	test('whose constructor throws raises', async () => {
		const { call, guest } = await connect();
		expect(call('[constructor]counter', -5)).toBe(0);
		expect(guest.raised).toEqual([[0, 'no negative numbers']]);
	});

	test('whose end throws raises, and is dropped', async () => {
		const { call, guest } = await connect();
		const handle = call('[constructor]counter', 13) ?? 0;
		call('[resource-drop]counter', handle);
		expect(guest.raised).toEqual([[0, 'unlucky']]);
		expect(call('[constructor]counter', 1)).toBe(handle);
	});

	test('may come and go in lists', async () => {
		const { call, guest, taken } = await connect({
			all: () => [
				['a', new Counter(1)],
				['b', new Counter(2)],
			],
		});
		call('all', 64);
		const start = guest.view.getUint32(64, true);
		expect([8, 20].map((offset) => guest.view.getUint32(start + offset, true))).toEqual([1, 2]);
		const tokens = [call('issue') ?? 0, call('issue') ?? 0];
		expect(tokens).toEqual([3, 4]);
		call('take', ...guest.put(new Uint8Array(Uint32Array.from(tokens.map(Number)).buffer), 4));
		expect(taken).toEqual([[{}, {}]]);
	});
});

describe('a wrong object', () => {
	const wanted = 'not a counter (object with nextValue)';

	test.each([
		['nothing', undefined, 'undefined'],
		['a number', 3, '3'],
		['an object without the methods', {}, 'an Object'],
		['an object with a property in a method’s place', { nextValue: 3 }, 'an Object'],
	])('is a TypeError: %s', async (_, value, found) => {
		const { call, guest } = await connect({ open: () => value });
		call('open', 64);
		expect(guest.raised).toEqual([[1, `demo.open: the host returned ${found}, ${wanted}`]]);
	});

	test('that is a promise is told so', async () => {
		const { call, guest } = await connect({ issue: async () => ({}) });
		expect(call('issue')).toBe(0);
		const message = 'demo.issue: the host returned a Promise, and async functions are not supported here';
		expect(guest.raised).toEqual([[1, message]]);
	});

	test('takes back the handles and the memory of those before it', async () => {
		let list: unknown[] = [
			['a', new Counter(1)],
			['b', new Counter(2)],
			['c', {}],
		];
		const { call, guest } = await connect({ all: () => list });
		guest.blocks.clear();
		call('all', 64);
		expect(guest.raised).toEqual([[1, `demo.all: the host returned an Object at [2][1], ${wanted}`]]);
		expect(guest.takeMessages()).toBe(0);
		expect(disposed).toEqual([]);
		list = [['d', new Counter(4)]];
		call('all', 64);
		const start = guest.view.getUint32(64, true);
		expect(guest.view.getUint32(start + 8, true)).toBe(1);
	});
});

test('the host must have the classes that are made or have static functions', async () => {
	const { createBindings } = await load(manifest);
	const f = (): void => {};
	expect(() => createBindings({ demo: { all: f, take: f, open: f, issue: f } })).toThrow(
		new TypeError('the host lacks demo.Counter'),
	);
});
