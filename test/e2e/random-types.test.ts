import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createInterpreter, type HostBindings, type Interpreter } from '../../runtime/index.js';
import { hostOutput, nodeMount } from '../../runtime/node/index.js';
import { wasm } from '../../src/webassembly.js';
import { printType } from '../../src/wit/print.js';
import type { WitType } from '../../src/wit/type.js';
import { VERSIONS } from '../helpers/dist.js';
import { openProject } from '../helpers/project.js';
import { fitForManifest, type TypeModule, typeProject } from '../helpers/type-project.js';
import { randomType, randomValue } from '../unit/bindings/random-types.js';

/** Set `CPYBUILD_SEED` to run the same types and values again. */
const seed = Number(process.env.CPYBUILD_SEED ?? Date.now() % 2 ** 31);

const MODULES = 10;
const TYPES_OF_MODULE = 21;
const VALUES = 20;

/** What Python does with the value that the host has: takes it, gives it back in all ways, and compares. */
const program = `
import importlib

def same(a, b):
    # What is not a number is not equal to itself.
    return a == b or repr(a) == repr(b)

def step(module, index):
    module = importlib.import_module(module)
    give, take, echo, find = (getattr(module, f"{name}{index}") for name in ("give", "take", "echo", "find"))
    value = give()
    take(value)
    for other in (echo(value), find()):
        assert same(other, value), (other, value)
    try:
        find()
    except module.HostError:
        raise
    except Exception as error:
        payload = getattr(error, "payload", error)
    assert same(payload, value), (payload, value)
    take(payload)
`;

/** What the host has for Python, and what it got from it. */
interface State {
	value: unknown;
	fails: boolean;
	readonly taken: unknown[];
}

function hostOf(modules: readonly TypeModule[], state: State): object {
	const find = (): unknown => {
		state.fails = !state.fails;
		if (!state.fails) throw Object.assign(new Error(), { payload: state.value });
		return state.value;
	};
	const functions = (_: WitType, index: number) => [
		[`give${index}`, () => state.value],
		[`take${index}`, (value: unknown) => void state.taken.push(value)],
		[`echo${index}`, (value: unknown) => value],
		[`find${index}`, find],
	];
	return Object.fromEntries(modules.map(({ name, types }) => [name, Object.fromEntries(types.flatMap(functions))]));
}

async function start(modules: readonly TypeModule[], python: string, state: State): Promise<Interpreter> {
	const folder = await mkdtemp(join(tmpdir(), 'cpybuild-test-'));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const project = await openProject(folder, { 'project.yaml': typeProject(modules, python) });
	const { code, stderr } = await project.build();
	// The manifest is too long for a comparison.
	if (code !== 0) throw new Error(stderr.slice(-4000));
	const { createBindings } = (await import(pathToFileURL(join(project.dist, 'bindings.js')).href)) as {
		readonly createBindings: (host: object) => HostBindings;
	};
	const interpreter = await createInterpreter(await wasm.compile(await readFile(join(project.dist, 'python.wasm'))), {
		bindings: createBindings(hostOf(modules, state)),
		stdout: hostOutput(1),
		stderr: hostOutput(2),
		mounts: [{ guest: '/', mount: nodeMount(project.dist) }],
	});
	interpreter.run(program);
	return interpreter;
}

/** Distinct types, some of which are large. */
function distinctTypes(count: number, from: number): WitType[] {
	const types = new Map<string, WitType>();
	for (const type of fc.sample(randomType, { seed: from, numRuns: count * 4 })) types.set(JSON.stringify(type), type);
	return [...types.values()].slice(0, count);
}

describe.each(VERSIONS)(`Python %s, seed ${seed}`, (version) => {
	test('takes and gives values of random types as they are', async () => {
		const from = seed + VERSIONS.indexOf(version);
		const types = distinctTypes(MODULES * TYPES_OF_MODULE, from);
		expect(types.length).toBe(MODULES * TYPES_OF_MODULE);
		const modules = Array.from({ length: MODULES }, (_, index) => ({
			name: `kinds${index}`,
			types: fitForManifest(types.slice(index * TYPES_OF_MODULE, (index + 1) * TYPES_OF_MODULE)),
		}));
		const state: State = { value: undefined, fails: false, taken: [] };
		const interpreter = await start(modules, version, state);
		for (const { name, types } of modules) {
			for (const [index, type] of types.entries()) {
				for (const value of fc.sample(randomValue(type), { seed: from, numRuns: VALUES })) {
					Object.assign(state, { value, fails: false });
					const where = `${name}.give${index}: ${printType(type)}`;
					expect(() => interpreter.run(`step("${name}", ${index})`), where).not.toThrow();
					expect(state.taken.splice(0), where).toEqual([value, value]);
				}
			}
		}
		interpreter.close();
	});
});
