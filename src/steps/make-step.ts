import { type Json, keyOf } from '../cache/key.js';
import type { Step } from './step.js';

/** Makes a step; its key follows from inputs and needs, so nobody can forget to compute it. */
export function makeStep<Inputs extends Json>(
	init: Pick<Step, 'id' | 'title' | 'run' | 'recall'> & { readonly inputs: Inputs; readonly needs?: readonly Step[] },
): Step {
	const needs = init.needs ?? [];
	const kind = kindOf(init.id);
	const key = keyOf(kind, init.inputs, Object.fromEntries(needs.map((step) => [step.id, step.key])));
	return { ...init, needs, key };
}

/** The part of an id that names its folder in the store: `compile` of `compile:demo`. */
export function kindOf(id: string): string {
	return id.split(':')[0] ?? id;
}
