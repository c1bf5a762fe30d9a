import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { HostBindings } from '../../runtime/index.js';
import { cpybuild } from '../helpers/cli.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';
import { interpretersOf } from '../helpers/interpreters.js';

interface Exports {
	readonly box: {
		sum(a: number, rows: readonly object[], color: readonly string[] | undefined, b: number): number;
		put(label: string, rows: readonly object[]): void;
		keep(data: Uint8Array): number;
	};
}

/** The interpreter's memory is smaller than this, and not much smaller. */
const TOO_MUCH = 60 * 2 ** 20;

const nothing = () => {
	throw new Error('not called');
};
const host = {
	blob: nothing,
	text: nothing,
	numbers: nothing,
	rows: nothing,
	open: nothing,
	fail: nothing,
	count: () => 0,
	look: nothing,
	take: nothing,
	reach: nothing,
};

/** What a function throws. */
function thrown(run: () => unknown): string {
	try {
		run();
	} catch (error) {
		return String(error);
	}
	return expect.unreachable('nothing was thrown');
}

/** Bindings as a debug build has them; the rest of such a build knows nothing of stacks. */
async function debugBindings(dist: string): Promise<{ createBindings(host: object): HostBindings<Exports> }> {
	const folder = join(dist, '../debug');
	await mkdir(folder, { recursive: true });
	await cp(join(dist, '../project.yaml'), join(folder, 'project.yaml'));
	const manifest = await readFile(join(folder, 'project.yaml'), 'utf8');
	await writeFile(join(folder, 'project.yaml'), manifest.replace('build: {', 'build: { debug: true,'));
	const { code, stderr } = await cpybuild(['generate', '--out', 'generated'], { cwd: folder });
	if (code !== 0) throw new Error(stderr);
	return import(pathToFileURL(join(folder, 'generated/bindings.js')).href);
}

describe.each(VERSIONS)('CPython %s', (version) => {
	let dist: string;
	let open: Awaited<ReturnType<typeof interpretersOf<Exports>>>;
	beforeAll(async () => {
		dist = await builtDist(version, 'limits');
		open = await interpretersOf<Exports>(dist);
	});

	describe('a result that memory has no room for', () => {
		test.each([
			['blob', new Uint8Array(TOO_MUCH), `${TOO_MUCH} bytes`],
			['text', 'x'.repeat(TOO_MUCH), `${TOO_MUCH} characters`],
			['text', 'ß'.repeat(TOO_MUCH / 2), `${TOO_MUCH / 2} characters`],
			['numbers', new Float64Array(TOO_MUCH / 8), `${TOO_MUCH} bytes`],
			['rows', new Array(TOO_MUCH / 12), `${TOO_MUCH} bytes`],
			['rows', [{ id: 1, name: 'x'.repeat(TOO_MUCH) }], `${TOO_MUCH} characters at [0].name`],
		])('of %s is a MemoryError, and the interpreter goes on', async (name, value, found) => {
			const { python, written } = await open({ demo: { ...host, count: () => 7, [name]: () => value } });
			python.run(`import demo
for _ in range(3):
    try:
        demo.${name}()
    except MemoryError as error:
        assert not isinstance(error, demo.HostError)
        print(error)
print(demo.count([demo.Row(1, "a")]))
`);
			const line = `demo.${name}: the host returned ${found}, for which there is no memory\n`;
			expect(written()).toBe(`${line.repeat(3)}7\n`);
		});

		test('takes no handles', async () => {
			const cursor = { name: () => 'a' };
			const results = [
				[[cursor, cursor], 'x'.repeat(TOO_MUCH)],
				[[cursor], 'end'],
			];
			const { python, written } = await open({ demo: { ...host, open: () => results.shift() } });
			python.run(`import demo
try:
    demo.open()
except MemoryError as error:
    print(error)
print(demo.open())
`);
			expect(written()).toBe(
				`demo.open: the host returned ${TOO_MUCH} characters at [1], for which there is no memory\n` +
					"([<demo.Cursor, handle 1>], 'end')\n",
			);
		});
	});

	test('an argument that memory has no room for is a RangeError, and the interpreter goes on', async () => {
		const app = 'def put(label, rows): print(label, len(rows))\ndef keep(data): return len(data)\n';
		const { python } = await open({ demo: host }, { 'box.py': app });
		const { put, keep } = python.exports.box;
		expect([
			thrown(() => keep(new Uint8Array(TOO_MUCH))),
			thrown(() => put('a', [{ id: 1, name: 'x'.repeat(TOO_MUCH) }])),
			thrown(() => python.run('x'.repeat(TOO_MUCH))),
			thrown(() => python.call('box', 'keep', 'x'.repeat(TOO_MUCH))),
		]).toEqual([
			`RangeError: box.keep: the host passed ${TOO_MUCH} bytes at data, for which there is no memory`,
			`RangeError: box.put: the host passed ${TOO_MUCH} characters at rows[0].name, for which there is no memory`,
			`RangeError: the interpreter has no memory for ${TOO_MUCH} bytes`,
			`RangeError: the interpreter has no memory for ${TOO_MUCH + 4} bytes`,
		]);
		expect(keep(new Uint8Array(1000))).toBe(1000);
	});

	describe('resources that are lent', () => {
		/** What Python code may do with a cursor while the host has it in its hands. */
		async function during(code: string): Promise<string> {
			const cursor = { name: () => 'a' };
			const { python, written } = await open({
				demo: {
					...host,
					open: () => [[cursor, cursor], ''],
					look: () => python.run(code),
					take: () => {},
				},
			});
			python.run(`import demo
(cursor, other), _ = demo.open()
try:
    demo.look(cursor, [other])
except Exception as error:
    print(f"{type(error).__name__}: {error}")
cursor.name()
with cursor, other:
    pass
print(cursor)
`);
			return written();
		}

		test.each([
			['dropped', 'with cursor: pass'],
			['given away', 'demo.take(cursor)'],
			['dropped out of a list', 'with other: pass'],
		])('cannot be %s before the call ends', async (_, code) => {
			expect(await during(code)).toBe(
				'HostRuntimeError: the demo.Cursor is lent to a function of the host\n<demo.Cursor, handle 1, dropped>\n',
			);
		});

		test('can be used, and lent again', async () => {
			expect(await during('cursor.name(); other.name()')).toBe('<demo.Cursor, handle 1, dropped>\n');
		});

		test('are free again when lowering fails half-way, and when the host throws', async () => {
			const cursor = { name: () => 'a' };
			const reach = () => {
				throw new Error('no');
			};
			const { python, written } = await open({ demo: { ...host, open: () => [[cursor], ''], reach } });
			python.run(`import demo
[cursor], _ = demo.open()
for number in 256, "x", 1:
    try:
        demo.reach(cursor, number)
    except Exception as error:
        print(error)
with cursor:
    pass
print(cursor)
`);
			expect(written()).toBe(
				"reach() argument 'number' must be between 0 and 255\n" +
					"reach() argument 'number' must be int, not str\nno\n<demo.Cursor, handle 1, dropped>\n",
			);
		});
	});

	describe('arguments that cannot be lifted', () => {
		const rows = Array.from({ length: 50 }, (_, id) => ({ id, name: 'x'.repeat(1000) }));

		test('leave no memory behind when their classes cannot be loaded', async () => {
			const { python, size } = await open({ demo: host });
			python.run('import sys; sys.modules["demo"] = None');
			const fail = () => thrown(() => python.exports.box.sum(1, rows, ['a'], 2));
			expect(fail()).toBe('ModuleNotFoundError: import of demo halted; None in sys.modules');
			const before = size();
			for (let round = 0; round < 1500; round++) fail();
			expect(size() - before).toBe(0);
		});

		test.each([
			['the first', [300, true, 2]],
			['one in the middle', [1, false, 2]],
			['the last', [1, true, 300]],
		] as const)('leave no memory behind when %s is wrong', async (_, [a, valid, b]) => {
			const { size, raw } = await open({ demo: host });
			const memory = () => new DataView((raw('memory') as unknown as { readonly buffer: ArrayBuffer }).buffer);
			const allocate = raw('cabi_realloc');
			const fail = () => {
				const list = allocate(0, 0, 4, rows.length * 12) as number;
				rows.forEach((_, index) => {
					const name = allocate(0, 0, 1, 1000) as number;
					memory().setUint32(list + index * 12 + 4, name, true);
					memory().setUint32(list + index * 12 + 8, 1000, true);
				});
				const strings = allocate(0, 0, 4, 50_000) as number;
				memory().setUint32(strings, valid ? strings : 8, true);
				memory().setUint32(strings + 4, 50_000, true);
				raw('box#sum')(a, list, rows.length, 1, strings, 1, b);
				return raw('cpybuild_last_error')();
			};
			expect(fail()).not.toBe(0);
			const before = size();
			for (let round = 0; round < 1500; round++) fail();
			expect(size() - before).toBe(0);
		});
	});

	describe('HostError', () => {
		const program = `import demo, traceback
try:
    demo.fail()
except demo.HostError as error:
    print([error.stack, getattr(error, "__notes__", None)])
    print(traceback.format_exception_only(error))
`;
		const fail = () => {
			throw Object.assign(new Error('no'), { stack: 'Error: no\n    at größe (host.js:1:2)' });
		};

		test('has no stack in release builds', async () => {
			const { python, written } = await open({ demo: { ...host, fail } });
			python.run(program);
			expect(written()).toBe("[None, None]\n['_cpybuild.HostRuntimeError: no\\n']\n");
		});

		test("has the host's stack in debug builds", async () => {
			const { createBindings } = await debugBindings(dist);
			const debugging = await interpretersOf<Exports>(dist, createBindings);
			const { python, written } = await debugging({ demo: { ...host, fail } });
			python.run(program);
			const stack = 'Error: no\\n    at größe (host.js:1:2)';
			const lines = ["The host's stack:\\n", 'Error: no\\n', '    at größe (host.js:1:2)\\n'];
			expect(written()).toBe(
				`['${stack}', ["The host's stack:\\n${stack}"]]\n` +
					`['_cpybuild.HostRuntimeError: no\\n', "${lines[0]}", '${lines[1]}', '${lines[2]}']\n`,
			);
		});
	});
});
