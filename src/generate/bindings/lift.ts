import type { WitType } from '../../wit/type.js';
import { layoutOf, layoutRecord, layoutVariant } from '../abi/layout.js';
import { ask, type Code } from './code.js';
import { resourceText, withArticle } from './messages.js';
import { propertyKey, quote } from './names.js';
import { type Structure, structureOf, type UnionCase } from './structure.js';
import { bytesForm, primitiveForm } from './values.js';

/** What printed expressions find around them: the function's name as they say it, a literal or a variable. */
export interface Around {
	readonly code: Code;
	readonly name: string;
}

/** The expression that lifts a value from the core values that it is passed as; it uses `guest`. */
export function lift(around: Around, type: WitType, core: readonly string[]): string {
	const structure = structureOf(type);
	const [first = '', ...rest] = core;
	switch (structure.kind) {
		case 'record': {
			const parts = liftParts(
				around,
				structure.fields.map((field) => field.type),
				core,
			);
			return objectText(structure.fields.map(({ member }, index) => [member, parts[index] ?? '']));
		}
		case 'tuple':
			return `[${liftParts(around, structure.items, core).join(', ')}]`;
		case 'option': {
			const payload = lift(around, structure.some, rest);
			return `${isSome(around, type, first)} ? ${payload} : undefined`;
		}
		case 'union':
			return `${ask(around.code, 'lift', type)}(guest, ${core.join(', ')}, ${around.name})`;
		default:
			return liftLeaf(around, type, structure, core);
	}
}

/** The expression that loads a value from memory, at an address of `view`; it uses `guest` too. */
export function load(around: Around, type: WitType, base: string, offset: number): string {
	const structure = structureOf(type);
	const routine = (name: string): string => `${name}(guest, view, ${address(base, offset)}, ${around.name})`;
	switch (structure.kind) {
		case 'record':
		case 'union':
			return routine(ask(around.code, 'load', type));
		case 'tuple': {
			const { offsets } = layoutRecord(structure.items);
			const items = structure.items.map((item, index) => load(around, item, base, offset + (offsets[index] ?? 0)));
			return `[${items.join(', ')}]`;
		}
		case 'option': {
			const { payloadOffset } = layoutVariant([undefined, structure.some]);
			const payload = load(around, structure.some, base, offset + payloadOffset);
			return `${isSome(around, type, get('Uint8', base, offset))} ? ${payload} : undefined`;
		}
		default: {
			const access = accessOf(type, structure);
			const core = layoutOf(type).flat.map((_, index) => get(access, base, offset + index * 4));
			return liftLeaf(around, type, structure, core);
		}
	}
}

/** An address as an expression: a variable, a number, or their sum. */
export function address(base: string, offset: number): string {
	if (base === '') return String(offset);
	return offset === 0 ? base : `${base} + ${offset}`;
}

/** The end of the `DataView` methods for a value that is one number in memory, or a pair of them. */
export function accessOf(type: WitType, structure: Structure): string {
	if (structure.kind === 'primitive') return primitiveForm(structure.primitive).access;
	const { flat, size } = layoutOf(type);
	return flat.length > 1 ? 'Uint32' : `Uint${size * 8}`;
}

/** The end of the `DataView` methods for the number of a union's case. */
export function caseAccess(cases: readonly UnionCase[]): string {
	return `Uint${layoutVariant(cases.map(({ type }) => type)).discriminantSize * 8}`;
}

/** The expression that reads a number from `view`. */
export function get(access: string, base: string, offset: number): string {
	return `view.get${access}(${address(base, offset)}${access.endsWith('8') ? '' : ', true'})`;
}

/** What has no parts of its own, or all of them elsewhere. */
function liftLeaf({ code, name }: Around, type: WitType, structure: Structure, core: readonly string[]): string {
	const list = core.join(', ');
	switch (structure.kind) {
		case 'primitive':
			return primitiveForm(structure.primitive).lift(core, name);
		case 'numbers':
			if (structure.array === bytesForm.type) return bytesForm.lift(core, name);
			return `liftNumbers(guest, ${structure.array}, ${list}, ${name})`;
		case 'list':
			return `${ask(code, 'lift', type)}(guest, ${list}, ${name})`;
		case 'enum':
			return `liftEnum(${ask(code, 'casesOf', type)}, ${list}, ${quote(withArticle(type))}, ${name})`;
		case 'flags':
			return `${ask(code, 'lift', type)}(${list})`;
		case 'handle': {
			const take = structure.own ? 'takeHandle' : 'heldAt';
			const object = `${take}(guest, ${list}, ${quote(resourceText(structure.resource))}, ${name})`;
			return code.form === 'ts' ? `(${object} as ${code.names.ofDefinition(structure.resource)})` : object;
		}
		default:
			throw new Error(`a ${structure.kind} has parts`);
	}
}

function liftParts(around: Around, types: readonly WitType[], core: readonly string[]): string[] {
	let at = 0;
	return types.map((type) => {
		const start = at;
		at += layoutOf(type).flat.length;
		return lift(around, type, core.slice(start, at));
	});
}

function isSome({ name }: Around, type: WitType, tag: string): string {
	return `isSecond(${tag}, ${quote(withArticle(type))}, ${name})`;
}

/** An object literal. */
export function objectText(properties: readonly (readonly [string, string])[]): string {
	return `{ ${properties.map(([key, value]) => `${propertyKey(key)}: ${value}`).join(', ')} }`;
}
