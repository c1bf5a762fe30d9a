import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAsyncInterpreter, createInterpreter } from '../../runtime/index.js';
import { wasm } from '../../src/webassembly.js';
import { cpybuild, ROOT, runNode } from '../helpers/cli.js';
import { builtDist } from '../helpers/dist.js';
import { newerNode } from '../helpers/newer-node.js';

let dist = '';
let newer = '';
beforeAll(async () => {
	[dist, newer] = await Promise.all([builtDist(undefined, 'async'), newerNode()]);
});

/** Runs a program beside the dist folder. */
const run = (program: string, args: readonly string[], node: string) =>
	runNode([join(dirname(dist), program), ROOT, ...args], { node });

describe.each([
	{ engine: 'this Node, in a thread', waiting: 'thread', node: () => process.execPath },
	{ engine: 'a newer Node, by promises of the engine', waiting: 'promises', node: () => newer },
	{ engine: 'a newer Node, in a thread', waiting: 'thread', node: () => newer },
])('async host functions on $engine', ({ waiting, node }) => {
	// After a change: the same file is expected on all, so look at each of them.
	test('show what is expected', async () => {
		const { stdout, stderr, code } = await run('suite.mjs', [waiting], node());
		expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
		await expect(`${stdout}\n`).toMatchFileSnapshot('async/expected.json');
	});

	test('do not keep a process that has nothing else to do', async () => {
		expect(await run('left.mjs', [waiting], node())).toEqual({ stdout: 'left', stderr: '', code: 0 });
	});
});

describe('an interpreter with async host functions', () => {
	test('waits by promises of the engine where nothing else is said', async () => {
		expect(await run('left.mjs', [], newer)).toEqual({ stdout: 'left', stderr: '', code: 0 });
	});

	const bindingsOf = async () => {
		const { createBindings } = await import(join(dist, 'bindings.js'));
		const { makeNet } = await import(join(dirname(dist), 'net.mjs'));
		return createBindings({ net: makeNet() });
	};
	const compiled = async () => wasm.compile(await readFile(join(dist, 'python.wasm')));

	test('says why it cannot be', async () => {
		const bindings = await bindingsOf();
		const module = await compiled();
		const lacks = 'this JavaScript engine has no JavaScript Promise Integration';
		await expect(createAsyncInterpreter(module, { bindings })).rejects.toEqual(
			new Error(`Python cannot wait here: ${lacks}, and the option "thread" is missing`),
		);
		await expect(createAsyncInterpreter(module, { bindings, waiting: 'promises' })).rejects.toEqual(
			new Error(`Python cannot wait here: ${lacks}`),
		);
		await expect(createAsyncInterpreter(module, { bindings, waiting: 'thread' })).rejects.toEqual(
			new Error('Python cannot wait here: the option "thread" is missing'),
		);
	});

	test('needs a function of its own', async () => {
		const bindings = await bindingsOf();
		const error = new TypeError('these bindings have async functions: use createAsyncInterpreter');
		await expect(createInterpreter(await compiled(), { bindings })).rejects.toEqual(error);
	});
});

describe('cpybuild run', () => {
	const program = `
import net, sys
print(net.text("größe"), net.fetch("").status, sys.argv[1:])
try:
    net.fetch("timeout")
except Exception as error:
    print(error)
print(input())
sys.exit(3)
`;
	test.each([
		['this Node', () => process.execPath],
		['a newer Node', () => newer],
	])('lets Python wait on %s', async (_, node) => {
		const host = join(dirname(dist), 'host.mjs');
		const args = ['run', dist, '--host', host, '--', '-c', program, 'a'];
		const ended = await cpybuild(args, { node: node(), input: 'typed\n' });
		expect(ended).toEqual({ stdout: "größe 200 ['a']\n7\ntyped", stderr: '', code: 3 });
	});

	test('has stack enough for limits of Python', async () => {
		const host = join(dirname(dist), 'host.mjs');
		const deep = 'import json\ntry:\n    json.loads("[" * 100000)\nexcept RecursionError:\n    print("caught")';
		expect(await cpybuild(['run', dist, '--host', host, '--', '-c', deep])).toMatchObject({
			stdout: 'caught',
			code: 0,
		});
	});

	test('says how Python crashed', async () => {
		const host = join(dirname(dist), 'host.mjs');
		expect(await cpybuild(['run', dist, '--host', host, '--', '-c', 'import os; os.abort()'])).toMatchObject({
			stderr: 'cpybuild: python.wasm crashed: unreachable',
			code: 134,
		});
	});
});
