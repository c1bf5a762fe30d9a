import type { WitType } from '../../wit/type.js';
import { layoutOf, layoutRecord, layoutVariant } from '../abi/layout.js';
import type { CoreType } from '../abi/shape.js';
import type { Code, Parameter, Routine } from './code.js';
import { type Around, caseAccess, get, lift, load, objectText } from './lift.js';
import { flagText, withArticle } from './messages.js';
import { propertyKey, quote } from './names.js';
import { type Flag, type Structure, structureOf, type UnionCase } from './structure.js';
import { block } from './text.js';
import { typeText } from './type-text.js';

/** The function that lifts values of a type from core values. */
export function liftRoutine(code: Code, type: WitType): Routine {
	const structure = structureOf(type);
	switch (structure.kind) {
		case 'union':
			return unionLift(code, type, structure.cases);
		case 'list':
			return listLift(code, type, structure.element);
		case 'flags':
			return flagsLift(code, type, structure.flags);
		default:
			throw new Error(`nothing lifts a ${structure.kind}`);
	}
}

/** The function that loads values of a type from memory. */
export function loadRoutine(code: Code, type: WitType): Routine {
	return {
		kind: 'function',
		doc: `Loads ${withArticle(type)} from memory.`,
		parameters: [['guest', 'Heap'], ['view', 'DataView'], ['at', 'number'], nameParameter],
		result: typeText(type, code.names),
		body: loadBody(code, type, structureOf(type)),
	};
}

/** The table of an enum's cases. */
export function casesTable(code: Code, type: WitType): Routine {
	const structure = structureOf(type);
	if (structure.kind !== 'enum') throw new Error(`a ${structure.kind} has no labels`);
	const labels = structure.labels.map(({ name }) => quote(name));
	return {
		kind: 'table',
		doc: `The cases of ${withArticle(type)}.`,
		type: `readonly ${typeText(type, code.names)}[]`,
		value: `[${labels.join(', ')}]`,
	};
}

function loadBody(code: Code, type: WitType, structure: Structure): string[] {
	switch (structure.kind) {
		case 'record': {
			const { offsets } = layoutRecord(structure.fields.map((field) => field.type));
			const properties = structure.fields.map((field, index) => {
				const value = load(inside(code), field.type, 'at', offsets[index] ?? 0);
				return `${propertyKey(field.member)}: ${value},`;
			});
			return block('return', properties, ';');
		}
		case 'union': {
			const { payloadOffset } = layoutVariant(structure.cases.map((one) => one.type));
			return [
				`const tag = ${get(caseAccess(structure.cases), 'at', 0)};`,
				...switchCases(type, structure.cases, (payload) => load(inside(code), payload, 'at', payloadOffset)),
			];
		}
		default:
			throw new Error(`nothing loads a ${structure.kind}`);
	}
}

const nameParameter: Parameter = ['name', 'string'];

/** What routines call the function's name. */
function inside(code: Code): Around {
	return { code, name: 'name' };
}

function unionLift(code: Code, type: WitType, cases: readonly UnionCase[]): Routine {
	const [, ...shared] = layoutOf(type).flat;
	const names = shared.map((_, index) => `core${index + 1}`);
	const payloadOf = (payload: WitType): string => {
		const core = layoutOf(payload).flat.map((wanted, index) => narrow(names[index] ?? '', shared[index], wanted));
		return lift(inside(code), payload, core);
	};
	return {
		kind: 'function',
		doc: `Lifts ${withArticle(type)} from the core values that its cases share.`,
		parameters: [
			['guest', 'Heap'],
			['tag', 'number'],
			...names.map((name, index): Parameter => [name, shared[index] === 'i64' ? 'bigint' : 'number']),
			nameParameter,
		],
		result: typeText(type, code.names),
		body: switchCases(type, cases, payloadOf),
	};
}

function switchCases(type: WitType, cases: readonly UnionCase[], payload: (type: WitType) => string): string[] {
	const lines = cases.flatMap((one, index) => {
		const tag = ['tag', quote(one.tag)] as const;
		const value = objectText(one.type === undefined ? [tag] : [tag, ['val', payload(one.type)]]);
		return [`case ${index}:`, `	return ${value};`];
	});
	const fallback = `	throw fault(name, \`the case \${tag >>> 0} of ${withArticle(type)}\`);`;
	return block('switch (tag)', [...lines, 'default:', fallback]);
}

/** The expression for a core value that shares one of another type with other cases. */
function narrow(value: string, shared: CoreType | undefined, wanted: CoreType): string {
	if (shared === wanted) return value;
	if (shared !== 'i64') return `floatOf(${value})`;
	if (wanted === 'f64') return `doubleOf(${value})`;
	return wanted === 'f32' ? `floatOf(intOf(${value}))` : `intOf(${value})`;
}

function listLift(code: Code, type: WitType, element: WitType): Routine {
	const { size, alignment } = layoutOf(element);
	const times = size === 1 ? '' : ` * ${size}`;
	return {
		kind: 'function',
		doc: `Lifts ${withArticle(type)}.`,
		parameters: [['guest', 'Heap'], ['pointer', 'number'], ['length', 'number'], nameParameter],
		result: typeText(type, code.names),
		body: [
			'const count = length >>> 0;',
			`const start = locateAligned(guest, pointer, count${times}, ${alignment}, name);`,
			'const view = viewOf(guest);',
			`const list = new Array${code.form === 'ts' ? `<${typeText(element, code.names)}>` : ''}(count);`,
			...block('for (let index = 0; index < count; index++)', [
				`const at = start + index${times};`,
				`list[index] = ${load(inside(code), element, 'at', 0)};`,
			]),
			'return list;',
		],
	};
}

function flagsLift(code: Code, type: WitType, flags: readonly Flag[]): Routine {
	const properties = flags.map(({ member }, index) => `${propertyKey(member)}: (bits & ${flagText(index)}) !== 0,`);
	return {
		kind: 'function',
		doc: `Lifts ${withArticle(type)}.`,
		parameters: [['bits', 'number']],
		result: typeText(type, code.names),
		body: block('return', properties, ';'),
	};
}
