import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CorpusCase, corpusCases } from '../helpers/wit/corpus.js';
import { generateText } from '../helpers/wit/generate.js';
import { judgeOurselves, type Verdict, WasmTools, type WitCase } from '../helpers/wit/judges.js';
import { mutateText } from '../helpers/wit/mutate.js';
import { Random } from '../helpers/wit/random.js';

/** How many texts each run makes up; at least 5,000 of them are judged, since some may make wasm-tools panic. */
const COUNT = 5200;

const seed = Number(process.env.CPYBUILD_TEST_SEED ?? Date.now() % 1_000_000_000);

let tools: WasmTools;

beforeAll(() => {
	tools = new WasmTools();
});

afterAll(() => tools.close());

test(`made-up WIT texts are accepted and rejected as wasm-tools does (CPYBUILD_TEST_SEED=${seed} repeats this)`, async () => {
	const random = new Random(seed);
	const cases = Array.from({ length: COUNT }, () => makeCase(random));
	const theirs = await tools.judge(cases);
	const judged = cases.flatMap((one, index) => {
		const their = theirs[index];
		return their === undefined || their.verdict === 'panics' ? [] : [{ one, ours: judgeOurselves(one), their }];
	});
	expect(judged.filter(({ ours, their }) => ours.verdict !== their.verdict).map(describeDisagreement)).toEqual([]);
	expect(judged.length).toBeGreaterThanOrEqual(5000);
	// A generator that makes only nonsense would agree with everything.
	const accepted = judged.filter(({ ours }) => ours.verdict === 'accepts').length;
	expect(accepted).toBeGreaterThan(COUNT / 5);
	expect(accepted).toBeLessThan((COUNT * 4) / 5);
});

describe('the corpus', () => {
	test.each(corpusCases('right').map((one) => ({ ...one, one })))('wasm-tools accepts $name', async ({ one }) => {
		expect(await judgeCase(one, ['corpus'])).toEqual({ verdict: 'accepts' });
	});

	test.each(corpusCases('wrong').map((one) => ({ ...one, one })))('wasm-tools rejects $name', async ({ one }) => {
		expect((await judgeCase(one, [])).verdict).toBe('rejects');
	});
});

async function judgeCase({ path, isFolder, files }: CorpusCase, worlds: readonly string[]): Promise<Verdict> {
	if (isFolder) return tools.judgeFolder(resolve(path), worlds);
	const [text = ''] = files.values();
	const [verdict] = await tools.judge([{ text, features: [] }]);
	// A text that we cannot read has no worlds to look at; wasm-tools must not have been able to read it either.
	return verdict ?? { verdict: 'panics' };
}

function makeCase(random: Random): WitCase {
	const text = generateText(random);
	const features = random.pick([[], ['one'], ['one', 'two']]);
	return { text: random.chance(0.5) ? mutateText(random, text) : text, features };
}

function describeDisagreement({ one, ours, their }: { one: WitCase; ours: Verdict; their: Verdict }): string {
	return `features ${one.features.join()}\n${one.text}\n\nours: ${ours.message ?? 'accepts'}\ntheirs: ${their.message ?? 'accepts'}`;
}
