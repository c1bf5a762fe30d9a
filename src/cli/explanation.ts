import type { Explanation, InputChange } from '../index.js';

type Step = Explanation['steps'][number];

/** A value of an input: what JSON can say. */
type Value = NonNullable<InputChange['old']>;

/** An explanation for people; `out` is the output folder as they know it. */
export function renderExplanation({ known, steps }: Explanation, out: string): string {
	if (!known) {
		const running = steps.filter(({ status }) => status === 'runs').map(({ id }) => id);
		return `no earlier build of ${out} is known\n${running.length > 0 ? `${running.join(', ')} would run\n` : ''}`;
	}
	const told = steps.filter(({ kind, status }) => kind !== 'same' || status === 'runs');
	if (told.length === 0) return `nothing differs from the last build of ${out}\n`;
	return told
		.flatMap(describeStep)
		.map((line) => `${line}\n`)
		.join('');
}

/** What becomes of a step, and indented below it why. */
function describeStep({ id, kind, status, inputs, needs }: Step): readonly string[] {
	const fate = {
		runs: 'runs',
		cached: 'differs, and is in the cache',
		unneeded: 'differs, and is not needed',
		gone: '',
	};
	switch (kind) {
		case 'gone':
			return [`${id} is no longer a step`];
		case 'new':
			return [`${id} is new${status === 'runs' ? ', and runs' : ''}`];
		case 'same':
			return [`${id} runs`, '  its output is not in the cache'];
		case 'changed':
			return [
				`${id} ${fate[status]}`,
				...inputs.flatMap((one) => describeChange(one).map((line) => `  ${line}`)),
				...needs.map((need) => `  ${need} differs`),
			];
	}
}

/** `toolchain.sysroot: 79eef0c336fe → 5ab1c2d3e4f5`; of two lists, what is only in one of them. */
function describeChange(change: InputChange): readonly string[] {
	const { name, old, new: now } = change;
	if (!Array.isArray(old) || !Array.isArray(now)) return [`${name}: ${describe(old)} → ${describe(now)}`];
	const [removed, added] = [without(old, now), without(now, old)];
	if (removed.length + added.length === 0) return [`${name}: ${describe(old)} → ${describe(now)}`];
	return [...removed.map((one) => `${name}: - ${describe(one)}`), ...added.map((one) => `${name}: + ${describe(one)}`)];
}

/** The members of a list that another has not, one for one. */
function without(list: readonly Value[], other: readonly Value[]): readonly Value[] {
	const left = other.map((one) => JSON.stringify(one));
	return list.filter((one) => {
		const index = left.indexOf(JSON.stringify(one));
		if (index >= 0) left.splice(index, 1);
		return index < 0;
	});
}

function describe(value: Value | null | undefined): string {
	if (value === undefined || value === null) return 'none';
	if (typeof value === 'string') return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value === '' ? '""' : value;
	if (typeof value !== 'object') return String(value);
	if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(describe).join(' ');
	return Object.entries(value)
		.map(([name, member]) => `${name} ${describe(member)}`)
		.join(', ');
}
