import { expect, test } from 'vitest';
import { createInterpreter } from '../../../runtime/index.js';
import { contractOf } from '../../../src/contract/contract.js';
import { CONTRACT_SECTION, encodeContract } from '../../../src/contract/section.js';
import type { Manifest } from '../../../src/manifest/manifest.js';
import type { TypeDefinition, WitType } from '../../../src/wit/type.js';
import { load, wasm } from './guest.js';
import { example, hostFunction, hostModule, manifestOf, oneExport } from './manifests.js';
import { rich } from './rich.js';
import { func, list, record, type Some } from './types.js';

/** An integer as wasm has it in its sections. */
function leb(value: number): number[] {
	return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)];
}

/** A compiled module with nothing in it but a contract. */
function moduleOf(contract: Uint8Array | undefined): object {
	const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
	if (contract === undefined) return new wasm.Module(Uint8Array.from(head));
	const name = new TextEncoder().encode(CONTRACT_SECTION);
	const content = [...leb(name.length), ...name, ...contract];
	return new wasm.Module(Uint8Array.from([...head, 0, ...leb(content.length), ...content]));
}

function definitionOf(type: WitType): TypeDefinition {
	if (type.kind !== 'named') throw new Error('no definition');
	return type.definition;
}

/** A manifest whose function `demo.find` takes a list of records with this field, beside another function. */
function finder(field: Some, ...others: readonly string[]): Manifest {
	const row = record('row', { id: field });
	const page = record('page', { rows: list(row) });
	return manifestOf(
		hostModule(
			'demo',
			[
				hostFunction('demo', 'find', func({ page }, 'string')),
				...others.map((name) => hostFunction('demo', name, func({}))),
			],
			undefined,
			[definitionOf(row), definitionOf(page)],
		),
	);
}

async function check(needed: Manifest, offered: Manifest): Promise<() => void> {
	const { checkContract } = await load(offered);
	const module = moduleOf(encodeContract(contractOf(needed)));
	return () => checkContract(module);
}

const head = 'the wasm module and these bindings are not from the same build:';

test.each([
	['the example', example],
	['all kinds of types', rich],
	['nothing', manifestOf()],
])('bindings fit the module of the same manifest: %s', async (_, manifest) => {
	expect(await check(manifest, manifest)).not.toThrow();
});

test('a module without a contract is not checked', async () => {
	const { checkContract } = await load(example);
	expect(() => checkContract(moduleOf(undefined))).not.toThrow();
});

test('more functions than needed are fine', async () => {
	expect(await check(finder('s32'), finder('s32', 'more'))).not.toThrow();
});

test('a function that is missing is told with its signature', async () => {
	const message = `${head}\n  demo.more: the module needs func(), and the bindings lack it`;
	expect(await check(finder('s32', 'more'), finder('s32'))).toThrow(new TypeError(message));
});

test('another signature is told, the types in it by their modules', async () => {
	const other = manifestOf(hostModule('demo', [hostFunction('demo', 'find', func({ a: 's32' }, 'string'))]));
	expect(await check(finder('s32'), other)).toThrow(
		new TypeError(
			`${head}\n  demo.find: the module needs func(page: demo.page) -> string, and the bindings have func(a: s32) -> string`,
		),
	);
});

test('a definition is compared wherever functions lead to it', async () => {
	expect(await check(finder('s32'), finder('u32'))).toThrow(
		new TypeError(`${head}\n  demo.row: the module has record { id: s32 }, and the bindings have record { id: u32 }`),
	);
});

test('a definition that no needed function uses may differ', async () => {
	const needed = manifestOf(
		hostModule('demo', [hostFunction('demo', 'more', func({}))], undefined, [
			definitionOf(record('row', { id: 's32' })),
		]),
	);
	expect(await check(needed, finder('u32', 'more'))).not.toThrow();
});

test('functions of Python code that the bindings call are needed, and others are fine', async () => {
	const f = oneExport(func({ a: 's32' }, 'string'));
	expect(await check(f, f)).not.toThrow();
	expect(await check(f, manifestOf())).not.toThrow();
	expect(await check(manifestOf(), f)).toThrow(
		new TypeError(`${head}\n  exports.m.f: the bindings call func(a: s32) -> string, and the module lacks it`),
	);
	expect(await check(oneExport(func({ a: 'u32' }, 'string')), f)).toThrow(
		new TypeError(
			`${head}\n  exports.m.f: the bindings call func(a: s32) -> string, and the module has func(a: u32) -> string`,
		),
	);
});

test('a definition is compared wherever functions of Python code lead to it', async () => {
	const exporter = (id: Some): Manifest => {
		const row = record('row', { id });
		return { ...oneExport(func({}, list(row))), modules: [hostModule('demo', [], undefined, [definitionOf(row)])] };
	};
	expect(await check(exporter('s32'), exporter('s32'))).not.toThrow();
	expect(await check(exporter('s32'), exporter('u32'))).toThrow(
		new TypeError(`${head}\n  demo.row: the module has record { id: s32 }, and the bindings have record { id: u32 }`),
	);
});

/** Opens an interpreter of a module that has a contract and nothing else, so that what fits fails later. */
async function open(needed: Manifest, offered: Manifest, host: object): Promise<unknown> {
	const { createBindings } = await load(offered);
	return createInterpreter(moduleOf(encodeContract(contractOf(needed))), { bindings: createBindings(host) });
}

test('an interpreter is not made when its bindings differ, and every difference is told', async () => {
	const host = { demo: { find: () => '' } };
	await expect(open(finder('s32', 'more'), finder('u32'), host)).rejects.toThrow(
		new TypeError(
			[
				head,
				'  demo.more: the module needs func(), and the bindings lack it',
				'  demo.row: the module has record { id: s32 }, and the bindings have record { id: u32 }',
			].join('\n'),
		),
	);
});

test('an interpreter is made when its bindings offer more', async () => {
	const host = { demo: { find: () => '', more: () => {} } };
	await expect(open(finder('s32'), finder('s32', 'more'), host)).rejects.toThrow(
		new TypeError('the module exports no "memory"'),
	);
});

test('bindings check contracts also beside a module that is called like the check', async () => {
	const manifest = manifestOf(hostModule('check_contract', [hostFunction('check_contract', 'go', func({}))]));
	await expect(open(finder('s32'), manifest, { checkContract: { go: () => {} } })).rejects.toThrow(
		new TypeError(`${head}\n  demo.find: the module needs func(page: demo.page) -> string, and the bindings lack it`),
	);
});
