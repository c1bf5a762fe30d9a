import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type ExpressionContext, evaluate, fill } from '../../helpers/action-expression.js';
import { readAction } from '../../helpers/action-runner.js';

const ROOT = new URL('../../../', import.meta.url).pathname;

interface Workflow {
	readonly permissions: unknown;
	readonly jobs: Readonly<
		Record<string, { readonly steps: readonly { readonly uses?: string; readonly run?: string }[] }>
	>;
}

const workflow = async (): Promise<Workflow> => parse(await readFile(`${ROOT}.github/workflows/ci.yml`, 'utf8'));

describe('action.yml', () => {
	test('runs one-line commands that take nothing from expressions', async () => {
		const { runs } = await readAction(ROOT);
		expect(runs.using).toBe('composite');
		const commands = runs.steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
		expect(commands).toEqual([
			'node "$GITHUB_ACTION_PATH/scripts/ci/action.mjs" key',
			'node "$GITHUB_ACTION_PATH/scripts/ci/action.mjs" build',
			'node "$GITHUB_ACTION_PATH/scripts/ci/action.mjs" trim',
		]);
	});

	test('uses every input, and gives texts as defaults', async () => {
		const text = await readFile(`${ROOT}action.yml`, 'utf8');
		const { inputs } = await readAction(ROOT);
		for (const [name, input] of Object.entries(inputs)) {
			expect(text.includes(`inputs.${name} `), name).toBe(true);
			expect(typeof input.default, name).toBe('string');
			expect(input.description, name).toMatch(/\.$/);
		}
	});
});

test('actions of others are pinned by the hash of a commit', async () => {
	const { jobs } = await workflow();
	const used = [...(await readAction(ROOT)).runs.steps, ...Object.values(jobs).flatMap(({ steps }) => steps)];
	for (const { uses } of used) if (uses && uses !== './') expect(uses).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
});

test("the project's own workflow uses the action, runs one-line commands, and may only read", async () => {
	const { jobs, permissions } = await workflow();
	const steps = Object.values(jobs).flatMap((job) => job.steps);
	expect(permissions).toEqual({ contents: 'read' });
	expect(steps.filter(({ uses }) => uses === './')).toHaveLength(1);
	for (const { run } of steps) expect(run ?? '').not.toMatch(/\n|\$\{\{/);
});

test('the examples in docs/cache.md give the action inputs that it has', async () => {
	const { inputs } = await readAction(ROOT);
	const text = await readFile(`${ROOT}docs/cache.md`, 'utf8');
	const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']): unknown => parse(block));
	const given = blocks.flatMap(stepsIn).flatMap((step) => (step.uses?.includes('cpybuild@') ? [step.with ?? {}] : []));
	expect(given.length).toBeGreaterThanOrEqual(3);
	for (const values of given) for (const name of Object.keys(values)) expect(Object.keys(inputs)).toContain(name);
});

/** All steps in an example, which is a list of them or a workflow. */
function stepsIn(example: unknown): readonly { readonly uses?: string; readonly with?: object }[] {
	if (Array.isArray(example)) return example;
	return Object.values((example as Workflow).jobs).flatMap(({ steps }) => steps);
}

describe('the runner of the tests understands', () => {
	const context: ExpressionContext = { inputs: { a: 'x', none: '' }, steps: { one: { out: 'y' } } };

	test.each([
		["inputs.a == 'x'", true],
		["inputs.a != 'x'", false],
		["inputs.a == 'X'", true],
		["inputs.none || 'default'", 'default'],
		["inputs.a == 'x' && steps.one.outputs.out", 'y'],
		["!(inputs.a == 'x') || steps.one.outputs.gone == ''", true],
		["'it''s'", "it's"],
	])('%s', (expression, value) => {
		expect(evaluate(expression, context)).toBe(value);
	});

	test('texts with expressions in them', () => {
		// biome-ignore lint/suspicious/noTemplateCurlyInString: it is an expression of GitHub's.
		expect(fill('<${{ inputs.a }}-${{ steps.one.outputs.out }}>', context)).toBe('<x-y>');
	});

	test.each([
		'inputs.b',
		'steps.two.outputs.out',
		'github.sha',
		'hashFiles(x)',
		"inputs.a == 'x' 'y'",
		'inputs.a + 1',
		'(inputs.a',
	])('that it does not understand %s', (expression) => {
		expect(() => evaluate(expression, context)).toThrow();
	});
});
