import { cut, describe, RAISES } from './errors.js';

/** A value of the host's that its type does not allow. It never leaves the bindings: Python gets an exception. */
export class Mismatch extends Error {
	/** The number of that exception. */
	readonly kind: number;
	/** Where the value is in the one that the host gave: `.rows[3].name`, or nothing when it is all of it. */
	path: string;
	/** What was found, and why it is wrong. */
	readonly found: string;
	readonly why: string;

	constructor(kind: number, found: string, why: string, step: string | number) {
		super(why);
		this.kind = kind;
		this.path = stepText(step);
		this.found = found;
		this.why = why;
	}
}

/** A step of a path: the index of an element, or text as it is. */
export function stepText(step: string | number): string {
	return typeof step === 'number' ? `[${step}]` : step;
}

/** Puts a step before the path of a mismatch; other errors stay what they are. */
export function within(error: unknown, step: string | number): unknown {
	if (error instanceof Mismatch) error.path = stepText(step) + error.path;
	return error;
}

/** A value of another type, or a number out of range: `numbers` is the JavaScript type of those that have one. */
export function mismatch(
	value: unknown,
	wanted: string,
	step: string | number,
	numbers?: 'number' | 'bigint',
): Mismatch {
	const outside = typeof value === numbers && (typeof value === 'bigint' || Number.isInteger(value));
	return outside
		? new Mismatch(RAISES.OverflowError, describe(value), `out of the range of ${wanted}`, step)
		: new Mismatch(RAISES.TypeError, describe(value), `not ${wanted}`, step);
}

/** A value of the right type that the type has no place for. */
export function misfit(value: unknown, why: string, step: string | number): Mismatch {
	return new Mismatch(RAISES.ValueError, describe(value), why, step);
}

/** A value of the right type that is too long for the guest's memory. */
export function noRoom(what: string, step: string | number): Mismatch {
	return new Mismatch(RAISES.MemoryError, what, 'for which there is no memory', step);
}

/** Says in a sentence what is wrong; `verb` is what the host did. */
export function explain(name: string, verb: string, { found, path, why }: Mismatch): string {
	const place = path === '' ? '' : ` at ${cut(path.replace(/^\./, ''))}`;
	return `${name}: the host ${verb} ${found}${place}, ${why}`;
}

/** The properties of an object. */
export function objectOf(value: unknown, wanted: string, step: string | number): Readonly<Record<string, unknown>> {
	if (typeof value !== 'object' || value === null) throw mismatch(value, wanted, step);
	return value as Readonly<Record<string, unknown>>;
}

/** The elements of an array. */
export function arrayOf(value: unknown, wanted: string, step: string | number): readonly unknown[] {
	if (!Array.isArray(value)) throw mismatch(value, wanted, step);
	return value;
}

/** The elements of an array of this length. */
export function itemsOf(value: unknown, length: number, wanted: string, step: string | number): readonly unknown[] {
	const list = arrayOf(value, wanted, step);
	if (list.length !== length) throw mismatch(value, wanted, step);
	return list;
}
