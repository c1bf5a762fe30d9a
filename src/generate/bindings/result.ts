import { withoutAlias } from '../../wit/parts.js';
import type { WitType } from '../../wit/type.js';
import { layoutOf, layoutVariant } from '../abi/layout.js';
import type { CoreType } from '../abi/shape.js';
import { type Code, typed } from './code.js';
import { lower, type Place, type Statement, store, withViews } from './lower.js';
import { quote, Scope } from './names.js';
import { structureOf } from './structure.js';
import { attempt, block } from './text.js';
import { typeText } from './type-text.js';
import { bytesForm, primitiveForm, type ValueForm } from './values.js';

/** A call of the host whose result goes back to the guest. Expressions are source text. */
export interface Call {
	/** The function's name as a literal. */
	readonly name: string;
	/** The call, and statements that come before it. */
	readonly call: string;
	readonly before: readonly string[];
	/** The WIT type of the result; absent when there is none. */
	readonly type: WitType | undefined;
	/** The core type that the import returns; absent when it returns nothing. */
	readonly core: CoreType | undefined;
}

/** What an import does when the host's function has ended; each of the two ways returns what the import returns. */
export interface Outcome {
	/** The TypeScript type of the value that the host's function gives. */
	readonly type: string;
	/** Lowers the value, which is in `result`. */
	readonly returned: readonly string[];
	/** Raises what was thrown, which is in `error`, or lowers it. */
	readonly threw: readonly string[];
}

/** The body of an import: calls the host, raises what it throws, and lowers what it returns. */
export function printResult(code: Code, call: Call): string[] {
	const outcome = outcomeOf(code, call);
	return [
		`let result${typed(code, outcome.type)};`,
		...attempt([...call.before, `result = ${call.call};`], 'error', outcome.threw),
		...outcome.returned,
	];
}

/**
 * What an import does when the host's function has ended. It needs nothing of the call but its `area`, so that it can
 * also happen later, when a promise is settled.
 */
export function outcomeOf(code: Code, call: Call): Outcome {
	const { type, name } = call;
	const plain = type && withoutAlias(type);
	if (plain?.kind === 'result') return fallibleOutcome(code, call, plain);
	const form = type && simpleForm(type);
	return {
		type: resultText(code, type),
		returned: form === undefined ? lowerParts(code, call, type) : lowerSimply(form, call),
		threw: [`raise(guest, error, ${name});`, `return${failed(call.core)};`],
	};
}

/** Of a function that gives a `result`: what it returns is the value, and an error with a payload is the error. */
function fallibleOutcome(code: Code, call: Call, type: Extract<WitType, { readonly kind: 'result' }>): Outcome {
	const { name, core } = call;
	const raising = block('if (!hasPayload(error))', [`raise(guest, error, ${name});`, `return${failed(core)};`]);
	if (core !== undefined) {
		return {
			type: resultText(code, type.ok),
			returned: [...noResult(name), 'return 0;'],
			threw: [...raising, 'return 1;'],
		};
	}
	return {
		type: resultText(code, type.ok),
		returned: [...refusePromise(call, type.ok), ...storing(call, returned, caseOf(code, call, type, 0, returned))],
		threw: [...raising, ...storing(call, threw, caseOf(code, call, type, 1, threw)), 'return;'],
	};
}

function resultText(code: Code, type: WitType | undefined): string {
	return type === undefined ? 'unknown' : typeText(type, code.names);
}

/** Stores a case of a `result` with its payload. */
function caseOf(
	code: Code,
	{ name }: Call,
	{ ok, err }: Extract<WitType, { readonly kind: 'result' }>,
	index: 0 | 1,
	{ payload, step }: Doing,
): string[] {
	const { payloadOffset, size, alignment } = layoutVariant([ok, err]);
	const type = [ok, err][index];
	const place = { ...placeOf(code, name), step };
	const statements: Statement[] = [
		{ text: `view.setUint8(place, ${index});`, memory: 'writes' },
		...(type === undefined ? [] : store(place, type, payload, 'place', payloadOffset)),
	];
	return [`const place = locateAligned(guest, area, ${size}, ${alignment}, ${name});`, ...withViews(statements)];
}

/** The form of a type that fixed code lowers all alone. */
function simpleForm(type: WitType): ValueForm | undefined {
	const structure = structureOf(type);
	if (structure.kind === 'primitive') return primitiveForm(structure.primitive);
	return structure.kind === 'numbers' && structure.array === bytesForm.type ? bytesForm : undefined;
}

function lowerSimply({ lower: lowering }: ValueForm, { name, core }: Call): string[] {
	switch (lowering.kind) {
		case 'area':
			return [`${lowering.helper}(guest, ${name}, result, area);`];
		case 'helper':
			return [`return ${lowering.helper}(guest, ${name}, result);`];
		case 'inline': {
			const numbers = lowering.numbers === undefined ? '' : `, ${quote(lowering.numbers)}`;
			return [
				`if (${lowering.check('result')}) return ${lowering.value('result')};`,
				`reject(guest, ${name}, result, ${quote(lowering.wanted)}${numbers});`,
				`return${failed(core)};`,
			];
		}
	}
}

/** Lowers a result that has parts, or none at all. */
function lowerParts(code: Code, call: Call, type: WitType | undefined): string[] {
	const { name, core } = call;
	if (type === undefined) return [`if (result !== undefined) rejectPromise(guest, ${name}, result);`];
	const refusal = refusePromise(call, type);
	if (core !== undefined) {
		const lowered = lower(placeOf(code, name), type, 'result');
		const statements = [...lowered.before.map(({ text }) => text), `const core = ${lowered.core};`];
		return [
			...refusal,
			...giving(call, returned, [...statements, 'guest.count = mark;', 'return core;']),
			`return${failed(core)};`,
		];
	}
	const { size, alignment } = layoutOf(type);
	const statements = [
		`const place = locateAligned(guest, area, ${size}, ${alignment}, ${name});`,
		...withViews(store(placeOf(code, name), type, 'result', 'place', 0)),
	];
	return [...refusal, ...storing(call, returned, statements)];
}

/** Refuses a promise where nothing else would, since no result is wanted or any object is one. */
function refusePromise({ name, core }: Call, type: WitType | undefined): string[] {
	if (type !== undefined && !takesAnyObject(type)) return [];
	const check = type === undefined ? 'result !== undefined && ' : '';
	return [`if (${check}rejectPromise(guest, ${name}, result)) return${failed(core)};`];
}

function takesAnyObject(type: WitType): boolean {
	const structure = structureOf(type);
	switch (structure.kind) {
		case 'flags':
			return true;
		case 'option':
			return takesAnyObject(structure.some);
		case 'record':
			return structure.fields.every((field) => structureOf(field.type).kind === 'option');
		default:
			return false;
	}
}

function noResult(name: string): string[] {
	return [`if (result !== undefined) rejectPromise(guest, ${name}, result);`];
}

function placeOf(code: Code, name: string): Place {
	return { code, name, step: `''`, scope: new Scope([...code.surrounding, 'core']) };
}

/** What the host did, as messages and as code say it. */
interface Doing {
	readonly verb: string;
	/** The variable that holds what it gave, and the one for an error in lowering it. */
	readonly value: string;
	readonly error: string;
	/** The value to be lowered, and the step to it in paths. */
	readonly payload: string;
	readonly step: string;
}

const returned: Doing = { verb: 'returned', value: 'result', error: 'error', payload: 'result', step: `''` };
const threw: Doing = { verb: 'threw', value: 'error', error: 'failure', payload: 'error.payload', step: `'payload'` };

/** Statements that lower something, and give back what they took if one of them fails. */
function giving({ name }: Call, { verb, value, error }: Doing, lines: readonly string[]): string[] {
	return [
		'const mark = guest.count;',
		...attempt(lines, error, [`giveUp(guest, ${name}, mark, ${error}, ${quote(verb)}, ${value});`]),
	];
}

/** The same for what goes to memory. */
function storing(call: Call, doing: Doing, lines: readonly string[]): string[] {
	return giving(call, doing, [...lines, 'guest.count = mark;']);
}

/** What an import returns when an exception is pending; the guest ignores it, but wasm wants the right type. */
function failed(type: CoreType | undefined): string {
	if (type === undefined) return '';
	return type === 'i64' ? ' 0n' : ' 0';
}
