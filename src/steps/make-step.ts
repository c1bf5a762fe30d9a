import { type Json, keyOf } from '../cache/key.js';
import type { Step } from './step.js';

/**
 * What a step's inputs consist of: plain data all the way down. (`Json` itself refuses interfaces, whose members
 * anybody could add to.)
 */
type Plain<T> = T extends Json | undefined
	? T
	: T extends (...args: never) => unknown
		? never
		: { readonly [N in keyof T]: Plain<T[N]> };

/** Makes a step; its key follows from inputs and needs, so nobody can forget to compute it. */
export function makeStep<Inputs>(
	init: Pick<Step, 'id' | 'title' | 'run' | 'recall' | 'isLocal'> & {
		readonly inputs: Inputs & Plain<Inputs>;
		readonly needs?: readonly Step[];
	},
): Step {
	const needs = init.needs ?? [];
	const kind = kindOf(init.id);
	const inputs = init.inputs as Json;
	const key = keyOf(kind, inputs, Object.fromEntries(needs.map((step) => [step.id, step.key])));
	return { ...init, inputs, needs, key };
}

/** The part of an id that names its folder in the store: `compile` of `compile:demo`. */
export function kindOf(id: string): string {
	return id.split(':')[0] ?? id;
}
