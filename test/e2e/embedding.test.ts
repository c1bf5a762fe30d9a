import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { InterpreterEnded, PythonError } from '../../runtime/index.js';
import { ROOT } from '../helpers/cli.js';
import { builtDist, VERSIONS } from '../helpers/dist.js';
import { interpretersOf } from '../helpers/interpreters.js';

const { implementation } = await import(join(ROOT, 'test/e2e/programs/host.mjs'));

/** What a function throws. */
function thrown(run: () => unknown): unknown {
	try {
		run();
	} catch (error) {
		return error;
	}
	return expect.unreachable('nothing was thrown');
}

describe.each(VERSIONS)('CPython %s, kept by its host', (version) => {
	let openDist: Awaited<ReturnType<typeof interpretersOf>>;
	/** Opens an interpreter in which `echo.nothing()` calls back. */
	const open = (callBack: () => void = () => {}, files: Readonly<Record<string, string>> = {}) =>
		openDist({ ...implementation, echo: { ...implementation.echo, nothing: callBack } }, files);

	beforeAll(async () => {
		openDist = await interpretersOf(await builtDist(version));
	});

	test('keeps its variables from one program to the next, and shows what is written at once', async () => {
		const { python, written } = await open();
		python.run('x = "größe"');
		python.run('print(x, __name__)\nprint("partial", end="")');
		expect(written()).toBe('größe __main__\npartial');
	});

	test('starts apart from its surroundings, with the search path of its host', async () => {
		const { python, written } = await open();
		python.run('import sys; print(sys.argv, sys.path[0], sys.flags.isolated, sys.stdout.encoding)');
		expect(written()).toBe("['python'] /app 1 utf-8\n");
	});

	test('runs modules as programs, again and again', async () => {
		const { python, written } = await open(undefined, { 'job.py': 'import sys\nprint(__name__, sys.argv[0])\n' });
		python.runModule('job');
		python.runModule('job');
		expect(written()).toBe('__main__ /app/job.py\n__main__ /app/job.py\n');
	});

	test('tells of an exception: type, message, frames, and what caused it', async () => {
		const lib = 'class Oops(Exception): pass\ndef f(n):\n    if n == 0:\n        1 / 0\n    f(n - 1)\n';
		const { python } = await open(undefined, { 'lib.py': lib });
		const program =
			'import lib\ntry:\n    lib.f(1)\nexcept ZeroDivisionError as error:\n    raise lib.Oops("größe") from error\n';
		const error = thrown(() => python.run(program, 'main.py'));
		expect(error).toBeInstanceOf(PythonError);
		const { type, message, frames, cause, stack } = error as PythonError;
		expect({ type, message, frames }).toEqual({
			type: 'lib.Oops',
			message: 'größe',
			frames: [{ file: 'main.py', line: 5, name: '<module>' }],
		});
		expect({ ...(cause as PythonError) }).toEqual({
			name: 'ZeroDivisionError',
			type: 'ZeroDivisionError',
			frames: [
				{ file: 'main.py', line: 3, name: '<module>' },
				{ file: '/app/lib.py', line: 5, name: 'f' },
				{ file: '/app/lib.py', line: 4, name: 'f' },
			],
		});
		expect(stack?.split('\n').slice(0, 2)).toEqual(['lib.Oops: größe', '    at <module> (main.py:5)']);
	});

	test.each([
		['a syntax error', 'x = (', 'SyntaxError', "'(' was never closed (<string>, line 1)", undefined],
		['a lone surrogate in a message', 'raise ValueError(chr(0xD800))', 'ValueError', '\\ud800', undefined],
		['an exit', 'import sys; sys.exit(3)', 'SystemExit', '3', 3],
		['an exit without a code', 'raise SystemExit', 'SystemExit', '', 0],
		['an exit with a text', 'raise SystemExit("bye")', 'SystemExit', 'bye', 1],
		['a null character', 'x = "\0"', 'ValueError', 'source code cannot contain null characters', undefined],
	])('goes on after %s', async (_, program, type, message, exitCode) => {
		const { python, written } = await open();
		const error = thrown(() => python.run(program)) as PythonError;
		expect([error.type, error.message, error.exitCode]).toEqual([type, message, exitCode]);
		python.run('print("alive")');
		expect(written()).toBe('alive\n');
	});

	test('calls functions with values of JSON', async () => {
		const lib = 'def both(a, b): return {"a": a, "b": [b, "größe", None]}\ndef nan(): return float("nan")\n';
		const { python } = await open(undefined, { 'lib.py': lib });
		expect(python.call('lib', 'both', { x: 1.5 }, '🐍')).toEqual({ a: { x: 1.5 }, b: ['🐍', 'größe', null] });
		const messages = [
			() => python.call('lib', 'both', 1),
			() => python.call('lib', 'nan'),
			() => python.call('lib', 'none'),
			() => python.call('none', 'none'),
		].map((call) => String(thrown(call)));
		expect(messages).toEqual([
			"TypeError: both() missing 1 required positional argument: 'b'",
			expect.stringMatching(/^ValueError: Out of range float values are not JSON compliant/),
			"AttributeError: module 'lib' has no attribute 'none'",
			"ModuleNotFoundError: No module named 'none'",
		]);
		expect(python.call('lib', 'both', 1, 2)).toEqual({ a: 1, b: [2, 'größe', null] });
	});

	test('and its host call each other to a depth of 50', async () => {
		let depth = 0;
		const { python, written } = await open(() => {
			depth++;
			if (depth < 50) python.run('import echo\necho.nothing()');
		});
		python.run('import echo\necho.nothing()\nprint("back")');
		expect([depth, written()]).toEqual([50, 'back\n']);
	});

	test('sees an exception of an inner program as what the host function throws', async () => {
		const { python, written } = await open(() => python.run('1 / 0'));
		python.run('import echo\ntry:\n    echo.nothing()\nexcept Exception as error:\n    print(error)');
		expect(written()).toBe('division by zero\n');
	});

	test('is closed in order, once, and not by what it calls', async () => {
		const { python, written } = await open(() => python.close());
		const error = thrown(() => python.run('import echo\necho.nothing()')) as PythonError;
		expect(error.message).toBe('the interpreter cannot be closed by what it calls');
		python.run('import atexit\natexit.register(print, "the end")');
		python.close();
		python.close();
		expect(written()).toBe('the end\n');
		expect(thrown(() => python.run('1'))).toEqual(new InterpreterEnded('the interpreter was closed'));
		const again = await open();
		again.python.run('print("new")');
		expect(again.written()).toBe('new\n');
	});

	test('ends for good when its program ends the process, however deep that happens', async () => {
		const { python } = await open(() => python.run('import os; os._exit(4)'));
		const program = 'import echo\ntry:\n    echo.nothing()\nexcept BaseException:\n    print("not reached")';
		const ended = new InterpreterEnded('the interpreter has ended itself with exit code 4', { exitCode: 4 });
		expect(thrown(() => python.run(program))).toEqual(ended);
		expect(thrown(() => python.run('1'))).toEqual(ended);
	});

	test('ends for good when it aborts', async () => {
		const { python } = await open();
		const message = 'the interpreter was left and cannot go on: RuntimeError: unreachable';
		expect(thrown(() => python.run('import os; os.abort()'))).toEqual(new InterpreterEnded(message));
		expect(thrown(() => python.run('1'))).toEqual(new InterpreterEnded(message));
	});

	test('needs no more memory after 20,000 programs, half of which fail', async () => {
		const { python, written } = await open();
		const run = (count: number) => {
			for (let index = 0; index < count; index++) {
				python.run('y = [1, "two"]');
				thrown(() => python.run('raise ValueError("no" * 100)'));
			}
		};
		run(500);
		python.run('import sys; before = sys.getallocatedblocks()');
		run(10_000);
		python.run('print(abs(sys.getallocatedblocks() - before) < 50)');
		expect(written()).toBe('True\n');
	});
});
