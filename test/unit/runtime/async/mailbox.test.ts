import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decode, encode } from '../../../../runtime/async/codec.js';
import { Inbox, makeMailbox, Outbox } from '../../../../runtime/async/mailbox.js';

afterEach(() => vi.unstubAllGlobals());

/** Both ends of a mailbox; what the receiver says makes the sender go on. */
function makeBoxes() {
	const mailbox = makeMailbox();
	const outbox = new Outbox(mailbox);
	return { outbox, inbox: new Inbox(mailbox, () => outbox.flush()) };
}

describe('a mailbox', () => {
	test('gives messages in their order, also those that it cannot hold at once', () => {
		const { outbox, inbox } = makeBoxes();
		const large = { text: 'größe'.repeat(100_000), bytes: new Uint8Array(9) };
		for (const message of [1, large, 'three', large]) outbox.send(message);
		const received = [inbox.poll(), inbox.wait(), inbox.poll(), inbox.wait(), inbox.poll()];
		expect(received.map((one) => one?.value)).toEqual([1, large, 'three', large, undefined]);
	});

	test('needs shared memory', () => {
		vi.stubGlobal('SharedArrayBuffer', undefined);
		expect(makeMailbox).toThrow(
			new Error(
				'Python cannot wait here: a thread needs SharedArrayBuffer, which a page has only when it is cross-origin isolated',
			),
		);
	});
});

const decoded = (value: unknown): unknown => decode(encode(value).bytes).value;

describe('an encoded value', () => {
	test('is the same when it is decoded', () => {
		const value = fc.anything({
			withBigInt: true,
			withTypedArray: true,
			withNullPrototype: false,
			withObjectString: false,
			key: fc.string().filter((key) => key !== '__proto__'),
		});
		fc.assert(
			fc.property(value, fc.string({ unit: 'binary' }), (one, text) => {
				expect(decoded([one, text])).toEqual([one, text]);
			}),
		);
	});

	test.each([
		['a lone surrogate', 'a\ud800b'],
		['a byte order mark', '\ufeffa'],
		['negative zero', -0],
		['not a number', Number.NaN],
		['numbers in a part of a buffer', new Float64Array([1, 2, 3]).subarray(1, 2)],
		['a key of the prototype', JSON.parse('{"__proto__": 1}')],
		['holes', [undefined, 1]],
	])('has %s', (_, value) => {
		expect(decoded(value)).toEqual(value);
	});

	test('leaves out an object within itself', () => {
		const node: { readonly name: string; parent?: object; readonly all: object[] } = { name: 'n', all: [] };
		node.parent = node;
		node.all.push(node, { name: 'm' }, node.all);
		expect(decoded([node, node.all[1]])).toEqual([
			{ name: 'n', all: [undefined, { name: 'm' }, undefined] },
			{ name: 'm' },
		]);
	});

	test('shows the properties that its class computes, its methods, and the name of the class', () => {
		class Page {
			own = 1;
			get computed(): number {
				return this.own + 1;
			}
			method(): number {
				return 3;
			}
		}
		const [page, map, call] = decoded([new Page(), new Map(), () => {}]) as [Page, object, unknown];
		expect([{ ...page }, page.constructor.name, map.constructor.name, typeof call]).toEqual([
			{ own: 1, computed: 2, method: expect.any(Function) },
			'Page',
			'Map',
			'function',
		]);
	});

	test('gives its objects in the order of their copies', () => {
		const [object, list, bytes] = [{ method() {} }, [{ in: {} }], new Uint8Array(3)];
		const value = { object, list, bytes, again: object, map: new Map() };
		const { bytes: sent, objects } = encode(value);
		expect(objects).toEqual([value, object, list, list[0], list[0]?.in, bytes, object, value.map]);
		const copy = decode(sent);
		const { object: o, list: l, bytes: b, again, map } = copy.value as typeof value;
		expect(copy.objects).toHaveLength(objects.length);
		for (const [index, one] of [copy.value, o, l, l[0], l[0]?.in, b, again, map].entries())
			expect(copy.objects[index]).toBe(one);
	});
});
