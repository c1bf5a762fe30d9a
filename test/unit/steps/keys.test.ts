import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonical, type Json } from '../../../src/cache/key.js';
import { manifestJsonSchemaText } from '../../../src/manifest/json-schema.js';
import type { Plan } from '../../../src/plan.js';
import { kindOf, makeStep } from '../../../src/steps/make-step.js';
import { type Copy, copyCpybuild, differingSteps, WORLD, withReaders } from './keys-project.js';
import { CHANGING, COMPONENT, NEUTRAL } from './keys-rows.js';

let copy: Copy;
let usual: Plan;
/** With every step that there can be. */
let whole: Plan;

beforeAll(async () => {
	copy = await copyCpybuild();
	usual = await copy.plan(WORLD);
	whole = await copy.plan(COMPONENT);
});

afterAll(() => copy.remove());

const inputsOf = ({ inputs }: Plan['steps'][number]) => canonical(inputs);
const keyOf = ({ key }: Plan['steps'][number]) => key;

/** Inputs that some row changes, as `link.flags`. */
const changed = new Set<string>();

describe('keys change with', () => {
	test.each(CHANGING)('$name', async ({ from = WORLD, to, within, inputs }) => {
		const folder = within === undefined ? undefined : copy.folder(within);
		const before = from === WORLD ? usual : await copy.plan(from, folder);
		const after = await copy.plan(to(from), folder);
		expect(differingSteps(before, after, inputsOf)).toEqual([...inputs].sort());
		const readers = withReaders({ ...after, steps: [...before.steps, ...after.steps] }, inputs);
		expect(differingSteps(before, after, keyOf)).toEqual(readers);
		for (const name of differingInputs(before, after)) changed.add(name);
	});
});

describe('keys do not change with', () => {
	test.each(NEUTRAL)('$name', async ({ from = WORLD, to, folder, around }) => {
		const before = from === WORLD ? usual : await copy.plan(from);
		const undo = around?.();
		try {
			const after = await copy.plan(to(from), folder === undefined ? undefined : copy.folder(folder));
			expect(differingSteps(before, after, keyOf)).toEqual([]);
		} finally {
			undo?.();
		}
	});

	test('times of files', async () => {
		const folder = copy.folder('old');
		const before = await copy.plan(WORLD, folder);
		for (const path of Object.keys(WORLD.files)) utimesSync(join(folder, path), 1, 1);
		expect(differingSteps(before, await copy.planAgain(WORLD, folder), keyOf)).toEqual([]);
	});

	test('templates of files that no step reads', async () => {
		const templates = ['templates/bindings/text.ts', 'templates/init/host.ts'];
		const own = Object.fromEntries(templates.map((path) => [path, (text: string) => `${text}// more\n`]));
		expect(differingSteps(usual, await copy.plan({ ...WORLD, own }), keyOf)).toEqual([]);
	});
});

describe('no input is forgotten:', () => {
	test('every setting of a manifest has a row', () => {
		const rows = new Set([...CHANGING, ...NEUTRAL].map(({ setting }) => setting));
		const settings = settingsOf(JSON.parse(manifestJsonSchemaText()));
		expect(settings.filter((setting) => !rows.has(setting))).toEqual([]);
		expect([...rows].filter((row) => row !== undefined && !settings.includes(row))).toEqual([]);
	});

	test('every input of every step is changed by a row', () => {
		// What only cpybuild's code decides has no row: each of these is tested below.
		const decided = /\.(revision|leftOut)$|^inittab\.flags$/;
		const names = whole.steps.flatMap(({ id, inputs }) =>
			Object.keys(inputs ?? {}).map((name) => `${kindOf(id)}.${name}`),
		);
		expect([...new Set(names)].filter((name) => !decided.test(name) && !changed.has(name))).toEqual([]);
	});

	test('every part of an input counts', () => {
		for (const step of whole.steps) {
			for (const inputs of variants(step.inputs)) {
				expect(makeStep({ ...step, inputs }).key, `${step.id}: ${canonical(inputs)}`).not.toBe(step.key);
			}
			for (const need of step.needs) {
				const needs = step.needs.map((one) => (one === need ? makeStep({ ...need, inputs: 'other' }) : one));
				expect(makeStep({ ...step, needs }).key, `${step.id} needs ${need.id}`).not.toBe(step.key);
			}
		}
	});

	test('every template and patch that steps read has a row', () => {
		const rows = CHANGING.flatMap(({ from = WORLD, to }) => Object.keys(to(from).own));
		const folders = ['templates/c', 'templates/stdlib', 'templates/licenses', 'cpython-patches/3.11'];
		const files = folders.flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
		expect(files.filter((path) => !rows.includes(path))).toEqual([]);
	});

	test("cpybuild's own epoch is in every key", async () => {
		const next = await copyCpybuild({ 'src/cache/key.ts': (text) => text.replace(/EPOCH = \d+/, 'EPOCH = 99999') });
		try {
			const after = await next.plan(WORLD);
			expect(differingSteps(usual, after, keyOf)).toEqual(usual.steps.map(({ id }) => id).sort());
		} finally {
			next.remove();
		}
	});

	test('nothing of this machine is in the inputs', async () => {
		const text = canonical(whole.steps.map(({ inputs }) => inputs));
		expect(text).not.toContain(copy.folder('').slice(0, -1));
		expect(text).not.toContain(process.cwd());
		expect(text).not.toContain(process.env.HOME);
	});
});

test('docs/cache.md has a row for every input of every step, and no other', () => {
	const text = readFileSync('docs/cache.md', 'utf8');
	const documented = [...text.matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)].map(([, step, input]) => `${step}.${input}`);
	const names = whole.steps.flatMap(({ id, inputs }) =>
		Object.keys(inputs ?? {}).map((name) => `${kindOf(id)}.${name}`),
	);
	expect(documented.sort()).toEqual([...new Set(names)].sort());
});

/** Names of the inputs in which steps of the same kind differ. */
function differingInputs(before: Plan, after: Plan): readonly string[] {
	return after.steps.flatMap((step) => {
		const old = before.steps.find(({ id }) => id === step.id)?.inputs as Record<string, Json> | undefined;
		if (!old) return [];
		return Object.entries(step.inputs as Record<string, Json>)
			.filter(([name, value]) => canonical(value) !== canonical(old[name]))
			.map(([name]) => `${kindOf(step.id)}.${name}`);
	});
}

interface Schema {
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly additionalProperties?: Schema | boolean;
	readonly items?: Schema;
	readonly anyOf?: readonly Schema[];
	readonly type?: string | readonly string[];
}

/** Paths of all values that a schema describes: `build.memory.max`, `modules.*.define.*`. */
function settingsOf(schema: Schema, path = ''): readonly string[] {
	const below = (name: string) => (path === '' ? name : `${path}.${name}`);
	const inner = [
		...Object.entries(schema.properties ?? {}).flatMap(([name, one]) => settingsOf(one, below(name))),
		...(typeof schema.additionalProperties === 'object' ? settingsOf(schema.additionalProperties, below('*')) : []),
		...(schema.items && schema.type === 'array' ? settingsOf(schema.items, below('*')) : []),
		...(schema.anyOf ?? []).flatMap((one) => settingsOf(one, path)),
	];
	return inner.length > 0 ? [...new Set(inner)] : [path];
}

/** A value with one of its parts changed, for every part; with a part removed, for every member of a mapping. */
function* variants(value: Json): Iterable<Json> {
	if (typeof value === 'string') yield `${value}x`;
	else if (typeof value === 'number') yield value + 1;
	else if (typeof value === 'boolean') yield !value;
	else if (value === null) yield 'x';
	else if (Array.isArray(value)) {
		yield [...value, 'x'];
		if (value.length > 1 && canonical(value[0]) !== canonical(value.at(-1))) yield value.toReversed();
		for (const [index, one] of value.entries()) for (const other of variants(one)) yield value.with(index, other);
	} else {
		const members = Object.entries(value as Record<string, Json>);
		yield Object.fromEntries([...members, ['another member', 'x']]);
		for (const [name, one] of members) {
			for (const other of variants(one)) yield { ...(value as object), [name]: other };
			if (one !== null) yield Object.fromEntries(members.filter(([member]) => member !== name));
		}
	}
}
