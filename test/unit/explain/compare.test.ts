import { expect, test } from 'vitest';
import { comparePlans } from '../../../src/explain.js';
import type { StepRecord } from '../../../src/last-plan.js';

const step = (id: string, key: string, inputs: StepRecord['inputs'] = {}, needs: StepRecord['needs'] = {}) => ({
	id,
	key,
	inputs,
	needs,
});

test('a step with the same key is the same, whatever else', () => {
	expect(comparePlans([step('base', 'k', { a: 1 })], [step('base', 'k', { a: 2 })])).toEqual([
		{ id: 'base', kind: 'same', inputs: [], needs: [] },
	]);
});

test('inputs are compared down to their last names, with old and new value', () => {
	const old = {
		files: { 'src/a.c': 'h1', 'b.h': 'h2' },
		same: [1],
		toolchain: { programs: { clang: 'x' } },
		seed: null,
	};
	const now = {
		files: { 'src/a.c': 'h3', 'c.h': 'h4' },
		same: [1],
		toolchain: { programs: { clang: 'y' } },
		seed: 's',
	};
	expect(comparePlans([step('base', 'k', old)], [step('base', 'l', now)])).toEqual([
		{
			id: 'base',
			kind: 'changed',
			inputs: [
				{ name: 'files["b.h"]', old: 'h2' },
				{ name: 'files["c.h"]', new: 'h4' },
				{ name: 'files["src/a.c"]', old: 'h1', new: 'h3' },
				{ name: 'seed', old: null, new: 's' },
				{ name: 'toolchain.programs.clang', old: 'x', new: 'y' },
			],
			needs: [],
		},
	]);
});

test('lists are one value, since their order counts', () => {
	const [change] = comparePlans(
		[step('base', 'k', { flags: ['-a', '-b'] })],
		[step('base', 'l', { flags: ['-b', '-a'] })],
	);
	expect(change?.inputs).toEqual([{ name: 'flags', old: ['-a', '-b'], new: ['-b', '-a'] }]);
});

test('needs that differ are named, and so are those that came and went', () => {
	const old = step('link', 'k', {}, { base: '1', 'compile:a': '2', 'compile:b': '3' });
	const now = step('link', 'l', {}, { base: '1', 'compile:b': '4', 'compile:c': '5' });
	expect(comparePlans([old], [now])[0]?.needs).toEqual(['compile:a', 'compile:b', 'compile:c']);
});

test('steps that are new stand in their place, and those that are gone at the end', () => {
	const before = [step('base', '1'), step('compile:old', '2'), step('link', '3')];
	const after = [step('base', '1'), step('compile:new', '4'), step('link', '3')];
	expect(comparePlans(before, after).map(({ id, kind }) => `${id} ${kind}`)).toEqual([
		'base same',
		'compile:new new',
		'link same',
		'compile:old gone',
	]);
});
