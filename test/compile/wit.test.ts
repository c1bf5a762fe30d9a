import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contractOf } from '../../src/contract/contract.js';
import { outlineOf } from '../../src/contract/outline.js';
import { printWit } from '../../src/contract/print-wit.js';
import { loadManifest, printProjectWit } from '../../src/project.js';
import { corpusCases } from '../helpers/wit/corpus.js';
import { corpusProject } from '../helpers/wit/corpus-project.js';
import { WasmTools } from '../helpers/wit/judges.js';
import { database } from '../unit/contract/definitions.js';
import { hostFunction, hostModule, manifest, nativeModule, signature } from '../unit/generate/manifest.js';

let tools: WasmTools;

beforeAll(() => {
	tools = new WasmTools();
});

afterAll(() => tools.close());

const names = ['fetch_page', 'getURL', '_get_url', 'x_1', 'x1', 'list', 'interface', 'python', '__', 'É'];

const billing = {
	...hostModule('acme.billing.invoices', [
		{ ...hostFunction('get_row', signature({ id: 'u32' })), importName: 'get-row' },
	]),
	interface: { package: 'acme:billing@1.0.0', name: 'invoices' },
};

describe('wasm-tools accepts the WIT of', () => {
	test.each(readdirSync('test/golden/cases'))('the golden case %s', async (name) => {
		const text = await printProjectWit(await loadManifest(`test/golden/cases/${name}/project.yaml`));
		expect(await tools.judge([{ text, features: [] }])).toEqual([{ verdict: 'accepts' }]);
	});

	test.each(corpusCases('right').filter(({ name }) => /^(world-items|exports-of-types)$/.test(name)))(
		'what the world $name has by itself, as a contract',
		async (one) => {
			const { manifest, said } = await corpusProject(one);
			const texts = manifest ? [printWit(outlineOf(manifest), { docs: true }), contractOf(manifest).wit] : [];
			expect([said, await tools.judge(texts.map((text) => ({ text, features: [] })))]).toEqual([
				undefined,
				[{ verdict: 'accepts' }, { verdict: 'accepts' }],
			]);
		},
	);

	test.each([
		['types of every kind, used across modules', database],
		['no imports', manifest([hostModule('demo')])],
		[
			'Python names',
			manifest(
				names.map((name) =>
					hostModule(
						name,
						names.map((one) => hostFunction(one, signature({}))),
					),
				),
			),
		],
		[
			'other packages',
			manifest([billing, nativeModule('fast', { imports: [hostFunction('log', signature({ text: 'string' }))] })]),
		],
	])('%s', async (_, one) => {
		const texts = [printWit(outlineOf(one), { docs: true }), contractOf(one).wit];
		expect(await tools.judge(texts.map((text) => ({ text, features: [] })))).toEqual([
			{ verdict: 'accepts' },
			{ verdict: 'accepts' },
		]);
	});
});
