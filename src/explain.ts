import { canonical, type Json } from './cache/key.js';
import type { StepRecord } from './last-plan.js';

/** An input that differs between two builds; what is not there is left out. */
export interface InputChange {
	/** Where it is in the step's inputs: `files["fast.c"]`. */
	readonly name: string;
	readonly old?: Json;
	readonly new?: Json;
}

/** What of a step differs from the last build. */
export interface StepChange {
	readonly id: string;
	/** `new`: the last build had no such step; `gone`: this one has none. */
	readonly kind: 'same' | 'changed' | 'new' | 'gone';
	readonly inputs: readonly InputChange[];
	/** Steps that it reads and that are not those of the last build, by their ids. */
	readonly needs: readonly string[];
}

/** Compares a plan with that of the last build, step by step in the plan's order; steps that are gone come last. */
export function comparePlans(last: readonly StepRecord[], now: readonly StepRecord[]): readonly StepChange[] {
	const before = new Map(last.map((step) => [step.id, step]));
	const here = new Set(now.map(({ id }) => id));
	const gone = last.filter(({ id }) => !here.has(id));
	return [
		...now.map((step) => compareSteps(before.get(step.id), step)),
		...gone.map(({ id }): StepChange => ({ id, kind: 'gone', inputs: [], needs: [] })),
	];
}

function compareSteps(last: StepRecord | undefined, now: StepRecord): StepChange {
	if (last === undefined) return { id: now.id, kind: 'new', inputs: [], needs: [] };
	if (last.key === now.key) return { id: now.id, kind: 'same', inputs: [], needs: [] };
	const needs = [...new Set([...Object.keys(last.needs), ...Object.keys(now.needs)])];
	return {
		id: now.id,
		kind: 'changed',
		inputs: compareInputs('', last.inputs, now.inputs),
		needs: needs.filter((id) => last.needs[id] !== now.needs[id]),
	};
}

/** Goes down where both are mappings; lists and everything else are one value. */
function compareInputs(name: string, last: Json | undefined, now: Json | undefined): readonly InputChange[] {
	if (canonical(last) === canonical(now)) return [];
	if (isMapping(last) && isMapping(now)) {
		const members = [...new Set([...Object.keys(last), ...Object.keys(now)])].sort();
		return members.flatMap((member) => compareInputs(memberName(name, member), last[member], now[member]));
	}
	return [{ name, ...(last !== undefined && { old: last }), ...(now !== undefined && { new: now }) }];
}

type Mapping = { readonly [name: string]: Json | undefined };

function isMapping(value: Json | undefined): value is Mapping {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As in JavaScript, so that names of files are told from names of inputs: `files["a.b"]`, `toolchain.sysroot`. */
function memberName(parent: string, member: string): string {
	if (!/^[A-Za-z_]\w*$/.test(member)) return `${parent}[${JSON.stringify(member)}]`;
	return parent === '' ? member : `${parent}.${member}`;
}
