import { describe, expect, test } from 'vitest';
import { judgeNode, type NodeFacts, readNode } from '../../../src/doctor/node.js';
import { wasmSupport } from '../../../src/doctor/wasm-features.js';

const FACTS: NodeFacts = {
	version: '24.3.0',
	oldest: '20.12',
	manager: undefined,
	wasm: { missing: [], extras: ['SIMD', 'JSPI'], without: ['memory64'] },
};

const WASM = {
	id: 'node.webassembly',
	state: 'ok',
	found: 'WebAssembly with all that python.wasm uses, and SIMD, JSPI; without memory64',
};

test('a current Node is fine', () => {
	expect(judgeNode(FACTS)).toEqual([{ id: 'node.version', state: 'ok', found: 'Node 24.3.0' }, WASM]);
});

test.each(['20.12.0', '20.13.1', '21.0.0', '20.12.0-nightly'])('Node %s is new enough for 20.12', (version) => {
	expect(judgeNode({ ...FACTS, version })[0]).toMatchObject({ state: 'ok' });
});

test.each([
	['20.11.9', undefined, undefined],
	['18.20.4', 'nvm', 'nvm install --lts'],
	['18.20.4', 'fnm', 'fnm install --lts && fnm use lts-latest'],
	['18.20.4', 'volta', 'volta install node@lts'],
	['18.20.4', 'brew', 'brew install node'],
] as const)('Node %s is too old; with %s there is a command', (version, manager, repair) => {
	expect(judgeNode({ ...FACTS, version, manager })[0]).toEqual({
		id: 'node.version',
		state: 'error',
		found: `Node ${version}`,
		means: 'cpybuild needs Node 20.12 or newer',
		...(repair && { repair }),
	});
});

test('extras that are all there, or all missing, leave no empty lists', () => {
	const all = { missing: [], extras: ['SIMD'], without: [] };
	expect(judgeNode({ ...FACTS, wasm: all })[1]?.found).toBe('WebAssembly with all that python.wasm uses, and SIMD');
	const none = { missing: [], extras: [], without: ['SIMD'] };
	expect(judgeNode({ ...FACTS, wasm: none })[1]?.found).toBe(
		'WebAssembly with all that python.wasm uses; without SIMD',
	);
});

test('features that python.wasm uses are needed', () => {
	const wasm = { missing: ['bulk memory', 'sign extension'], extras: [], without: [] };
	expect(judgeNode({ ...FACTS, wasm })[1]).toEqual({
		id: 'node.webassembly',
		state: 'error',
		found: 'the WebAssembly of this Node lacks bulk memory, sign extension',
		means: 'clang uses them in python.wasm, which runs in Node while it is built',
	});
});

test('a Node without WebAssembly cannot build', () => {
	expect(judgeNode({ ...FACTS, wasm: undefined })[1]).toEqual({
		id: 'node.webassembly',
		state: 'error',
		found: 'this Node runs without WebAssembly',
		means: "python.wasm runs in Node while it is built; Node's option --jitless switches WebAssembly off",
		repair: 'unset NODE_OPTIONS',
	});
});

describe('features are tried', () => {
	test('and this Node has those that are needed', () => {
		expect(wasmSupport(globalThis)).toMatchObject({
			missing: [],
			extras: expect.arrayContaining(['SIMD', 'tail calls', 'exception handling']),
		});
		expect(readNode({})).toMatchObject({ version: process.versions.node, oldest: expect.stringMatching(/^\d+\.\d+$/) });
	});

	test('by modules that are valid only with them, and for JSPI by its name', () => {
		const none = { WebAssembly: { validate: () => false } };
		const used = [
			...['sign extension', 'saturating conversions', 'bulk memory', 'several results'],
			...['reference types', 'mutable globals'],
		];
		const extras = ['SIMD', 'tail calls', 'exception handling', 'exnref', 'memory64', 'JSPI'];
		expect(wasmSupport(none)).toEqual({ missing: used, extras: [], without: extras });
		const all = { WebAssembly: { validate: () => true, Suspending: class {} } };
		expect(wasmSupport(all)).toEqual({ missing: [], extras, without: [] });
		expect(wasmSupport({})).toBeUndefined();
	});

	test('each module is refused when its feature is spoilt', () => {
		const asked: Uint8Array[] = [];
		wasmSupport({ WebAssembly: { validate: (bytes: Uint8Array) => asked.push(bytes) > 0 } });
		const { validate } = (globalThis as unknown as { WebAssembly: { validate(bytes: Uint8Array): boolean } })
			.WebAssembly;
		// Those that this engine knows are whole modules, not refused or accepted by chance.
		for (const bytes of asked.filter(validate)) expect(validate(bytes.subarray(0, -1))).toBe(false);
		expect(asked.filter(validate).length).toBeGreaterThanOrEqual(9);
	});
});
