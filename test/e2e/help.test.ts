import { beforeAll, describe, expect, test } from 'vitest';
import { PythonError } from '../../runtime/index.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';
import { interpretersOf } from '../helpers/interpreters.js';

class Basket {
	static open() {}
	add() {}
}
const host = { shop: { sell: () => 1, greet: () => '', maybe: () => 1, outcome: () => [], Basket } };

const SIGNATURES = `import inspect, shop
for one in (shop.greet, shop.sell, shop.outcome, shop.Item, shop.Order.Many, shop.Order.Nothing, shop.StringError,
            shop.Problem.Unknown, shop.Basket, shop.Basket.add, shop.Basket.open, shop.Basket.__exit__, shop.Some):
    print(one.__qualname__ + str(inspect.signature(one)))
print([shop.__doc__, shop.Item.__doc__, shop.Wrapping.__doc__, shop.Basket.__doc__, shop.Basket.add.__doc__])
`;

const HELP = `import pydoc, shop
print(pydoc.plaintext.document(shop.sell), end="")
lines = pydoc.plaintext.document(shop).splitlines()
print(*lines[:2], sep="\\n")
print(*lines[lines.index("FUNCTIONS"):lines.index("FILE")], sep="\\n")
`;

describe.each(VERSIONS)('CPython %s', (version) => {
	let open: Awaited<ReturnType<typeof interpretersOf>>;
	beforeAll(async () => {
		open = await interpretersOf(await builtDist(version, 'help'));
	});

	test('knows signatures and doc strings of everything', async () => {
		const { python, written } = await open(host);
		python.run(SIGNATURES);
		expect(written().split('\n')).toEqual([
			'greet(name, loud=False, times=1)',
			'sell(item, count, note, wrapped)',
			'outcome()',
			'Item(name, price)',
			'Order.Many(value)',
			'Order.Nothing()',
			'StringError(payload)',
			'Problem.Unknown(value)',
			'Basket(owner)',
			'Basket.add(self, /, item)',
			'Basket.open(id)',
			'Basket.__exit__(self, /, *args)',
			'Some(value)',
			"['Sells things.', 'Something that is sold.\\n\\nname: As customers see it.', 'How it is packed.', 'A basket of things.', 'Adds a thing.']",
			'',
		]);
	});

	test('has help that reads well', async () => {
		const { python, written } = await open(host);
		python.run(HELP);
		const sell = ['sell(item, count, note, wrapped)', '    Sells a thing.', '', '    Gives what it costs.'];
		expect(
			written()
				.split('\n')
				.map((line) => line.trimEnd()),
		).toEqual([
			...sell,
			'NAME',
			'    shop - Sells things.',
			'FUNCTIONS',
			'    greet(name, loud=False, times=1)',
			'',
			'    maybe(text, note)',
			'',
			'    outcome()',
			'',
			...sell.map((line) => (line === '' ? line : `    ${line}`)),
			'',
			'',
		]);
	});

	test('tells the host of groups of exceptions with type, message, frames and cause', async () => {
		const { python } = await open(host);
		const program = `def fail():
    raise ExceptionGroup("several", [ValueError("a"), TypeError("b")]) from KeyError("why")
fail()
`;
		try {
			python.run(program, 'main.py');
			expect.unreachable();
		} catch (error) {
			expect(error).toBeInstanceOf(PythonError);
			const { type, message, frames, cause } = error as PythonError;
			expect({ type, message, frames, cause: String(cause) }).toEqual({
				type: 'ExceptionGroup',
				message: 'several (2 sub-exceptions)',
				frames: [
					{ file: 'main.py', line: 3, name: '<module>' },
					{ file: 'main.py', line: 2, name: 'fail' },
				],
				cause: "KeyError: 'why'",
			});
		}
	});
});
