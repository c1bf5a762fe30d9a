// Runs the scenarios of async host functions, and prints what they show as JSON.
//
//     node suite.mjs <folder of cpybuild> promises|thread
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBindings, ResultException, TroubleException } from './dist/bindings.js';
import { disposed, Gates, makeNet } from './net.mjs';

const [root, waiting] = process.argv.slice(2);
const { createAsyncInterpreter, InterpreterEnded, memoryMount, PythonError, runCommand } = await import(
	join(root, 'lib/runtime/index.js')
);
const { nodeMount, nodeThread } = await import(join(root, 'lib/runtime/node/index.js'));

const dist = join(import.meta.dirname, 'dist');
const module = await WebAssembly.compile(await readFile(join(dist, 'python.wasm')));
const thread = nodeThread(join(dist, 'bindings.js'));

const plugin = `
import net, plugin_types
def render(page, times): return [page.body.decode(), *page.links] * times
def fail(message): raise ValueError(message)
def wait_for(name): return net.wait(name) + "!"
def half(n): return n // 2
def load(how):
    if how == "other": raise net.Trouble.Other(net.fetch(""))
    if how == "refused": raise net.Trouble.Refused()
    if how == "python": raise KeyError(how)
    return net.fetch(how)
def check(ok):
    if not ok: raise plugin_types.ResultError("no")
def make(name): return net.Source(name)
def all(names): return [net.Source.open(name) for name in names]
def name_of(prefix, source):
    if prefix == "fail": raise ValueError(source.name())
    return prefix + source.name()
def give_back(source): return source
kept = []
def keep(source, more):
    kept.extend([source, *more])
    return len(kept)
def read(count): return b"".join(one.read(count) for one in kept)
def double(text): return net.text(text) * 2
`;

function optionsOf(net, more = {}) {
	const chunks = [];
	const output = { terminal: false, write: (source) => chunks.push(source.slice()) && source.length };
	const { files = {}, ...rest } = more;
	const mount = memoryMount({ 'plugin.py': plugin, ...files });
	const options = {
		bindings: createBindings({ net }),
		waiting,
		thread,
		stdout: output,
		stderr: output,
		path: ['/app'],
		mounts: [
			{ guest: '/', mount: nodeMount(dist) },
			{ guest: '/app', mount },
		],
		...rest,
	};
	return { options, mount, written: () => Buffer.concat(chunks).toString() };
}

/** An interpreter, and what it has written. */
async function open(net = makeNet(), more = {}) {
	const { options, ...rest } = optionsOf(net, more);
	return { python: await createAsyncInterpreter(module, options), bindings: options.bindings, ...rest };
}

/** What a program writes, in an interpreter of its own. */
async function written(program, net, more) {
	const one = await open(net, more);
	try {
		await one.python.run(program);
	} finally {
		await one.python.close();
	}
	return one.written().split('\n').slice(0, -1);
}

/** An error as it is shown. */
const shown = (error) =>
	`${error instanceof PythonError ? 'PythonError' : error.constructor.name} ${error.name}: ${error.message}`;
const failure = (promise) => promise.then(() => 'no error', shown);

const scenarios = {
	'values of many types cross': () =>
		written(`
import net
page = net.fetch("any")
print(page, net.same_page(page) == page)
print(net.numbers(-2**63, 2**64 - 1, 0.1, [1.5, 2.5], True, "🐍"))
for of in None, net.Some(None), net.Some([]), net.Some([net.Color.RED, net.Color.GREEN]):
    print(net.nested(of) == of)
print(net.check(0), net.nothing(), net.text("größe"), net.text(""), net.count(2**32 - 2))
print(net.text("plain"), net.now("sync"))
print(net.many("a", "b", "c", "d", "e", "f", "g", "h", 9))
`),
	'errors are Python exceptions': () =>
		written(`
import net
def attempt(function, *args):
    try:
        print(function(*args))
    except Exception as error:
        print(type(error).__name__, isinstance(error, net.HostError), error)
for url in "refused", "timeout", "other", "wrong error", "broken", "text", "wrong", "map":
    attempt(net.fetch, url)
attempt(net.check, 1)
attempt(net.check, 2)
attempt(net.text, "at once")
attempt(net.text, "surrogate")
attempt(net.Source.open, "")
attempt(net.count, -1)
attempt(net.count, 2**32 - 1)
print(net.count(1))
`),
	'resources are the host’s objects': async () => {
		disposed.length = 0;
		const lines = await written(`
import net
a, b = net.Source("one"), net.Source.open("three")
print(a.name(), b.name(), a.read(2), b.read(3))
c = net.merge([a], b)
print(c.name())
try:
    a.name()
except Exception as error:
    print(type(error).__name__, error)
with c:
    print(c.read(1))
for index in range(100):
    net.Source.open(f"many {index}")
del b, c
print("end")
`);
		return [...lines, disposed.length, disposed.slice(0, 3)];
	},
	'exports may wait': async () => {
		const gates = new Gates();
		const { python } = await open(makeNet(gates));
		const { plugin } = python.exports;
		const waits = plugin.waitFor('gate');
		gates.open('gate', 'opened');
		const page = { status: 1, body: new TextEncoder().encode('ü'), links: ['x'], next: undefined };
		const shows = [
			await waits,
			await plugin.render(page, 2),
			String(await plugin.half(-9n)),
			await python.call('plugin', 'double', 'ab'),
			await failure(plugin.fail('größe')),
			await failure(plugin.render({ ...page, status: 2 ** 16 }, 1)),
			await failure(plugin.render({ ...page, links: [new Map()] }, 1)),
			await failure(plugin.half(1)),
			await failure(python.call('plugin', 'none')),
			await failure(python.run('raise SystemExit(3)')),
			await plugin.fail('x').catch((error) => [error instanceof PythonError, error.type, error.frames]),
		];
		await python.close();
		return shows;
	},
	'exports fail as they declare': async () => {
		const { python } = await open();
		const { plugin } = python.exports;
		const declared = (type) => (error) => [error instanceof type, error.name, error.message, error.payload];
		const shows = [
			(await plugin.load('')).status,
			await plugin.load('refused').catch(declared(TroubleException)),
			await plugin.load('timeout').catch(declared(TroubleException)),
			await plugin.load('other').catch(declared(TroubleException)),
			await failure(plugin.load('python')),
			(await plugin.check(true)) ?? 'nothing',
			await plugin.check(false).catch(declared(ResultException)),
		];
		await python.close();
		return shows;
	},
	'exports give resources': async () => {
		disposed.length = 0;
		const { python, written } = await open();
		const { plugin } = python.exports;
		const made = await plugin.make('made');
		const all = await plugin.all(['one', 'two']);
		const shows = [made.name(), await made.read(2), all.map((source) => source.name()), disposed.length];
		await python.run('import net\nprint(net.Source("later").name())');
		await python.close();
		return [...shows, written(), [...disposed]];
	},
	'exports take resources': async () => {
		disposed.length = 0;
		const net = makeNet();
		const { python, bindings, written } = await open(net);
		const { plugin } = python.exports;
		const [a, b, c] = ['a', 'b', 'c'].map((name) => new net.Source(name));
		// Lent: nothing stays behind, also when the function fails or what stands beside is wrong.
		const shows = [await plugin.nameOf('name: ', a), await plugin.nameOf('again: ', a)];
		shows.push(await failure(plugin.nameOf('name: ', {})), await failure(plugin.nameOf('fail', a)));
		// Given: it is the host's own object that comes back, and Python may do with it what it wants.
		shows.push((await plugin.giveBack(a)) === a, await plugin.keep(b, [c]), await plugin.read(2), [...disposed]);
		shows.push(await failure(plugin.keep(a, [c, {}])), await plugin.giveBack(a).then((same) => same.name()));
		await python.run('import plugin\nplugin.kept.clear()');
		shows.push([...disposed].sort());
		const many = Array.from({ length: 300 }, (_, index) => new net.Source(`many${index}`));
		shows.push(await plugin.keep(a, many), await plugin.giveBack(many[0]).then((same) => same === many[0]));
		await python.run('plugin.kept.clear()');
		shows.push(disposed.length, await plugin.nameOf('last: ', c));
		// The host holds nothing for Python any more.
		shows.push(bindings.heap.held.filter((one) => one !== undefined).length);
		await python.close();
		return [...shows, written()];
	},
	'interpreters wait side by side, each for what the other does': async () => {
		const gates = new Gates();
		const now = (name) => {
			gates.open(name, `${name} opened`);
			return '';
		};
		const net = { ...makeNet(gates), now };
		const [a, b] = await Promise.all([open(net), open(net)]);
		await Promise.all([
			a.python.run('import net\nprint(net.wait("a"))\nnet.now("b")\nprint(net.wait("c"))'),
			b.python.run('import net\nnet.now("a")\nprint(net.wait("b"))\nnet.now("c")'),
		]);
		await Promise.all([a.python.close(), b.python.close()]);
		return [a.written(), b.written()];
	},
	'the host calls Python while that waits, as deep as it likes': async () => {
		let python;
		const net = {
			...makeNet(),
			async count(n) {
				if (n > 0) await python.run(`import net\ncounts.append(net.count(${n - 1}))`);
				return n;
			},
		};
		const one = await open(net);
		({ python } = one);
		await python.run('import net\ncounts = []\nprint(net.count(30), counts)');
		await python.close();
		return one.written();
	},
	'calls that begin while Python waits nest, and what waits goes on after them': async () => {
		const gates = new Gates();
		const { python, written } = await open(makeNet(gates));
		const outer = python.run('import net\nprint("outer begins")\nprint(net.wait("outer"))');
		const inner = python.run('import net\nprint("inner begins")\nprint(net.wait("inner"))');
		const third = python.run('print("third")');
		gates.open('outer', 'outer ends');
		await third;
		gates.open('inner', 'inner ends');
		await Promise.all([outer, inner]);
		await python.close();
		return written().split('\n').slice(0, -1);
	},
	'what a function that does not wait begins is run later': async () => {
		let python;
		let begun;
		const net = {
			...makeNet(),
			now() {
				begun ??= python.run('print("later")');
				return 'now';
			},
		};
		const one = await open(net);
		({ python } = one);
		await python.run('import net\nprint(net.now(""))\nprint("goes on")\nnet.nothing()\nprint("waited")');
		await begun;
		await python.close();
		return one.written().split('\n').slice(0, -1);
	},
	'a nested error is what the host function throws': async () => {
		let python;
		const net = { ...makeNet(), nothing: () => python.run('1 / 0') };
		const one = await open(net);
		({ python } = one);
		await python.run('import net\ntry:\n    net.nothing()\nexcept net.HostError as error:\n    print(error)');
		await python.close();
		return one.written();
	},
	'an interpreter that ends deep inside is ended': async () => {
		let python;
		const net = { ...makeNet(), nothing: () => python.run('import os; os._exit(4)') };
		({ python } = await open(net));
		const outer = await python
			.run('import net\ntry:\n    net.nothing()\nexcept BaseException:\n    print("not reached")')
			.catch((error) => [shown(error), error.exitCode]);
		const later = await failure(python.run('1'));
		await python.close();
		return [outer, later];
	},
	'closing rejects what waits': async () => {
		const { python } = await open();
		const waits = failure(python.run('import net\nnet.wait("never")'));
		const inner = failure(python.exports.plugin.waitFor('never'));
		await python.close();
		await python.close();
		return [await waits, await inner, await failure(python.run('1'))];
	},
	'closing ends in order when nothing runs': async () => {
		const { python, written } = await open();
		await python.run('import atexit, net\natexit.register(lambda: print(net.text("the end")))');
		await python.close();
		return [written(), await failure(python.exports.plugin.half(1n))];
	},
	'large values cross': async () => {
		const big = 'größe'.repeat(300_000);
		const net = { ...makeNet(), wait: async () => big, fetch: async () => ({ ...page, body: bytes }) };
		const bytes = new Uint8Array(3_000_000).map((_, index) => index % 251);
		const page = { status: 1, links: [], next: undefined };
		return written(
			`
import net, hashlib
text = net.wait("")
print(len(text), text == net.text(text), len(net.fetch("").body), sum(net.fetch("").body))
pages = net.many_pages(10000)
print(len(pages), pages[9999], sum(len(page.next) for page in pages))
`,
			net,
		);
	},
	'files and streams are the host’s': async () => {
		const text = new TextEncoder().encode('first\nsecond\n');
		let at = 0;
		const stdin = {
			terminal: false,
			wait: () => true,
			read(target) {
				const part = text.subarray(at, at + Math.min(target.length, 4));
				target.set(part);
				at += part.length;
				return part.length;
			},
		};
		const one = await open(makeNet(), {
			stdin,
			env: { NAME: 'value' },
			args: ['prog', 'arg'],
			files: { 'in.txt': 'in' },
		});
		await one.python.run(`
import sys, os, time
print(input(), input(), sys.argv, os.environ["NAME"])
with open("/app/in.txt") as file, open("/app/out.txt", "w") as out:
    out.write(file.read() + "out")
os.mkdir("/app/folder")
os.rename("/app/out.txt", "/app/folder/new.txt")
print(sorted(os.listdir("/app")), os.stat("/app/folder/new.txt").st_size)
for bad in "/app/none.txt", "/lib", "/new.txt":
    try:
        open(bad, "w" if bad == "/new.txt" else "r")
    except OSError as error:
        print(type(error).__name__)
time.sleep(0.001)
print("to stderr", file=sys.stderr)
`);
		await one.python.close();
		return [...one.written().split('\n').slice(0, -1), new TextDecoder().decode(one.mount.readFile('folder/new.txt'))];
	},
	'memory stays as it is': () =>
		written(`
import net, sys
def round():
    net.fetch("")
    net.Source.open("s").read(10)
    for url in "timeout", "broken", "wrong", "wrong error":
        try:
            net.fetch(url)
        except Exception:
            pass
for _ in range(20): round()
before = sys.getallocatedblocks()
for _ in range(200): round()
print(abs(sys.getallocatedblocks() - before) < 50)
`),
	'commands run to their end': async () => {
		const program = 'import sys, net; print(net.text("x"), sys.argv[1:]); sys.exit(5)';
		const { options, written } = optionsOf(makeNet(), { args: ['python', '-c', program, 'a'] });
		const code = await runCommand(module, options);
		const broken = optionsOf(makeNet(), { args: ['python', '-c', 'import net; net.fetch("broken")'] });
		const brokenCode = await runCommand(module, broken.options);
		return [code, written(), brokenCode, broken.written().trim().split('\n').at(-1)];
	},
	'an error that shall unwind ends the interpreter': async () => {
		const stop = Object.assign(new Error('stop'), { [Symbol.for('cpybuild.unwind')]: true });
		const { python } = await open({ ...makeNet(), nothing: () => Promise.reject(stop) });
		const ended = await python.run('import net; net.nothing()').catch((error) => error);
		return [ended instanceof InterpreterEnded, ended.message, ended.cause.message];
	},
};

const [, , , , only] = process.argv;
const shows = {};
for (const [name, run] of Object.entries(scenarios)) {
	if (only === undefined || name.includes(only)) shows[name] = await run();
}
console.log(JSON.stringify(shows, undefined, '\t'));
