import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { InterpreterEnded, PythonError } from '../../runtime/index.js';
import { cpybuild, ROOT } from '../helpers/cli.js';
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

let open: (
	ask: (question: string) => string,
) => Promise<Exports & { readonly close: () => void; readonly size: () => number }>;

beforeAll(async () => {
	const folder = join(ROOT, '.cpybuild/test/exports');
	await mkdir(folder, { recursive: true });
	await cp(join(ROOT, 'test/e2e/programs/exports.yaml'), join(folder, 'project.yaml'));
	const { code, stderr } = await cpybuild(['build'], { cwd: folder });
	if (code !== 0) throw new Error(`the interpreter with exports did not build:\n${stderr}`);
	const interpreters = await interpretersOf<Exports>(join(folder, 'dist'));
	open = async (ask) => {
		const acme = { '__init__.py': '', 'billing.py': MODULES['billing.py'] };
		const { python, size } = await interpreters({ demo: { ask } }, { acme, 'every_type.py': MODULES['every_type.py'] });
		return { ...python.exports, close: () => python.close(), size };
	};
});

/** What a function throws, with its class. */
function thrown(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		return `${error instanceof PythonError ? 'PythonError ' : ''}${error}`;
	}
	return expect.unreachable('nothing was thrown');
}

describe('functions that Python code implements', () => {
	test('take and give values of all simple types', async () => {
		const { billing, everyType } = await open((question) => question.toUpperCase());
		expect(billing.quote('apple', 3)).toBe(22.5);
		expect(billing.describe()).toBe('größe 🐍 WHO');
		expect(new TextDecoder().decode(billing.render(new TextEncoder().encode('<b>'), 'títle'))).toBe('<b>títle');
		expect(billing.render(new Uint8Array([0, 255]), '')).toEqual(new Uint8Array([0, 255]));
		billing.reset();
		expect(billing.quote('apple', 3)).toBe(0);
		const scalars = [true, -128, 255, -32768, 65535, -1, 0xffffffff, -(2n ** 63n), 2n ** 64n - 1n, 0.5, Math.PI, '🐍'];
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

	test('end with their interpreter', async () => {
		const python = await open(() => '');
		python.close();
		expect(thrown(() => python.billing.quote('apple', 1))).toBe('InterpreterEnded: the interpreter was closed');
		expect(() => python.billing.quote('apple', 1)).toThrow(InterpreterEnded);
	});
});
